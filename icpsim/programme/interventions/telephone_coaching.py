"""Telephone coaching: how many coaches there are, patients of each, and how often they ring them up."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from icpsim.programme.interventions.staffed_caseload import Contacts, StaffedCaseload, Words
from icpsim.programme.parameters import InterventionParameters


class TelephoneCoaching(StaffedCaseload):
    """Coaches who ring patients up; numbers are for one site."""

    words: ClassVar = Words("coaches", "coach", "calls", "of coaching")

    kind: Literal["telephone_coaching"]
    coaches: int = Field(default=3, ge=0, le=1000, description="Coaches at each site")
    caseload: int = Field(default=150, ge=0, le=2000, description="Patients that one coach holds at most")
    calls_per_month: float = Field(default=1.0, ge=0.0, le=60.0, description="Calls per patient per month")
    minutes_per_call: float = Field(
        default=30.0, gt=0.0, le=240.0, description="Minutes of one call, preparation and notes included"
    )

    @property
    def posts(self) -> int:
        """Coaches at each site."""
        return self.coaches

    @property
    def contacts(self) -> Contacts:
        """Calls to each patient."""
        return Contacts(self.calls_per_month, self.minutes_per_call / 60.0)

    def places(self, filled: int) -> int:
        """Return the places of so many coaches, once all are open."""
        return filled * self.caseload

    @staticmethod
    def contact_weight(parameters: InterventionParameters) -> float:
        """Return what one call is worth, in contacts of a case manager."""
        return parameters.telephone_call

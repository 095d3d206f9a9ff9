"""Case management: how many case managers there are, how many patients each holds, and how often they see them."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from icpsim.programme.interventions.staffed_caseload import Contacts, StaffedCaseload, Words
from icpsim.programme.parameters import InterventionParameters


class CaseManagement(StaffedCaseload):
    """Case managers who assess, plan, review and discharge; numbers are for one site."""

    words: ClassVar = Words("case managers", "case manager", "contacts", "on the caseload")

    kind: Literal["case_management"]
    case_managers: int = Field(default=11, ge=0, le=1000, description="Case managers at each site")
    caseload: int = Field(default=50, ge=0, le=500, description="Patients that one case manager holds at most")
    contacts_per_month: float = Field(default=2.0, ge=0.0, le=60.0, description="Contacts per patient per month")
    hours_per_contact: float = Field(
        default=1.0, gt=0.0, le=24.0, description="Hours of one contact, travel included"
    )

    @property
    def posts(self) -> int:
        """Case managers at each site."""
        return self.case_managers

    @property
    def contacts(self) -> Contacts:
        """Contacts with each patient."""
        return Contacts(self.contacts_per_month, self.hours_per_contact)

    def places(self, filled: int) -> int:
        """Return the places of so many case managers, once all are open."""
        return filled * self.caseload

    @staticmethod
    def contact_weight(parameters: InterventionParameters) -> float:
        """Return 1: other kinds' contacts are counted in these."""
        return 1.0

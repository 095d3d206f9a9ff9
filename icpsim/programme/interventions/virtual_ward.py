"""A virtual ward: how many places and staff it has, how often they do rounds, and how long patients stay."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from icpsim.base.calendar import WEEKS_PER_MONTH
from icpsim.programme.interventions.staffed_caseload import Contacts, PlannedWeeks, StaffedCaseload, Words
from icpsim.programme.parameters import InterventionParameters


class VirtualWard(StaffedCaseload):
    """A ward of people at home on whom its staff do rounds; numbers are for one site."""

    words: ClassVar = Words("staff", "post", "rounds", "on the ward")

    kind: Literal["virtual_ward"]
    places_per_site: int = Field(default=100, ge=0, le=5000, description="Places of the ward at each site")
    ward_staff: int = Field(default=5, ge=0, le=1000, description="Staff who do the rounds at each site")
    patients_per_staff: int = Field(
        default=20, ge=0, le=500, description="Patients that one member of staff looks after at most"
    )
    rounds_per_week: float = Field(default=7.0, ge=0.0, le=21.0, description="Rounds a week; 7 = daily")
    minutes_per_round: float = Field(
        default=8.0, gt=0.0, le=240.0, description="Minutes that a round takes for each patient"
    )
    planned_weeks: PlannedWeeks = 26

    @property
    def posts(self) -> int:
        """Staff at each site."""
        return self.ward_staff

    @property
    def contacts(self) -> Contacts:
        """Rounds of each patient."""
        return Contacts(self.rounds_per_week * WEEKS_PER_MONTH, self.minutes_per_round / 60.0)

    def places(self, filled: int) -> int:
        """Return the places of so many staff, once all are open: never more than the ward has."""
        return min(self.places_per_site, filled * self.patients_per_staff)

    @staticmethod
    def contact_weight(parameters: InterventionParameters) -> float:
        """Return what one round of one patient is worth, in contacts of a case manager."""
        return parameters.virtual_ward_round

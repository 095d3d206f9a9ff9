"""Interventions as a scenario writes them: what a team does, how often, and the staff it has for it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from icpsim.scenario_part import Part

WEEKS_PER_MONTH = 52.18 / 12

Turnover = Annotated[
    float, Field(ge=0.0, le=12.0, description="Staff who leave in a year, for each post; 0 = nobody leaves")
]
Replacement = Annotated[int, Field(ge=0, le=520, description="Weeks that a post stays vacant after somebody left")]
Training = Annotated[
    int, Field(ge=0, le=520, description="Weeks in which somebody new gives only part of the hours to patients")
]


class CaseManagement(Part):
    """Case managers who assess, plan, review and discharge; numbers are for one site."""

    kind: Literal["case_management"]
    case_managers: int = Field(default=11, ge=0, le=1000, description="Case managers at each site")
    caseload: int = Field(default=50, ge=0, le=500, description="Patients that one case manager holds at most")
    contacts_per_month: float = Field(default=2.0, ge=0.0, le=60.0, description="Contacts per patient per month")
    hours_per_contact: float = Field(
        default=1.0, gt=0.0, le=24.0, description="Hours of one contact, travel included"
    )
    hours_per_week: float = Field(
        default=22.0, ge=0.0, le=60.0, description="Hours a week for contacts per case manager"
    )
    ramp_weeks: int = Field(default=40, ge=0, le=520, description="Weeks until all case managers are in post")
    planned_weeks: int = Field(default=52, ge=1, le=520, description="Weeks on the caseload before discharge")
    turnover_per_year: Turnover = 0.0
    replace_weeks: Replacement = 0
    training_weeks: Training = 0

    @property
    def posts(self) -> int:
        """Posts at each site."""
        return self.case_managers

    def places(self, filled: int) -> int:
        """Return the places of so many filled posts, once all are open."""
        return filled * self.caseload


class MdtMeeting(Part):
    """Multidisciplinary team meetings that discuss patients; numbers are for one practice."""

    kind: Literal["mdt_meeting"]
    every_weeks: int = Field(default=4, ge=1, le=52, description="Weeks between meetings")
    patients_per_meeting: int = Field(default=8, ge=0, le=100, description="Patients discussed at each meeting")
    meeting_hours: float = Field(default=1.0, gt=0.0, le=12.0, description="Length of a meeting, hours")


Holder: TypeAlias = CaseManagement
"""Interventions that hold people on a caseload with a limited number of places; at most one in a programme."""

HOLDERS = ("case_management",)

Intervention: TypeAlias = Annotated[CaseManagement | MdtMeeting, Field(discriminator="kind")]

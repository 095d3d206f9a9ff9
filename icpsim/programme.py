"""A programme as a scenario writes it: its sites, whom it enrols, and what it does to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from icpsim.interventions.targeting import Policy
from icpsim.scenario_part import Part

Overrides = Annotated[dict[str, float], Field(description="Model parameters (table.name) and their values")]


class Site(Part):
    """One pilot site."""

    name: str = Field(min_length=1, description="Name of the pilot site")
    practices: int = Field(ge=1, le=1000, description="GP practices that take part")


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


class MdtMeeting(Part):
    """Multidisciplinary team meetings that discuss patients; numbers are for one practice."""

    kind: Literal["mdt_meeting"]
    every_weeks: int = Field(default=4, ge=1, le=52, description="Weeks between meetings")
    patients_per_meeting: int = Field(default=8, ge=0, le=100, description="Patients discussed at each meeting")
    meeting_hours: float = Field(default=1.0, gt=0.0, le=12.0, description="Length of a meeting, hours")


Intervention = Annotated[CaseManagement | MdtMeeting, Field(discriminator="kind")]


class Programme(Part):
    """One programme: its sites, whom it enrols and what it does to them."""

    name: str = Field(min_length=1, description="Name of the programme")
    sites: tuple[Site, ...] = Field(min_length=1)
    enrolment_total: int = Field(ge=0, description="Patients to enrol over all sites of the programme")
    targeting: Policy
    interventions: tuple[Intervention, ...] = Field(min_length=1)
    effects: bool = Field(default=True, description="Whether the interventions change anything: on or off")
    parameters: Overrides = Field(default_factory=dict)

    @property
    def practices(self) -> int:
        """Pilot practices over all sites."""
        return sum(site.practices for site in self.sites)

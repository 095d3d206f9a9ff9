"""A programme as a scenario writes it: its sites, whom it enrols, and what it does to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from icpsim.base.scenario_part import Part
from icpsim.programme.interventions import (
    CaseManagement,
    DiseaseCare,
    Intervention,
    MdtMeeting,
    Service,
    StaffedCaseload,
    TelephoneCoaching,
    VirtualWard,
)
from icpsim.programme.targeting import Policy

WAVE_WEEKS = 4
"""Teams look for people, and share their hours out, every four weeks: the evaluators' index month."""

Overrides = Annotated[dict[str, float], Field(description="Model parameters (table.name) and their values")]


class Site(Part):
    """One pilot site."""

    name: str = Field(min_length=1, description="Name of the pilot site")
    practices: int = Field(ge=1, le=1000, description="GP practices that take part")


class Trial(Part):
    """How a programme is allocated at random, so that those without it can be compared with those who have it."""

    by: Literal["person", "practice", "steps"] = Field(
        description="Who is allocated: people identified, whole practices, or practices to the step they start at"
    )
    share: float = Field(
        default=0.5, gt=0.0, lt=1.0, description="Share allocated to the programme, of people or of practices"
    )
    steps: int = Field(default=4, ge=1, le=52, description="Steps of a stepped wedge, at equal times")

    @property
    def whole_practices(self) -> bool:
        """Whether practices are allocated rather than people."""
        return self.by != "person"


class Programme(Part):
    """One programme: its sites, whom it enrols and what it does to them."""

    name: str = Field(min_length=1, description="Name of the programme")
    sites: tuple[Site, ...] = Field(min_length=1)
    enrolment_total: int = Field(ge=0, description="Patients to enrol over all sites of the programme")
    targeting: Policy
    interventions: tuple[Intervention, ...] = Field(min_length=1)
    effects: bool = Field(default=True, description="Whether the interventions change anything: on or off")
    trial: Trial | None = Field(default=None, description="How it is allocated at random; null = to all")
    parameters: Overrides = Field(default_factory=dict)

    @property
    def practices(self) -> int:
        """Pilot practices over all sites."""
        return sum(site.practices for site in self.sites)

    @property
    def holder(self) -> StaffedCaseload | None:
        """The intervention that holds people on a caseload, if there is one."""
        return next((part for part in self.interventions if isinstance(part, StaffedCaseload)), None)

    @property
    def mdt(self) -> MdtMeeting | None:
        """The programme's MDT meetings, if there are any."""
        return next((part for part in self.interventions if isinstance(part, MdtMeeting)), None)

    @property
    def services(self) -> tuple[Service | DiseaseCare, ...]:
        """The programme's services, in order."""
        return tuple(part for part in self.interventions if isinstance(part, Service | DiseaseCare))


__all__ = [
    "WAVE_WEEKS",
    "CaseManagement",
    "DiseaseCare",
    "Intervention",
    "MdtMeeting",
    "Overrides",
    "Programme",
    "Service",
    "Site",
    "TelephoneCoaching",
    "Trial",
    "VirtualWard",
]

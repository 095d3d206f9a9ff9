"""Interventions as a scenario writes them: what a team does, how often, and the staff it has for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, get_args

from pydantic import Field

from icpsim.base.calendar import WEEKS_PER_MONTH
from icpsim.base.kinds import Condition
from icpsim.base.scenario_part import Part
from icpsim.programme.services import SERVICES

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


class VirtualWard(Part):
    """A ward of people at home on whom its staff do rounds; numbers are for one site."""

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
    hours_per_week: float = Field(default=22.0, ge=0.0, le=60.0, description="Hours a week for rounds per post")
    ramp_weeks: int = Field(default=40, ge=0, le=520, description="Weeks until all staff are in post")
    planned_weeks: int = Field(default=26, ge=1, le=520, description="Weeks on the ward before discharge")
    turnover_per_year: Turnover = 0.0
    replace_weeks: Replacement = 0
    training_weeks: Training = 0

    @property
    def posts(self) -> int:
        """Posts at each site."""
        return self.ward_staff

    @property
    def contacts_per_month(self) -> float:
        """Rounds per patient per month."""
        return self.rounds_per_week * WEEKS_PER_MONTH

    @property
    def hours_per_contact(self) -> float:
        """Hours of one round for one patient."""
        return self.minutes_per_round / 60.0

    def places(self, filled: int) -> int:
        """Return the places of so many filled posts, once all are open: never more than the ward has."""
        return min(self.places_per_site, filled * self.patients_per_staff)


class TelephoneCoaching(Part):
    """Coaches who ring patients up; numbers are for one site."""

    kind: Literal["telephone_coaching"]
    coaches: int = Field(default=3, ge=0, le=1000, description="Coaches at each site")
    caseload: int = Field(default=150, ge=0, le=2000, description="Patients that one coach holds at most")
    calls_per_month: float = Field(default=1.0, ge=0.0, le=60.0, description="Calls per patient per month")
    minutes_per_call: float = Field(
        default=30.0, gt=0.0, le=240.0, description="Minutes of one call, preparation and notes included"
    )
    hours_per_week: float = Field(default=22.0, ge=0.0, le=60.0, description="Hours a week for calls per coach")
    ramp_weeks: int = Field(default=40, ge=0, le=520, description="Weeks until all coaches are in post")
    planned_weeks: int = Field(default=52, ge=1, le=520, description="Weeks of coaching before discharge")
    turnover_per_year: Turnover = 0.0
    replace_weeks: Replacement = 0
    training_weeks: Training = 0

    @property
    def posts(self) -> int:
        """Posts at each site."""
        return self.coaches

    @property
    def contacts_per_month(self) -> float:
        """Calls per patient per month."""
        return self.calls_per_month

    @property
    def hours_per_contact(self) -> float:
        """Hours of one call."""
        return self.minutes_per_call / 60.0

    def places(self, filled: int) -> int:
        """Return the places of so many filled posts, once all are open."""
        return filled * self.caseload


class MdtMeeting(Part):
    """Multidisciplinary team meetings that discuss patients; numbers are for one practice."""

    kind: Literal["mdt_meeting"]
    every_weeks: int = Field(default=4, ge=1, le=52, description="Weeks between meetings")
    patients_per_meeting: int = Field(default=8, ge=0, le=100, description="Patients discussed at each meeting")
    meeting_hours: float = Field(default=1.0, gt=0.0, le=12.0, description="Length of a meeting, hours")


ServiceHours = Annotated[
    float, Field(ge=0.0, le=10_000.0, description="Hours a week that the service's staff have at each site")
]
PatientHours = Annotated[
    float, Field(gt=0.0, le=200.0, description="Hours a month that each patient whom the service is for takes")
]

if TYPE_CHECKING:
    ServiceName: TypeAlias = str
    OfOneCondition: TypeAlias = str
else:
    ServiceName = Literal[tuple(name for name, kind in SERVICES.items() if not kind.meant_for.own_condition)]
    OfOneCondition = Literal[tuple(name for name, kind in SERVICES.items() if kind.meant_for.own_condition)]


class Service(Part):
    """A service for those on the caseload whom it is meant for; its staff's hours are shared out over them."""

    kind: ServiceName
    hours_per_week: ServiceHours = 37.5
    hours_per_patient_month: PatientHours = 0.5


class DiseaseCare(Part):
    """Structured care of one long-term condition, for those on the caseload who are on its register."""

    kind: OfOneCondition
    condition: Condition = Field(description="Long-term condition")
    hours_per_week: ServiceHours = 37.5
    hours_per_patient_month: PatientHours = 0.5


Holder: TypeAlias = CaseManagement | VirtualWard | TelephoneCoaching
"""Interventions that hold people on a caseload with a limited number of places; at most one in a programme."""

HOLDERS: dict[str, type[Part]] = {
    get_args(part.model_fields["kind"].annotation)[0]: part for part in get_args(Holder)
}
"""Those interventions by the name that scenarios give them."""

Intervention: TypeAlias = Annotated[
    CaseManagement | VirtualWard | TelephoneCoaching | MdtMeeting | Service | DiseaseCare,
    Field(discriminator="kind"),
]


def clashes(interventions: Sequence[Intervention]) -> list[str]:
    """Return what cannot stand in one programme: two interventions that hold people, or the same one twice."""
    holders = [part.kind for part in interventions if part.kind in HOLDERS]
    found = []
    if len(holders) > 1:
        found.append(
            f"{' and '.join(holders)} would hold the same people; one programme has at most one of"
            f" {', '.join(HOLDERS)} (write two programmes)"
        )
    named = [service_name(part) for part in interventions if part.kind not in HOLDERS]
    return found + [f"{name} stands twice" for name in dict.fromkeys(named) if named.count(name) > 1]


def service_name(part: Intervention) -> str:
    """Return what an intervention is told from others by: its kind, with the condition of disease care."""
    return f"{part.kind} ({part.condition})" if isinstance(part, DiseaseCare) else part.kind

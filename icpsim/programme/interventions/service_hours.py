"""Any service of programme/services/ in a scenario: the hours that its staff have, and those a patient takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from icpsim.base.kinds import Condition
from icpsim.programme.interventions.intervention_part import InterventionPart
from icpsim.programme.services import SERVICES

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


class Service(InterventionPart):
    """A service for those on the caseload whom it is meant for; its staff's hours are shared out over them."""

    kind: ServiceName
    hours_per_week: ServiceHours = 37.5
    hours_per_patient_month: PatientHours = 0.5


class DiseaseCare(InterventionPart):
    """Structured care of one long-term condition, for those on the caseload who are on its register."""

    kind: OfOneCondition
    condition: Condition = Field(description="Long-term condition")
    hours_per_week: ServiceHours = 37.5
    hours_per_patient_month: PatientHours = 0.5

    @property
    def own_name(self) -> str:
        """The kind with its condition."""
        return f"{self.kind} ({self.condition})"

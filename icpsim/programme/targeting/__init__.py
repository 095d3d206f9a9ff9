"""Whom a programme finds: one policy a file, and one line here (docs/adding.md)."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Union

from pydantic import Field

from icpsim.programme.targeting.policy import (
    NOT_ELIGIBLE,
    Candidates,
    EligibilityPolicy,
    Judgement,
    TargetingPolicy,
)

# Policies stand in the order in which readers see them.
# isort: off
from icpsim.programme.targeting.risk_score import RiskScore
from icpsim.programme.targeting.repeat_admissions import RepeatAdmissions
from icpsim.programme.targeting.gp_nomination import GPNomination
from icpsim.programme.targeting.condition_register import ConditionRegister
from icpsim.programme.targeting.rising_risk import RisingRisk
from icpsim.programme.targeting.impactability import Impactability
from icpsim.programme.targeting.age_band import AgeBand
from icpsim.programme.targeting.care_home import CareHome
from icpsim.programme.targeting.post_discharge import PostDischarge
from icpsim.programme.targeting.random_choice import RandomChoice
from icpsim.programme.targeting.random_within_strata import RandomWithinStrata
from icpsim.programme.targeting.mixture import Mixture, Share
# isort: on

POLICIES: dict[str, type[TargetingPolicy]] = {
    kind.model_fields["policy"].default: kind
    for kind in list(globals().values())
    if isinstance(kind, type) and issubclass(kind, TargetingPolicy) and not kind.__abstractmethods__
}
"""Every policy that is imported here, by the name that scenarios give it."""

if TYPE_CHECKING:
    Policy: TypeAlias = TargetingPolicy
else:
    Policy = Annotated[
        Union[tuple(POLICIES.values())],  # noqa: UP007 - made of a registry
        Field(discriminator="policy", description="How professionals choose whom to enrol"),
    ]
"""A policy as a scenario writes it: its name and its options."""

CATALOGUE: tuple[TargetingPolicy, ...] = tuple(
    usual for kind in POLICIES.values() if (usual := kind.usual()) is not None
)
"""One of each, with usual options: what `icpsim targeting` compares at equal caseload."""

__all__ = [
    "CATALOGUE",
    "NOT_ELIGIBLE",
    "POLICIES",
    "Candidates",
    "Judgement",
    "Policy",
    "Share",
    "TargetingPolicy",
]

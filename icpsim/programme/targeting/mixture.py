"""Several policies at once: their lists merged, each giving its share of the places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from icpsim.base.scenario_part import Part
from icpsim.programme.targeting.age_band import AgeBand
from icpsim.programme.targeting.care_home import CareHome
from icpsim.programme.targeting.condition_register import ConditionRegister
from icpsim.programme.targeting.gp_nomination import GPNomination
from icpsim.programme.targeting.impactability import Impactability
from icpsim.programme.targeting.policy import NOT_ELIGIBLE, Candidates, Judgement, TargetingPolicy
from icpsim.programme.targeting.post_discharge import PostDischarge
from icpsim.programme.targeting.random_choice import RandomChoice
from icpsim.programme.targeting.random_within_strata import RandomWithinStrata
from icpsim.programme.targeting.repeat_admissions import RepeatAdmissions
from icpsim.programme.targeting.rising_risk import RisingRisk
from icpsim.programme.targeting.risk_score import RiskScore

if TYPE_CHECKING:
    from collections.abc import Sequence

Single = Annotated[
    RiskScore
    | RepeatAdmissions
    | GPNomination
    | ConditionRegister
    | RisingRisk
    | Impactability
    | AgeBand
    | CareHome
    | PostDischarge
    | RandomChoice
    | RandomWithinStrata,
    Field(discriminator="policy"),
]


class Share(Part):
    """One policy of a mixture and its weight."""

    weight: float = Field(default=1.0, gt=0.0, le=1e6, description="Places it gives, relative to the others")
    targeting: Single


class Mixture(TargetingPolicy):
    """A weighted mix: people come in the order in which the policies' lists, dealt out by weight, name them."""

    policy: Literal["mixture"] = "mixture"
    label: ClassVar[str] = "several policies' lists, merged"
    of: tuple[Share, ...] = Field(min_length=1, description="Policies and their weights")

    @classmethod
    def usual(cls) -> Self:
        """Return it with usual options."""
        return cls(of=(Share(weight=2.0, targeting=RiskScore()), Share(weight=1.0, targeting=PostDischarge())))

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return minus the earliest turn at which a list comes to each person."""
        turns = [_turns(share, share.targeting.keys(people, judgement), people.person) for share in self.of]
        return -_earliest(turns)


def _turns(share: Share, keys: NDArray[np.float64], person: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return place on the list over the policy's weight; infinite where it never comes to a person."""
    place = np.empty(len(keys))
    place[np.lexsort((person, -keys))] = np.arange(1, len(keys) + 1)
    return np.where(keys > NOT_ELIGIBLE, place / share.weight, np.inf)


def _earliest(turns: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.min(turns, axis=0)
    return found

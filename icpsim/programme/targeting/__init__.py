"""Whom a programme finds: one policy a file; add yours here."""

from typing import Annotated

from pydantic import Field

from icpsim.programme.targeting.age_band import AgeBand
from icpsim.programme.targeting.care_home import CareHome
from icpsim.programme.targeting.condition_register import ConditionRegister
from icpsim.programme.targeting.gp_nomination import GPNomination
from icpsim.programme.targeting.impactability import Impactability
from icpsim.programme.targeting.mixture import Mixture, Share
from icpsim.programme.targeting.policy import (
    NOT_ELIGIBLE,
    Candidates,
    EligibilityPolicy,
    Judgement,
    TargetingPolicy,
)
from icpsim.programme.targeting.post_discharge import PostDischarge
from icpsim.programme.targeting.random_choice import RandomChoice
from icpsim.programme.targeting.random_within_strata import RandomWithinStrata
from icpsim.programme.targeting.repeat_admissions import RepeatAdmissions
from icpsim.programme.targeting.rising_risk import RisingRisk
from icpsim.programme.targeting.risk_score import RiskScore

Policy = Annotated[
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
    | RandomWithinStrata
    | Mixture,
    Field(discriminator="policy", description="How professionals choose whom to enrol"),
]
"""A policy as a scenario writes it: its name and its options."""

CATALOGUE: tuple[TargetingPolicy, ...] = (
    RiskScore(top_share=0.05),
    RepeatAdmissions(),
    GPNomination(),
    ConditionRegister(conditions=("copd", "heart_failure")),
    RisingRisk(),
    Impactability(),
    AgeBand(from_age=75.0),
    CareHome(),
    PostDischarge(),
    RandomChoice(),
    Mixture(of=(Share(weight=2.0, targeting=RiskScore()), Share(weight=1.0, targeting=PostDischarge()))),
)
"""One of each, with usual options: what `icpsim targeting` compares at equal caseload."""

__all__ = [
    "CATALOGUE",
    "NOT_ELIGIBLE",
    "AgeBand",
    "Candidates",
    "CareHome",
    "ConditionRegister",
    "EligibilityPolicy",
    "GPNomination",
    "Impactability",
    "Judgement",
    "Mixture",
    "Policy",
    "PostDischarge",
    "RandomChoice",
    "RandomWithinStrata",
    "RepeatAdmissions",
    "RisingRisk",
    "RiskScore",
    "Share",
    "TargetingPolicy",
]

"""Whom a programme finds: one policy a file; add yours here."""

from typing import Annotated

from pydantic import Field

from icpsim.interventions.targeting.age_band import AgeBand
from icpsim.interventions.targeting.care_home import CareHome
from icpsim.interventions.targeting.condition_register import ConditionRegister
from icpsim.interventions.targeting.gp_nomination import GPNomination
from icpsim.interventions.targeting.impactability import Impactability
from icpsim.interventions.targeting.mixture import Mixture, Share
from icpsim.interventions.targeting.policy import (
    NOT_ELIGIBLE,
    Candidates,
    EligibilityPolicy,
    Judgement,
    TargetingPolicy,
)
from icpsim.interventions.targeting.post_discharge import PostDischarge
from icpsim.interventions.targeting.random_choice import RandomChoice
from icpsim.interventions.targeting.random_within_strata import RandomWithinStrata
from icpsim.interventions.targeting.repeat_admissions import RepeatAdmissions
from icpsim.interventions.targeting.rising_risk import RisingRisk
from icpsim.interventions.targeting.risk_score import RiskScore

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

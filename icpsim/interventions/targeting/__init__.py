"""Whom a programme finds: one policy a file; add yours here."""

from icpsim.interventions.targeting.gp_nomination import GPNomination
from icpsim.interventions.targeting.policy import Candidates, Judgement, TargetingPolicy
from icpsim.interventions.targeting.random_within_strata import RandomWithinStrata
from icpsim.interventions.targeting.risk_score import RiskScore

POLICIES: dict[str, TargetingPolicy] = {
    policy.name: policy for policy in (RiskScore(), GPNomination(), RandomWithinStrata())
}

__all__ = ["POLICIES", "Candidates", "Judgement", "TargetingPolicy"]

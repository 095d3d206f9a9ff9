"""GP nomination: the risk list, moved by the deterioration that a GP sees today and records do not show."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from icpsim.programme.targeting.policy import Candidates, Judgement, TargetingPolicy, leave_out_treated, risk_list


class GPNomination(TargetingPolicy):
    """Nominate by risk list and by what is seen; ``deterioration_referral`` 0 is the risk list alone."""

    policy: Literal["gp_nomination"] = "gp_nomination"
    label: ClassVar[str] = "GP nomination on top of the risk list"

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return the tool's log odds plus the weight given to a flare and to the last year of life."""
        seen = judgement.deterioration_referral * np.log(judgement.flare_ratio)
        keys = risk_list(people, judgement) + seen * people.in_flare
        return leave_out_treated(keys + judgement.last_year_referral * people.last_year, people, judgement)

"""GP nomination: the risk list, moved by the deterioration that a GP sees today and records do not show."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from icpsim.interventions.targeting.policy import Candidates, Judgement, leave_out_treated, tool_score


class GPNomination:
    """Nominate by risk list and by what is seen; ``deterioration_referral`` 0 is the risk list alone."""

    name: ClassVar[str] = "gp_nomination"

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return the tool's log odds plus the weight given to a flare and to the last year of life."""
        keys = tool_score(people, judgement) + judgement.noise * people.noise
        seen = judgement.deterioration_referral * np.log(judgement.flare_ratio)
        keys = keys + seen * people.in_flare + judgement.last_year_referral * people.last_year
        return leave_out_treated(keys, people, judgement)

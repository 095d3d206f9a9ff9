"""Enrol those for whom most is expected to be avoidable, not those who are likeliest to be admitted.

Impactability models favour ambulatory-care-sensitive histories and people with years to gain (Lewis 2010,
Milbank Quarterly 88:240, from recollection).
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from icpsim.programme.targeting.policy import Candidates, Judgement, TargetingPolicy, leave_out_treated, risk_list


class Impactability(TargetingPolicy):
    """Expected avoidable admissions: predicted risk times the sensitive share of the person's own history.

    The share is learnt from last year's emergencies, with ``prior_share`` counting as one of them. People who
    are seen to be in their last year of life come after everyone else.
    """

    policy: Literal["impactability"] = "impactability"
    label: ClassVar[str] = "expected avoidable admissions"
    prior_share: float = Field(
        default=0.17, gt=0.0, lt=1.0, description="Share of emergencies that is ambulatory-care-sensitive"
    )

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return the log of expected avoidable admissions, with the risk list's noise."""
        risk = 1.0 / (1.0 + np.exp(-risk_list(people, judgement)))
        share = (people.sensitive_emergencies + self.prior_share) / (people.emergencies + 1.0)
        keys = np.log(risk * share) - 100.0 * people.last_year
        return leave_out_treated(keys, people, judgement)

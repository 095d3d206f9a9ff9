"""Enrol people whose unplanned use is rising: likely to be tomorrow's top of the list, not yesterday's."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from icpsim.programme.targeting.policy import (
    NOT_ELIGIBLE,
    Candidates,
    Judgement,
    TargetingPolicy,
    in_top_share,
    leave_out_treated,
    risk_list,
    tool_score,
)


class RisingRisk(TargetingPolicy):
    """Of the top share of the risk list, those whose unplanned use has grown most; then by the risk list.

    Growth: the rate of emergency admissions and A&E attendances in the last 12 weeks over that of the 40 before,
    each with half an event added so that one visit after a quiet year is a rise and not infinity.
    """

    policy: Literal["rising_risk"] = "rising_risk"
    label: ClassVar[str] = "rising unplanned use"
    top_share: float = Field(default=0.2, gt=0.0, le=1.0, description="Share of each site's list looked at")

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return log growth, and a thousandth of the noisy risk list to order those who grew alike."""
        recent = people.unplanned_12.astype(np.float64)
        earlier = people.unplanned_52.astype(np.float64) - recent
        growth = np.log((recent + 0.5) / 12.0) - np.log((earlier + 0.5) / 40.0)
        keys = growth + 1e-3 * risk_list(people, judgement)
        keys = np.where(in_top_share(tool_score(people, judgement), self.top_share), keys, NOT_ELIGIBLE)
        return leave_out_treated(keys, people, judgement)

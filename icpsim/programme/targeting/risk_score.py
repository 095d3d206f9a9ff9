"""Enrol from the top of a risk list, with noise between the list and who is enrolled."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

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


class RiskScore(TargetingPolicy):
    """The risk list alone: from its top down, or only its top share, or only those above a predicted risk."""

    policy: Literal["risk_score"] = "risk_score"
    label: ClassVar[str] = "the top of the risk list"
    top_share: float | None = Field(
        default=None, gt=0.0, le=1.0, description="Only this share of each site's list, from the top; null = all"
    )
    least_risk: float | None = Field(
        default=None,
        ge=0.0,
        lt=1.0,
        description="Only people whose predicted risk of an emergency admission within a year is at least this",
    )

    @classmethod
    def usual(cls) -> Self:
        """Return it with usual options."""
        return cls(top_share=0.05)

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return the tool's log odds plus noise; people in treatment may be left out."""
        keys, score = risk_list(people, judgement), tool_score(people, judgement)
        if self.top_share is not None:
            keys = np.where(in_top_share(score, self.top_share), keys, NOT_ELIGIBLE)
        if self.least_risk:
            keys = np.where(score >= np.log(self.least_risk / (1.0 - self.least_risk)), keys, NOT_ELIGIBLE)
        return leave_out_treated(keys, people, judgement)

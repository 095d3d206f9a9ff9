"""Enrol from the top of a risk list, with noise between the list and who is enrolled."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from icpsim.interventions.targeting.policy import Candidates, Judgement, leave_out_treated, tool_score


class RiskScore:
    """The risk list alone."""

    name: ClassVar[str] = "risk_score"

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return the tool's log odds plus noise; people in treatment may be left out."""
        keys = tool_score(people, judgement) + judgement.noise * people.noise
        return leave_out_treated(keys, people, judgement)

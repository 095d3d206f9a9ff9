"""Enrol by chance alone: what any other policy has to be better than."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from icpsim.programme.targeting.policy import Candidates, Judgement, TargetingPolicy


class RandomChoice(TargetingPolicy):
    """Everyone who may be enrolled has the same chance; nobody is left out by judgement."""

    policy: Literal["random"] = "random"
    label: ClassVar[str] = "chance alone"

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return the draw of chance."""
        return people.chance

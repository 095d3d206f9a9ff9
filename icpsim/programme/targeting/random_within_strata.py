"""Enrol at random within strata that evaluators see: no selection on anything they cannot match on.

More of the strata with more recent emergency admissions are enrolled, as a real programme would, but within a
stratum it is chance alone. This is the null of the estimator: what it finds is its own bias.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from icpsim.programme.targeting.policy import Candidates, Judgement, TargetingPolicy


class RandomWithinStrata(TargetingPolicy):
    """Choose by chance, with odds that depend on last year's emergency admissions alone."""

    policy: Literal["random_within_strata"] = "random_within_strata"
    label: ClassVar[str] = "chance, within strata of earlier emergency admissions"

    @classmethod
    def usual(cls) -> Self | None:
        """Return nothing: it is for tests of designs, and no policy that a team would follow."""
        return None

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return keys whose order enrols in proportion to 1 + emergency admissions (0 to 4)."""
        weight = 1.0 + np.minimum(people.emergencies, 4)
        keys: NDArray[np.float64] = np.log(np.maximum(people.chance, 1e-300)) / weight
        return keys

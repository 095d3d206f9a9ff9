"""Thin the pool of possible controls, with weights: most of its people could never be anybody's control.

Who is likely to be admitted is always made; of the others one in two, five or ten, by a draw of their own, and
the one then stands for all of these: weighed so in every mean and every fit, and as a control of one case counted
whole. Estimates are those of the whole pool on average, for less than half of its cost (docs/decisions.md, 23).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw
from icpsim.care.emergency import EmergencyParameters, admission_rate

KEPT = REGISTRY.decision("is kept in the thinned pool")
ALWAYS_KEPT = 0.3
"""Expected emergency admissions a year (while stable) from which everyone is kept; about one in fifteen."""
ONE_IN_TWO = 0.15
ONE_IN_FIVE = 0.075
"""The same, from which one in two and one in five are kept; below, one in ten."""


@rule
def stands_for(p: np.void, e: EmergencyParameters) -> int:
    """Return for how many people like this one stands if kept: 1, 2, 5 or 10."""
    rate = admission_rate(p, (0 - p.birth_week) / WEEKS_PER_YEAR, e)
    return 1 if rate >= ALWAYS_KEPT else 2 if rate >= ONE_IN_TWO else 5 if rate >= ONE_IN_FIVE else 10


@rule
def thin(people: NDArray[np.void], m: NDArray[np.void], out: NDArray[np.void], weight: NDArray[np.uint8]) -> int:
    """Copy those who are kept to the head of ``out``, with whom each stands for; return how many they are."""
    n = 0
    for i in range(len(people)):
        p = people[i]
        many = stands_for(p, m[0].emergency)
        if draw(p.key, KEPT, 0) * many < 1.0:
            out[n] = people[i]
            weight[n] = many
            n += 1
    return n

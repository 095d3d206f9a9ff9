"""Ask the rules what they would do: rates of given people in a given week, for levels and for tracing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.compiled import rule
from icpsim.care.weekly_chances import change_health, forget
from icpsim.care.weekly_rates import RATES


@rule
def rates_of(people: NDArray[np.void], week: int, world: NDArray[np.void]) -> NDArray[np.void]:
    """Return the weekly rates of each person as of this week, without changing anybody."""
    out = np.zeros(len(people), RATES)
    copy = people.copy()
    for i in range(len(people)):
        forget(out[i])
        change_health(copy[i], out[i], week, world[0])
    return out

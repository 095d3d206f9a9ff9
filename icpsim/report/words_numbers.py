"""From an estimate and its standard error to the numbers that are shown."""

from __future__ import annotations

import math

from icpsim.base.intervals import normal_interval
from icpsim.report.words import RATIO


def interval(measure: str, estimate: float, se: float) -> tuple[float, float, float]:
    """Return the estimate and its 90% interval on the shown scale: rate ratios, or pounds."""
    ends = normal_interval(estimate, se)
    if measure != RATIO:
        return ends
    return tuple(math.exp(x) for x in ends)  # type: ignore[return-value]

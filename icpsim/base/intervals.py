"""Half-widths of intervals, what counts as an effect, and where one further value would lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Z90 = 1.6448536269514722
"""Half-width of a 90% interval in standard errors."""
MATERIAL = 0.01
"""A true effect within this much of none, on the log scale, counts as none (JUDGEMENT)."""


class Interval(NamedTuple):
    """A mean and its 90% interval."""

    mean: float
    low: float
    high: float


def prediction(values: NDArray[np.float64], se: NDArray[np.float64] | None = None) -> Interval:
    """Mean of ``values`` and the 90% interval of one further value: t quantile times sd * sqrt(1 + 1/n).

    With a single value its own standard error ``se`` stands in for the spread; without it the ends are NaN.
    Values that are not finite are left out.
    """
    from scipy.special import stdtrit

    kept = np.isfinite(values)
    n = int(kept.sum())
    if n == 0:
        return Interval(np.nan, np.nan, np.nan)
    mean = float(values[kept].mean())
    if n == 1:
        half = Z90 * float(se[kept][0]) if se is not None else np.nan
    else:
        half = float(stdtrit(n - 1, 0.95) * values[kept].std(ddof=1) * np.sqrt(1.0 + 1.0 / n))
    return Interval(mean, mean - half, mean + half)

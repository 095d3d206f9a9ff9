"""Intervals as the whole package makes them, and what counts as an effect."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

LEVEL = 0.9
"""Share that an interval holds, unless it says otherwise."""
Z90 = 1.6448536269514722
"""Half-width of a 90% interval in standard errors."""
Z95 = 1.959963984540054
MATERIAL = 0.01
"""A true effect within this much of none, on the log scale, counts as none (JUDGEMENT)."""


class Interval(NamedTuple):
    """A mean and its 90% interval."""

    mean: float
    low: float
    high: float


UNKNOWN = Interval(np.nan, np.nan, np.nan)


def t90(df: float) -> float:
    """Return the half-width of a 90% interval in standard errors that ``df`` degrees of freedom estimate."""
    return float(stdtrit(df, 0.95))


def normal_interval(mean: float, se: float) -> Interval:
    """Return the 90% interval of a normal distribution."""
    return Interval(mean, mean - Z90 * se, mean + Z90 * se)


def further_value(values: NDArray[np.float64], se: NDArray[np.float64] | None = None) -> Interval:
    """Return the mean of ``values`` and the 90% interval of one further value: t quantile, sd * sqrt(1 + 1/n).

    With a single value its own standard error ``se`` stands in for the spread; without it the ends are NaN.
    Values that are not finite are left out.
    """
    kept = np.isfinite(values)
    n = int(kept.sum())
    if n == 0:
        return UNKNOWN
    mean = float(values[kept].mean())
    if n == 1:
        half = Z90 * float(se[kept][0]) if se is not None else np.nan
    else:
        half = float(t90(n - 1) * values[kept].std(ddof=1) * np.sqrt(1.0 + 1.0 / n))
    return Interval(mean, mean - half, mean + half)

"""The chance that a two-sided test sees an effect of so many standard errors."""

from __future__ import annotations

from math import isfinite

from scipy import stats

_NONE = 1e-6


def two_sided_power(shift: float, df: float = float("inf"), level: float = 0.05) -> float:
    """Return the chance that an estimate ``shift`` standard errors from nought is called different from it.

    A t test with ``df`` degrees of freedom (a z test where they are infinite). The square of a noncentral t is a
    noncentral F with 1 and ``df``: scipy's noncentral t is not a number in its far tail (df 3, shift 8),
    its noncentral F is, except at no shift, where the answer is the level itself.
    """
    edge = float(stats.t.isf(level / 2, df))
    if not isfinite(df):
        return float(stats.norm.sf(edge - shift) + stats.norm.cdf(-edge - shift))
    if abs(shift) < _NONE:
        return level
    return float(stats.ncf.sf(edge**2, 1, df, shift**2))

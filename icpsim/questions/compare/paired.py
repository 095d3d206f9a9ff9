"""What pairing is worth: two arms on the same draws, replicate by replicate.

The same people with the same draws live in both arms, so chance that both share drops out of their difference.
How much of its variance that saves has an exact interval where replicates are normal: sum and difference of two
normal values are normal, and the ratio of the variances of two correlated normal values has Pitman's and
Morgan's interval (Pitman 1939, Biometrika 31:9-12; Morgan 1939, Biometrika 31:13-19).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from icpsim.evaluation.power import two_sided_power

CONFIDENCE = 0.9
EFFECT, POWER, LEVEL = 0.01, 0.8, 0.05
"""The difference that is to be seen (1% of the reference), how surely, and at which two-sided level."""

_NORMAL = 100_000
"""Replicates from which Student's t is taken for a normal."""
_CERTAIN = 50.0
"""Standard errors beyond which a difference is seen for certain, even with two replicates."""


class PairedError(ValueError):
    """Replicates of two arms do not stand beside each other."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over replicates with its 90% interval, which is NaN for a single replicate."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """An arm against its reference over the same replicates.

    ``difference`` is arm less reference; ``relative`` the same as a share of the reference's mean, with the
    interval of a ratio of means (linearised). ``variance_paired`` and ``variance_unpaired`` are of one
    replicate's difference, with the same draws and with draws of their own; ``variance_ratio`` is the first
    over the second, with Pitman's and Morgan's interval. ``replicates_paired`` and ``replicates_unpaired``
    (of each arm) see a difference of 1% of the reference with 80% power at the two-sided 5% level; None where
    that is unknown.
    """

    replicates: int
    difference: Interval
    relative: Interval
    variance_paired: float
    variance_unpaired: float
    variance_ratio: Interval
    replicates_paired: int | None
    replicates_unpaired: int | None


def interval(values: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Return the mean of float64[replicates] and its t interval. Raises PairedError without replicates."""
    x = np.asarray(values, np.float64)
    if x.ndim != 1 or not len(x):
        raise PairedError(f"an interval is taken over one or more replicates, not over shape {x.shape}")
    mean = float(x.mean())
    if len(x) == 1:
        return Interval(mean, nan, nan)
    half = float(stats.t.ppf(0.5 + confidence / 2, len(x) - 1)) * float(x.std(ddof=1)) / sqrt(len(x))
    return Interval(mean, mean - half, mean + half)


def compare_paired(arm: ArrayLike, reference: ArrayLike) -> PairedComparison:
    """Compare two arms' values, float64[replicates] each, replicate k of one beside replicate k of the other.

    Raises PairedError when their lengths differ, or there is no replicate, or a value is not finite.
    """
    a, b = np.asarray(arm, np.float64), np.asarray(reference, np.float64)
    if a.shape != b.shape or a.ndim != 1 or not len(a):
        raise PairedError(f"arms stand beside each other replicate by replicate; these have {a.shape}, {b.shape}")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise PairedError("a replicate's value is not a finite number")
    one = len(a) == 1
    paired = nan if one else float((a - b).var(ddof=1))
    unpaired = nan if one else float(a.var(ddof=1) + b.var(ddof=1))
    seen = EFFECT * abs(float(b.mean()))
    return PairedComparison(
        len(a),
        interval(a - b),
        _relative(a, b),
        paired,
        unpaired,
        variance_ratio(a, b),
        replicates_needed(paired, seen),
        replicates_needed(unpaired, seen, groups=2),
    )


def variance_ratio(a: NDArray[np.float64], b: NDArray[np.float64], confidence: float = CONFIDENCE) -> Interval:
    """Return Var(a - b) / (Var a + Var b) with its interval, exact where the pairs are normal.

    It is 2 / (1 + w) with w = Var(a + b) / Var(a - b), whose limits are Pitman's and Morgan's; 1 means that
    pairing saves nothing. NaN where nothing varies; no interval for fewer than three replicates.
    """
    n = len(a)
    added, taken = a + b, a - b
    plus, minus = (float(x.var(ddof=1)) if n > 1 else nan for x in (added, taken))
    if not plus + minus > 0:
        return Interval(nan, nan, nan)
    estimate = 2.0 * minus / (plus + minus)
    if n < 3:
        return Interval(estimate, nan, nan)
    if min(plus, minus) == 0:
        return Interval(estimate, estimate, estimate)
    r = float(np.corrcoef(added, taken)[0, 1])
    t = float(stats.t.ppf(0.5 + confidence / 2, n - 2))
    k = 1.0 + 2.0 * max(0.0, 1.0 - r * r) * t * t / (n - 2)
    wide = k + sqrt(k * k - 1.0)
    w = plus / minus
    return Interval(estimate, 2.0 / (1.0 + w * wide), 2.0 / (1.0 + w / wide))


def replicates_needed(
    variance: float, difference: float, groups: int = 1, power: float = POWER, level: float = LEVEL
) -> int | None:
    """Return the fewest replicates with which a t test sees ``difference`` with ``power`` at ``level``.

    ``variance`` is that of one replicate's difference: of pairs (``groups`` = 1), or of two arms with draws of
    their own (2), where the answer is the number in each arm. None where there is nothing to see, or the
    variance is unknown; 2, the fewest with a variance, where nothing varies.
    """
    if not (isfinite(variance) and isfinite(difference) and difference > 0):
        return None
    if variance == 0:
        return 2
    z = stats.norm.ppf(1.0 - level / 2) + stats.norm.ppf(power)
    n = max(2, ceil(float(z**2) * variance / difference**2))
    if n > _NORMAL:
        return n
    while n > 2 and _power(n - 1, variance, difference, groups, level) >= power:
        n -= 1
    while _power(n, variance, difference, groups, level) < power:
        n += 1
    return n


def _power(n: int, variance: float, difference: float, groups: int, level: float) -> float:
    """Return the power of a two-sided t test of n pairs, or of two groups of n whose variances add up."""
    return two_sided_power(min(difference * sqrt(n / variance), _CERTAIN), groups * (n - 1), level)


def _relative(a: NDArray[np.float64], b: NDArray[np.float64]) -> Interval:
    base = float(b.mean())
    if base == 0:
        return Interval(nan, nan, nan)
    relative = float(a.mean() / base - 1.0)
    around = interval((a - b - relative * b) / abs(base))
    return Interval(relative, relative + around.low, relative + around.high)

"""Event-keyed randomness: each draw is a pure function of (seed, replicate, person, decision, week).

The generator is SplitMix64 (Steele, Lea and Flood 2014, OOPSLA, doi 10.1145/2660193.2660195) used as a
counter: a person's key is the seed of that person's own sequence, and the draw for a decision in a week is
the output at position ``decision * WEEKS + week`` of it. Nothing is ever drawn "next", so two scenarios
differ only where a mechanism makes them differ (Klein et al. 2024, arXiv 2409.02086).
"""

from __future__ import annotations

import hashlib
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from icpsim.base.compiled import rule

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_ONE = np.uint64(1)
_WEEK_BITS = np.uint64(16)
_DECISION_BITS = 44
_TO_UNIT = 1.0 / 9007199254740992.0

WEEKS = 65536
"""Number of weeks that can be told apart within one decision of a person."""


class DecisionError(ValueError):
    """A decision name was registered twice, or falls on the numbers of another."""


class DecisionRegistry:
    """Names of decisions and the numbers they hold; a name used twice is an error.

    A decision's number is a hash of its name, so that it depends neither on which modules are imported, nor in
    what order, nor on decisions that are added later.
    """

    def __init__(self) -> None:
        self._taken: dict[str, tuple[int, int]] = {}

    def decision(self, name: str, width: int = 1) -> np.uint64:
        """Reserve ``width`` consecutive numbers for the decision called ``name``.

        Raises DecisionError when the name is taken, or its numbers are those of another name.
        """
        if name in self._taken:
            raise DecisionError(f"the decision {name!r} is registered already; every decision has one name")
        start = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> (64 - _DECISION_BITS)
        for other, (first, wide) in self._taken.items():
            if start < first + wide and first < start + width:
                raise DecisionError(f"the decision {name!r} falls on the numbers of {other!r}; call it otherwise")
        self._taken[name] = start, width
        return np.uint64(start)

    def names(self) -> dict[str, int]:
        """Return every name with its first number."""
        return {name: start for name, (start, _) in self._taken.items()}


REGISTRY = DecisionRegistry()


@rule
def mix(z: np.uint64) -> np.uint64:
    """Finalise 64 bits (the SplitMix64 output function)."""
    z = (z ^ (z >> _S30)) * _MIX1
    z = (z ^ (z >> _S27)) * _MIX2
    return z ^ (z >> _S31)


@rule
def bits(key: np.uint64, decision: np.uint64, week: int) -> np.uint64:
    """Return 64 random bits for this key, decision and week (SplitMix64 output of that position)."""
    position = (decision << _WEEK_BITS) + np.uint64(week) + _ONE
    return mix(key + position * GOLDEN)


@rule
def draw(key: np.uint64, decision: np.uint64, week: int) -> float:
    """Return a uniform number in [0, 1) with 53 bits for this key, decision and week."""
    return np.float64(bits(key, decision, week) >> _S11) * _TO_UNIT


@rule
def combine(key: np.uint64, part: np.uint64) -> np.uint64:
    """Derive a key from a key and one more part of an identity (seed, replicate, practice, person)."""
    return mix(mix(key + GOLDEN) ^ (part * GOLDEN + _ONE))


@rule
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of u (Acklam's rational form; relative error < 1.2e-9)."""
    u = min(max(u, 1e-300), 1.0 - 1e-16)
    if u < 0.02425:
        return _tail(sqrt(-2.0 * log(u)))
    if u <= 0.97575:
        q = u - 0.5
        return _centre(q, q * q)
    return -_tail(sqrt(-2.0 * log(1.0 - u)))


@rule
def _tail(q: float) -> float:
    top = -7.784894002430293e-03
    for c in (-3.223964580411365e-01, -2.400758277161838, -2.549732539343734, 4.374664141464968):
        top = top * q + c
    top = top * q + 2.938163982698783
    low = 7.784695709041462e-03
    for c in (3.224671290700398e-01, 2.445134137142996, 3.754408661907416):
        low = low * q + c
    return top / (low * q + 1.0)


@rule
def _centre(q: float, r: float) -> float:
    top = -3.969683028665376e01
    for c in (2.209460984245205e02, -2.759285104469687e02, 1.383577518672690e02, -3.066479806614716e01):
        top = top * r + c
    top = top * r + 2.506628277459239
    low = -5.447609879822406e01
    for c in (1.615858368580409e02, -1.556989798598866e02, 6.680131188771972e01, -1.328068155288572e01):
        low = low * r + c
    return top * q / (low * r + 1.0)


@rule
def geometric_weeks(u: float, mean: float) -> int:
    """Return a whole number of weeks, at least 1, with a geometric law of the given mean."""
    if mean <= 1.0:
        return 1
    weeks = np.ceil(log(1.0 - u) / log(1.0 - 1.0 / mean))
    return max(1, int(min(weeks, 30000.0)))


@rule
def poisson_count(u: float, mean: float) -> int:
    """Return a Poisson count by inversion of u (for means up to about 10)."""
    term = exp(-mean)
    total = term
    count = 0
    while u > total and count < 100:
        count += 1
        term *= mean / count
        total += term
    return count


def replicate_key(seed: int, replicate: int) -> np.uint64:
    """Return the key from which every key of one replicate derives."""
    seeded = np.uint64(combine(np.uint64(0), np.uint64(seed)))
    return np.uint64(combine(seeded, np.uint64(replicate)))


def draws(keys: NDArray[np.uint64], decision: np.uint64, week: int) -> NDArray[np.float64]:
    """Return one uniform number for each key (array form of draw)."""
    out = np.empty(len(keys))
    _fill(keys, decision, week, out)
    return out


@rule
def _fill(keys: NDArray[np.uint64], decision: np.uint64, week: int, out: NDArray[np.float64]) -> None:
    for i in range(len(keys)):
        out[i] = draw(keys[i], decision, week)


def normal_quantiles(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard normal quantile of each number."""
    from scipy.special import ndtri

    z: NDArray[np.float64] = ndtri(np.clip(u, 1e-300, 1.0 - 1e-16))
    return z

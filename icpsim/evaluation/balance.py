"""How alike cases and controls are: standardised differences and variance ratios of every feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.base.kinds import Floats


@dataclass(frozen=True, slots=True)
class Moments:
    """Weighted means and variances of k features; float64[k] each."""

    mean: Floats
    variance: Floats


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One feature: means, standardised differences and the variance ratio (cases / matched controls)."""

    feature: str
    cases: float
    pool: float
    controls: float
    difference_before: float
    difference_after: float
    variance_ratio: float


@njit(cache=True)
def _weighted_sums(values, share):  # type: ignore[no-untyped-def]
    first, second = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    for i in range(values.shape[0]):
        for k in range(values.shape[1]):
            value = np.float64(values[i, k])
            first[k] += share[i] * value
            second[k] += share[i] * value * value
    return first, second


def moments(values: NDArray[np.floating], weights: Floats | None = None) -> Moments:
    """Return weighted means and (population) variances of the columns of values [n, k]."""
    w = np.ones(len(values)) if weights is None else weights
    mean, square = _weighted_sums(values, w / w.sum())
    return Moments(mean, np.maximum(square - mean**2, 0.0))


def average_moments(parts: Sequence[Moments], weights: Sequence[float]) -> Moments:
    """Return the moments of a mixture of groups (one a wave) in proportion to ``weights``."""
    share = np.asarray(weights, np.float64) / np.sum(weights)
    means, variances = np.array([m.mean for m in parts]), np.array([m.variance for m in parts])
    mean = share @ means
    return Moments(mean, share @ (variances + means**2) - mean**2)


def standardised_difference(group: Moments, other: Moments, pooled_variance: Floats) -> Floats:
    """Return the difference of means over the pooled SD; float64[k], 0 where neither group varies or differs.

    Where the pooled SD is 0 and the means differ, the answer is infinite.
    """
    gap = group.mean - other.mean
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(gap == 0, 0.0, gap / np.sqrt(pooled_variance))


def balance_table(
    names: tuple[str, ...], cases: Moments, pool: Moments, matched: Moments
) -> tuple[BalanceRow, ...]:
    """Return one row a feature, before (whole pool) and after matching (weighted controls).

    Both differences are over the SD pooled before matching, so that a change is a change of means and not
    of the yardstick (Stuart 2010, Statistical Science 25).
    """
    pooled = (cases.variance + pool.variance) / 2
    before = standardised_difference(cases, pool, pooled)
    after = standardised_difference(cases, matched, pooled)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = cases.variance / matched.variance
    columns = zip(cases.mean, pool.mean, matched.mean, before, after, ratio, strict=True)
    return tuple(BalanceRow(name, *map(float, row)) for name, row in zip(names, columns, strict=True))

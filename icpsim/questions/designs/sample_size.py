"""Power by the standard formulas for trials: two rates with overdispersion, and clusters with a design effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from icpsim.base.kinds import Floats
from icpsim.evaluation.power import two_sided_power

LEVEL = 0.05
POWER = 0.8
SMALLEST = float(stats.norm.isf(LEVEL / 2) + stats.norm.ppf(POWER))
"""Standard errors that an effect must have to be seen with 80% power at the 5% level: 1.96 + 0.84."""


@dataclass(frozen=True, slots=True)
class UsualCare:
    """People in usual care: an outcome's mean and variance, how alike a practice's people are, practice sizes.

    ``icc`` is the intracluster correlation by analysis of variance (it may come out below 0); ``size`` the mean
    size of the practice that a person is in, which allows for unequal sizes (Eldridge et al. 2006, Int J Epidemiol
    35; quoted from memory by the icpsim team).
    """

    mean: float
    variance: float
    icc: float
    size: float


def usual_care(amounts: Floats, practices: NDArray[np.integer]) -> UsualCare:
    """Describe one outcome of people in usual care: amounts float64[n], their practices integer[n]."""
    _, of = np.unique(practices, return_inverse=True)
    sizes = np.bincount(of).astype(np.float64)
    n, k = len(amounts), len(sizes)
    size = float((sizes**2).sum() / n)
    variance = float(amounts.var(ddof=1)) if n > 1 else float("nan")
    if k < 2 or n <= k:
        return UsualCare(float(amounts.mean()), variance, float("nan"), size)
    means = np.bincount(of, amounts) / sizes
    between = float((sizes * (means - amounts.mean()) ** 2).sum() / (k - 1))
    within = float(((amounts - means[of]) ** 2).sum() / (n - k))
    typical = (n - size) / (k - 1)
    total = between + (typical - 1.0) * within
    return UsualCare(float(amounts.mean()), variance, (between - within) / total if total > 0 else 0.0, size)


def standard_error(care: UsualCare, people: tuple[float, float], effect: float, *, ratio: bool) -> float:
    """Return the error by formula of a difference between (programme, usual care) ``people``.

    Of a log rate ratio: counts keep the ratio of variance to mean that they have in usual care; otherwise of a
    difference of means with equal variances. Both times the root of the design effect, 1 + (size - 1) x ICC, which
    is 1 when ``care.icc`` is 0.
    """
    programme, usual = people
    if ratio:
        dispersion = care.variance / care.mean
        variance = dispersion / (programme * care.mean * np.exp(effect)) + dispersion / (usual * care.mean)
    else:
        variance = care.variance * (1.0 / programme + 1.0 / usual)
    return float(np.sqrt(variance * (1.0 + (care.size - 1.0) * max(care.icc, 0.0))))


def power(effect: float, se: float, df: float = float("inf")) -> float:
    """Return the chance that an estimate with this error differs from nought at the 5% level (two-sided)."""
    return two_sided_power(effect / se, df, LEVEL)

"""Poisson and linear regression with cluster-robust errors that hold with few clusters.

Errors are the sandwich with the correction of Kauermann and Carroll (2001, JASA 96), which in linear models is the
CR2 of Bell and McCaffrey (2002, Survey Methodology 28): each cluster's residuals are inflated for what it bent the
fit. With a fixed effect for every cluster the inverse root is the generalised one (Pustejovsky and Tipton 2018,
JBES 36). Quoted from memory by the icpsim team; checked against statsmodels in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats

MOST_STEPS = 50
TOLERANCE = 1e-10
"""Largest step of a coefficient, in its own unit, at which the fit has converged."""
WORST_CONDITION = 1e12
"""Condition number of the information above which a coefficient has run off to infinity."""
_NONE_LEFT = 1e-8


class Correction(Enum):
    """How far a cluster's residuals are inflated: not at all, by the root of the inverse, or by the inverse."""

    NONE = 0.0
    KAUERMANN_CARROLL = 0.5
    MANCL_DEROUEN = 1.0


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients float64[k] and their covariance float64[k, k]; ``nan`` when the fit did not converge."""

    coefficients: Floats
    covariance: Floats

    def of(self, column: int) -> tuple[float, float]:
        """Return a coefficient and its standard error."""
        return float(self.coefficients[column]), float(np.sqrt(self.covariance[column, column]))


def clustered_regression(
    totals: Floats,
    x: Floats,
    exposure: Floats,
    clusters: NDArray[np.integer],
    *,
    log_link: bool,
    correction: Correction = Correction.KAUERMANN_CARROLL,
) -> Fit:
    """Regress totals on x (float64[n, k]): their mean is ``exposure`` times exp(xb), or times xb.

    Totals of cells give the same fit and errors as their people one by one, if a cell's people have the same x and
    cluster. ``nan`` when x has columns that say the same or a coefficient has no finite value.
    """
    unknown = Fit(np.full(x.shape[1], np.nan), np.full((x.shape[1], x.shape[1]), np.nan))
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return unknown
    b = _poisson(totals, x, exposure) if log_link else _solve(x, totals, exposure)
    if b is None:
        return unknown
    mean = exposure * (np.exp(x @ b) if log_link else x @ b)
    weight = mean if log_link else exposure
    information = x.T @ (x * weight[:, None])
    if not np.linalg.cond(information) < WORST_CONDITION:
        return unknown
    bread: Floats = np.linalg.inv(information).astype(np.float64)
    scores = _scores(totals - mean, x, weight, bread, clusters, correction)
    return Fit(b, bread @ (scores.T @ scores) @ bread)


def _solve(x: Floats, totals: Floats, exposure: Floats) -> Floats:
    solved: Floats = np.linalg.solve(x.T @ (x * exposure[:, None]), x.T @ totals).astype(np.float64)
    return solved


def _poisson(totals: Floats, x: Floats, exposure: Floats) -> Floats | None:
    """Return the maximum-likelihood coefficients by Newton's method with halved steps; None without any."""
    if not totals.any():
        return None
    b: Floats = np.linalg.lstsq(x, np.log((totals + 0.5) / (exposure + 0.5)), rcond=None)[0].astype(np.float64)
    likelihood = _likelihood(totals, x, exposure, b)
    for _ in range(MOST_STEPS):
        if not np.isfinite(likelihood):
            return None
        mean = exposure * np.exp(x @ b)
        try:
            step = np.linalg.solve(x.T @ (x * mean[:, None]), x.T @ (totals - mean))
        except np.linalg.LinAlgError:
            return None
        if np.abs(step).max() < TOLERANCE:
            found: Floats = b + step
            return found
        scale = 1.0
        while scale > TOLERANCE:
            ahead = _likelihood(totals, x, exposure, b + scale * step)
            if ahead >= likelihood - 1e-9 * abs(likelihood):
                break
            scale /= 2.0
        b, likelihood = b + scale * step, ahead
    return None


def _likelihood(totals: Floats, x: Floats, exposure: Floats, b: Floats) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        return float(totals @ (x @ b) - (exposure * np.exp(x @ b)).sum())


def _scores(
    residual: Floats, x: Floats, weight: Floats, bread: Floats, clusters: NDArray[np.integer], how: Correction
) -> Floats:
    """Return each cluster's corrected score, float64[clusters, k]."""
    _, of_row = np.unique(clusters, return_inverse=True)
    count = int(of_row.max()) + 1
    if how is Correction.NONE:
        return _summed(x * residual[:, None], of_row, count)
    root = np.sqrt(weight)
    if count == len(of_row):
        leverage = weight * np.einsum("ij,jk,ik->i", x, bread, x)
        inflated = residual * _inverse_power(1.0 - leverage, how.value)
        return _summed(x * inflated[:, None], of_row, count)
    scores = np.zeros((count, x.shape[1]))
    for cluster in range(count):
        rows = np.flatnonzero(of_row == cluster)
        scaled = x[rows] * root[rows, None]
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - scaled @ bread @ scaled.T)
        pearson = residual[rows] / root[rows]
        inflated = vectors @ (_inverse_power(values, how.value) * (vectors.T @ pearson))
        scores[cluster] = scaled.T @ inflated
    return scores


def _inverse_power(values: Floats, power: float) -> Floats:
    """Return values to the power of minus ``power``; 0 where nothing is left of a cluster's own residual."""
    kept = values > _NONE_LEFT
    return np.where(kept, np.where(kept, values, 1.0) ** -power, 0.0)


def _summed(rows: Floats, of_row: NDArray[np.integer], count: int) -> Floats:
    return np.column_stack([np.bincount(of_row, column, count) for column in rows.T])

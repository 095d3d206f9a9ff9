"""Difference-in-differences with clustered errors, in closed form.

The saturated Poisson and linear models have closed-form estimates, and so do their cluster-robust errors:
each row's influence on the estimate, added up within clusters. All functions take one row a person: amounts
before and after (float64[n]), ``treated`` (bool[n]) and ``weights`` (float64[n]: 1 for a case, 1/m for each
of the m controls of a set). They return ``nan`` where a group has no event in a period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats

Clusters = Mapping[str, NDArray[np.integer]]
COEFFICIENT_SD = 0.2
"""Prior SD of an outcome model's coefficient, log rate per SD of the covariate."""


@dataclass(frozen=True, slots=True)
class Effect:
    """An estimate (log rate ratio, or difference) and its standard error under each clustering."""

    estimate: float
    se: Mapping[str, float]

    @property
    def ratio(self) -> float:
        """Return exp of the estimate."""
        return float(np.exp(self.estimate))


def clustered_se(influence: Floats, clusters: NDArray[np.integer], n_rows: int, n_parameters: int) -> float:
    """Return the standard error from each row's influence, with the small-sample factor of Stata.

    G/(G-1) * (N-1)/(N-k) for G clusters, N regression rows and k parameters, as in statsmodels; ``nan`` with
    a single cluster.
    """
    group = clusters - clusters.min()
    sums = np.bincount(group, weights=influence)[np.bincount(group) > 0]
    if sums.size < 2:
        return float("nan")
    factor = sums.size / (sums.size - 1) * (n_rows - 1) / (n_rows - n_parameters)
    return float(np.sqrt(factor * (sums @ sums)))


def _effect(estimate: float, influence: Floats, clusters: Clusters, n_rows: int, n_parameters: int) -> Effect:
    se = {name: clustered_se(influence, c, n_rows, n_parameters) for name, c in clusters.items()}
    return Effect(estimate, se)


def rate_ratio_did(
    before: Floats,
    after: Floats,
    treated: NDArray[np.bool_],
    weights: Floats,
    clusters: Clusters,
    exposure: tuple[Floats, Floats] | None = None,
) -> Effect:
    """Return the log rate ratio of the cases' change to the controls' (saturated weighted Poisson).

    ``exposure`` is time at risk before and after (float64[n] each); without it everyone counts the same.
    ``clusters`` names one or more groupings (person, matched set, site), each integer[n]; clustering on the
    matched set is the one that holds after matching without replacement (Abadie and Spiess 2022, JASA 117).
    """
    ones = np.ones(before.size)
    exposed = (ones, ones) if exposure is None else exposure
    estimate, influence = 0.0, np.zeros(before.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        for group, side in ((treated, 1.0), (~treated, -1.0)):
            for count, time, sign in ((after, exposed[1], side), (before, exposed[0], -side)):
                events = weights[group] @ count[group]
                rate = events / (weights[group] @ time[group])
                estimate += sign * float(np.log(rate))
                residual = count[group] - rate * time[group]
                influence[group] += sign * weights[group] * residual / events
    if not np.isfinite(estimate):
        return Effect(float("nan"), dict.fromkeys(clusters, float("nan")))
    return _effect(float(estimate), influence, clusters, 2 * before.size, 4)


def difference_did(
    before: Floats, after: Floats, treated: NDArray[np.bool_], weights: Floats, clusters: Clusters
) -> Effect:
    """Return the cases' mean change less the controls' (saturated weighted least squares), in their unit."""
    change = after - before
    estimate, influence = 0.0, np.empty(before.size)
    for group, side in ((treated, 1.0), (~treated, -1.0)):
        total = weights[group].sum()
        mean = weights[group] @ change[group] / total
        estimate += side * mean
        influence[group] = side * weights[group] * (change[group] - mean) / total
    return _effect(float(estimate), influence, clusters, 2 * before.size, 4)


@dataclass(frozen=True, slots=True)
class OutcomeModel:
    """Expected amounts after the index week without the programme, learnt from the matched controls.

    ``expected`` float64[n] for every row, ``design`` float64[n, k] (with a constant), ``coefficient_influence``
    float64[n, k]: what each row moved the coefficients (zero for cases).
    """

    expected: Floats
    design: Floats
    coefficient_influence: Floats


def fit_outcome_model(after: Floats, x: Floats, treated: NDArray[np.bool_], weights: Floats) -> OutcomeModel:
    """Fit a weighted Poisson (quasi-)likelihood of the after-amount on x (float64[n, k]) among controls.

    Nobody is predicted beyond the controls' range: a case outside it in a covariate counts as at its edge.
    """
    from sklearn.linear_model import PoissonRegressor

    control = ~treated
    w = weights[control]
    x0 = x[control]
    centre = np.average(x0, axis=0, weights=w)
    spread = np.sqrt(np.average((x0 - centre) ** 2, axis=0, weights=w))
    varying = spread > 0
    z = x[:, varying]
    z -= centre[varying]
    z /= spread[varying]
    z0 = z[control]
    np.clip(z, z0.min(axis=0), z0.max(axis=0), out=z)
    level = float(np.average(after[control], weights=w))
    design = np.column_stack([np.ones(z.shape[0]), z])
    if level == 0.0 or not varying.any():
        return OutcomeModel(np.full(after.size, level), design, np.zeros_like(design))
    ridge = _ridge(after[control], w, level)
    model = PoissonRegressor(alpha=ridge, solver="newton-cholesky", max_iter=100, tol=1e-8)
    model.fit(z0, after[control] / level, sample_weight=w)
    expected = level * np.exp(model.intercept_ + z @ model.coef_)
    d0 = design[control]
    information = d0.T @ (d0 * (w * expected[control])[:, None])
    information[np.arange(1, len(information)), np.arange(1, len(information))] += ridge * w.sum() * level
    score = d0 * (w * (after[control] - expected[control]))[:, None]
    influence = np.zeros_like(design)
    influence[control] = score @ np.linalg.pinv(
        information, rcond=design.shape[1] * np.finfo(float).eps, hermitian=True
    )
    return OutcomeModel(expected, design, influence)


def _ridge(after: Floats, weights: Floats, level: float) -> float:
    """Return the penalty that a prior SD of COEFFICIENT_SD per SD of a covariate amounts to.

    It is the squared coefficient of variation of the outcome over the number of controls and the prior
    variance: nothing at the pilots' size, but it keeps forty covariates from fitting the chance of a few
    hundred people, or of an outcome that few of them have.
    """
    variation = float(np.average((after - level) ** 2, weights=weights)) / level**2
    return max(variation / after.size / COEFFICIENT_SD**2, 1e-6)


def _observed_over_expected(
    after: Floats, model: OutcomeModel, group: NDArray[np.bool_], weights: Floats
) -> tuple[float, Floats, Floats]:
    w, a, e = weights[group], after[group], model.expected[group]
    log_ratio = float(np.log((w @ a) / (w @ e)))
    own = np.zeros(after.size)
    own[group] = w * (a / (w @ a) - e / (w @ e))
    return log_ratio, own, (w * e) @ model.design[group] / (w @ e)


def corrected_rate_ratio(
    after: Floats, model: OutcomeModel, treated: NDArray[np.bool_], weights: Floats, clusters: Clusters
) -> Effect:
    """Return the bias-corrected log rate ratio, (A1/E1) / (A0/E0), for what matching left unequal.

    The error allows for the outcome model having been estimated (influence of its coefficients included).
    Abadie and Imbens 2011 (JBES 29) for correcting matching discrepancies by regression.
    """
    if not (after[treated].any() and after[~treated].any()):
        return Effect(float("nan"), dict.fromkeys(clusters, float("nan")))
    log1, own1, slope1 = _observed_over_expected(after, model, treated, weights)
    log0, own0, slope0 = _observed_over_expected(after, model, ~treated, weights)
    influence = own1 - own0 - model.coefficient_influence @ (slope1 - slope0)
    return _effect(log1 - log0, influence, clusters, after.size, 2)


def corrected_difference(
    after: Floats, model: OutcomeModel, treated: NDArray[np.bool_], weights: Floats, clusters: Clusters
) -> Effect:
    """Return the bias-corrected difference, mean(A1 - E1) - mean(A0 - E0); error as in the ratio."""
    excess = after - model.expected
    estimate, influence, slope = 0.0, np.empty(after.size), np.zeros(model.design.shape[1])
    for group, side in ((treated, 1.0), (~treated, -1.0)):
        w = weights[group] / weights[group].sum()
        mean = w @ excess[group]
        estimate += side * mean
        influence[group] = side * w * (excess[group] - mean)
        slope += side * (w * model.expected[group]) @ model.design[group]
    influence -= model.coefficient_influence @ slope
    return _effect(float(estimate), influence, clusters, after.size, 2)

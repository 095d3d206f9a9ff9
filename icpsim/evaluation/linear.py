"""Linear predictors of standardised features, the common part of the risk score and the prognostic models."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.evaluation.features import Features, is_count

_LOG1P = np.log1p(np.arange(1024, dtype=np.float64))


@dataclass(frozen=True, slots=True)
class Scaling:
    """How each column is put on the models' scale: log1p where ``logged``, less ``centre``, over ``scale``."""

    names: tuple[str, ...]
    logged: NDArray[np.bool_]
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]

    def apply(self, features: Features) -> NDArray[np.float64]:
        """Return the scaled columns; float64[n, k]. Raises ``ValueError`` if the columns are others."""
        self.check(features)
        x = features.values.astype(np.float64)
        x[:, self.logged] = np.log1p(x[:, self.logged])
        return (x - self.centre) / self.scale

    def check(self, features: Features) -> None:
        """Raise ``ValueError`` unless the features have these columns in this order."""
        if features.names != self.names:
            raise ValueError(f"the model was fitted on {self.names}, not on {features.names}")


def fit_scaling(features: Features, weights: NDArray[np.float64]) -> Scaling:
    """Return the scaling that gives the weighted sample mean 0 and SD 1; a constant column keeps scale 1."""
    logged = np.array([is_count(name) for name in features.names])
    x = features.values.astype(np.float64)
    x[:, logged] = np.log1p(x[:, logged])
    centre = np.average(x, axis=0, weights=weights)
    spread = np.sqrt(np.average((x - centre) ** 2, axis=0, weights=weights))
    return Scaling(features.names, logged, centre, np.where(spread > 0, spread, 1.0))


@njit(cache=True, inline="always")
def add_predictors(x, row, logged, slopes, totals, at):  # type: ignore[no-untyped-def]
    """Add one row's (log1p) features times ``slopes`` [k, m] to ``totals[at]``; zeros are passed over."""
    for k in range(x.shape[1]):
        value = np.float64(x[row, k])
        if value != 0.0:
            if logged[k]:
                whole = np.int64(value)
                value = _LOG1P[whole] if whole < 1024 and whole == value else math.log1p(value)
            for m in range(slopes.shape[1]):
                totals[at, m] += value * slopes[k, m]


@njit(cache=True)
def _predict(x, logged, slopes, totals):  # type: ignore[no-untyped-def]
    for row in range(x.shape[0]):
        add_predictors(x, row, logged, slopes, totals, row)


@dataclass(frozen=True, slots=True)
class RawSlopes:
    """Coefficients for columns that are not standardised: ``slopes`` float64[k, m], ``base`` float64[m]."""

    slopes: NDArray[np.float64]
    base: NDArray[np.float64]


def raw_slopes(scaling: Scaling, coefficients: NDArray[np.float64], intercepts: NDArray[np.float64]) -> RawSlopes:
    """Return coefficients [k, m] of standardised columns as coefficients of the (log1p) columns themselves."""
    slopes = np.ascontiguousarray(coefficients / scaling.scale[:, None])
    return RawSlopes(slopes, intercepts - scaling.centre @ slopes)


def linear_predictors(
    features: Features, scaling: Scaling, coefficients: NDArray[np.float64], intercepts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return ``intercepts + scaled features @ coefficients``; float64[n, m], coefficients [k, m].

    Logarithms of counts come from a table. Raises ``ValueError`` if the features have other columns than the
    scaling.
    """
    scaling.check(features)
    raw = raw_slopes(scaling, coefficients, intercepts)
    totals = np.tile(raw.base, (len(features.values), 1))
    _predict(features.values, scaling.logged, raw.slopes, totals)
    return totals

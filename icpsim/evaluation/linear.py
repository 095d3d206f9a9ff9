"""Linear predictors of standardised features, the common part of the risk score and the prognostic models."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.evaluation.features import Features, is_count

LOG1P = np.log1p(np.arange(1024, dtype=np.float64))
"""log1p of the whole numbers that counts are."""


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
        x: NDArray[np.float64] = _on_log_scale(features.values, self.logged)
        x -= self.centre
        x /= self.scale
        return x

    def check(self, features: Features) -> None:
        """Raise ``ValueError`` unless the features have these columns in this order."""
        if features.names != self.names:
            raise ValueError(f"the model was fitted on {self.names}, not on {features.names}")


def fit_scaling(features: Features, weights: NDArray[np.float64]) -> Scaling:
    """Return the scaling that gives the weighted sample mean 0 and SD 1; a constant column keeps scale 1."""
    logged = np.array([is_count(name) for name in features.names])
    x = _on_log_scale(features.values, logged)
    share = weights / weights.sum()
    centre = share @ x
    spread = np.sqrt(share @ (x - centre) ** 2)
    # Rounding leaves a constant column a spread of about 1e-16 of its value.
    varies = spread > 1e-12 * np.abs(centre)
    return Scaling(features.names, logged, centre, np.where(varies, spread, 1.0))


@njit(cache=True, inline="always")
def log_scale(value, logged):  # type: ignore[no-untyped-def]
    """Return a feature as the models take it: log1p of a count, from a table where it is a whole number."""
    if logged:
        whole = np.int64(value)
        value = LOG1P[whole] if whole < LOG1P.size and whole == value else math.log1p(value)
    return value


@njit(cache=True)
def _on_log_scale(x, logged):  # type: ignore[no-untyped-def]
    z = np.empty(x.shape, np.float64)
    for i in range(x.shape[0]):
        for k in range(x.shape[1]):
            z[i, k] = log_scale(np.float64(x[i, k]), logged[k])
    return z


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

    Raises ``ValueError`` if the features have other columns than the scaling.
    """
    scaling.check(features)
    raw = raw_slopes(scaling, coefficients, intercepts)
    return weighted_sums(features.values, scaling.logged, raw.slopes) + raw.base


@njit(cache=True)
def weighted_sums(x, logged, slopes):  # type: ignore[no-untyped-def]
    """Return the (log1p) columns float32[n, k] times ``slopes`` float64[k, m]; float64[n, m].

    Most columns of most people are 0: those that are not are listed first, which spares a mispredicted branch
    a column.
    """
    total = np.zeros((x.shape[0], slopes.shape[1]))
    held = np.empty(x.shape[1] + 1, np.int64)
    for i in range(x.shape[0]):
        n = 0
        for k in range(x.shape[1]):
            held[n] = k
            n += x[i, k] != 0
        for at in range(n):
            k = held[at]
            z = log_scale(np.float64(x[i, k]), logged[k])
            for m in range(slopes.shape[1]):
                total[i, m] += z * slopes[k, m]
    return total

"""An independent second method on the same simulations: regression-adjusted approximate Bayesian computation.

Simulations near the published effects are weighted by a kernel of their distance and moved to them along a local
linear regression (Beaumont, Zhang and Balding 2002, Genetics 162). It uses no emulator and no normal likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.inference.mechanisms.priors import EXPLANATIONS

Floats = NDArray[np.float64]

ACCEPTED = 0.5
"""Share of simulations within the kernel's reach."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Adjusted parameters float64[n, priors], their weights (adding up to 1), and explanations' probabilities."""

    values: Floats
    weight: Floats
    probabilities: Floats

    def mean(self) -> Floats:
        """Return posterior means; float64[priors]."""
        found: Floats = self.weight @ self.values
        return found

    def sd(self) -> Floats:
        """Return posterior standard deviations; float64[priors]."""
        found: Floats = np.sqrt(self.weight @ (self.values - self.mean()) ** 2)
        return found

    @property
    def effective(self) -> float:
        """How many equally weighted simulations are worth as much."""
        return float(1.0 / (self.weight**2).sum())


def regression_adjusted(
    values: Floats,
    bounds: tuple[Floats, Floats],
    statistics: Floats,
    explanation: NDArray[np.int64],
    log_weight: Floats,
    observed: Floats,
    covariance: Floats,
) -> Adjusted:
    """Return the adjusted draws.

    ``statistics`` float64[n, k] scatter about their expectation as ``observed`` does (``covariance``);
    ``log_weight`` float64[n] is log prior over proposal density. A parameter that is absent stays so; others are
    moved on the logit scale of their ``bounds``.
    """
    factor = np.linalg.cholesky(covariance)
    z = np.linalg.solve(factor, (statistics - observed).T).T
    distance = np.sqrt((z**2).sum(axis=1))
    reach = np.quantile(distance, ACCEPTED)
    kernel = np.maximum(1.0 - (distance / reach) ** 2, 0.0)
    weight = kernel * np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    columns = np.column_stack([np.ones(len(z)), z])
    adjusted = values.copy()
    low, high = bounds
    for k in range(values.shape[1]):
        present = (weight > 0) & (values[:, k] > low[k]) & (values[:, k] < high[k])
        if present.sum() <= columns.shape[1]:
            continue
        unit = (values[present, k] - low[k]) / (high[k] - low[k])
        logit = np.log(unit / (1.0 - unit))
        x, w = columns[present], weight[present]
        slope = np.linalg.lstsq(x * np.sqrt(w)[:, None], logit * np.sqrt(w), rcond=None)[0]
        moved = logit - x[:, 1:] @ slope[1:]
        adjusted[present, k] = low[k] + (high[k] - low[k]) / (1.0 + np.exp(-moved))
    probabilities: Floats = np.bincount(explanation, weight, len(EXPLANATIONS)).astype(np.float64)
    return Adjusted(adjusted, weight, probabilities)

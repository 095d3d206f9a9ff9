"""An independent second method on the same simulations: regression-adjusted approximate Bayesian computation.

Simulations near the published effects are weighted by a kernel of their distance and moved to them along a local
linear regression (Beaumont, Zhang and Balding 2002, Genetics 162). It uses no emulator and no normal likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.inference.mechanisms.posterior import Weighted
from icpsim.inference.mechanisms.priors import ABSENT, EXPLANATIONS

ACCEPTED = 0.5
"""Share of simulations within the kernel's reach."""


@dataclass(frozen=True, slots=True)
class Adjusted(Weighted):
    """Adjusted parameters float64[n, priors], their weights (adding up to 1), and explanations' probabilities."""

    values: Floats
    weight: Floats
    probabilities: Floats


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
    kernel = np.maximum(1.0 - (distance / reach) ** 2, 0.0) * np.exp(log_weight - log_weight.max())
    probabilities = _probabilities(z, explanation, kernel)
    weight, adjusted = np.zeros(len(z)), values.copy()
    for number, probability in enumerate(probabilities):
        mine = np.flatnonzero((explanation == number) & (kernel > 0))
        if mine.size and probability > 0:
            weight[mine] = probability * kernel[mine] / kernel[mine].sum()
            adjusted[mine] = _moved(values[mine], bounds, z[mine], kernel[mine])
    return Adjusted(adjusted, weight / weight.sum(), probabilities)


def _probabilities(z: Floats, explanation: NDArray[np.int64], kernel: Floats) -> Floats:
    """Return probabilities of explanations where statistics are the observed ones, by local logistic regression.

    Beaumont 2008, in Simulation, Genetics and Human Prehistory (Cambridge: McDonald Institute).
    """
    from sklearn.linear_model import LogisticRegression

    near = kernel > 0
    there = np.unique(explanation[near])
    found = np.zeros(len(EXPLANATIONS))
    if there.size == 1:
        found[there] = 1.0
        return found
    model = LogisticRegression(max_iter=1000)
    model.fit(z[near], explanation[near], sample_weight=kernel[near])
    found[model.classes_] = model.predict_proba(np.zeros((1, z.shape[1])))[0]
    return found


def _moved(values: Floats, bounds: tuple[Floats, Floats], z: Floats, kernel: Floats) -> Floats:
    """Return parameters moved to where statistics are the observed ones; those at a bound are absent and stay."""
    columns, root = np.column_stack([np.ones(len(z)), z]), np.sqrt(kernel)
    found, (low, high) = values.copy(), bounds
    for k in range(values.shape[1]):
        inside = (values[:, k] > low[k]) & (values[:, k] < high[k]) & (values[:, k] != ABSENT)
        if inside.sum() <= columns.shape[1]:
            continue
        unit = (values[inside, k] - low[k]) / (high[k] - low[k])
        logit = np.log(unit / (1.0 - unit))
        weighted = columns[inside] * root[inside, None]
        slope = np.linalg.lstsq(weighted, logit * root[inside], rcond=None)[0]
        moved = logit - z[inside] @ slope[1:]
        found[inside, k] = low[k] + (high[k] - low[k]) / (1.0 + np.exp(-moved))
    return found

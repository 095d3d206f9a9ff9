"""Net benefit of decision options, and which is best: by expectation, and draw by draw.

Words and definitions are those of Briggs, Claxton and Sculpher, Decision Modelling for Health Economic Evaluation,
2006. The effect here is emergency admissions avoided, so a willingness to pay is in GBP an admission avoided: this
model has no quality-adjusted life years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from icpsim.base.kinds import Floats
from icpsim.economics.errors import DecisionAnalysisError


@dataclass(frozen=True, slots=True)
class Acceptability:
    """Options at one willingness to pay.

    ``expected``: expected net benefit of each option, float64[options]; ``probability``: how probably each is the
    best, float64[options], adding up to 1; ``best``: the place of the option of highest expected net benefit, and
    ``frontier`` the probability that it is the best (Fenwick, Claxton and Sculpher 2001, Health Econ 10:779).
    """

    threshold: float
    expected: Floats
    probability: Floats
    best: int
    frontier: float


def net_benefit(cost: ArrayLike, effect: ArrayLike, threshold: float) -> Floats:
    """Return net monetary benefit ``threshold * effect - cost``; any shape, GBP. Raises DecisionAnalysisError."""
    costs, effects = np.asarray(cost, np.float64), np.asarray(effect, np.float64)
    if costs.shape != effects.shape:
        raise DecisionAnalysisError(
            f"costs of shape {costs.shape} and effects of shape {effects.shape} do not belong together"
        )
    if not np.isfinite(threshold):
        raise DecisionAnalysisError(f"a willingness to pay of {threshold} is no sum of money")
    found: Floats = threshold * effects - costs
    return found


def weights(benefit: Floats, weight: ArrayLike | None = None) -> Floats:
    """Return weights of draws that add up to 1, by default equal; float64[draws].

    Raises DecisionAnalysisError when ``benefit`` is not float64[draws, options] with both above 0 and finite
    numbers, or weights are negative, all 0, or of another number.
    """
    if benefit.ndim != 2 or 0 in benefit.shape or not np.isfinite(benefit).all():
        raise DecisionAnalysisError(
            f"net benefit must be finite numbers, draws by options, not of shape {benefit.shape}"
        )
    if weight is None:
        return np.full(len(benefit), 1.0 / len(benefit))
    found = np.asarray(weight, np.float64)
    if found.shape != (len(benefit),) or not np.isfinite(found).all() or (found < 0).any() or found.sum() <= 0:
        raise DecisionAnalysisError(f"{len(benefit)} draws need as many weights of 0 or more, not all 0")
    whole: Floats = found / found.sum()
    return whole


def expected(benefit: Floats, weight: ArrayLike | None = None) -> Floats:
    """Return the expected net benefit of each option; float64[options]."""
    found: Floats = weights(benefit, weight) @ benefit
    return found


def probability_best(benefit: Floats, weight: ArrayLike | None = None) -> Floats:
    """Return how probably each option has the highest net benefit; equal ones share it. float64[options]."""
    first = benefit == benefit.max(axis=1, keepdims=True)
    found: Floats = weights(benefit, weight) @ (first / first.sum(axis=1, keepdims=True))
    return found


def acceptability(
    cost: Floats, effect: Floats, thresholds: Sequence[float], weight: ArrayLike | None = None
) -> list[Acceptability]:
    """Return the acceptability curve and frontier: options at every threshold.

    ``cost`` (GBP) and ``effect`` are float64[draws, options] against one reference. Raises DecisionAnalysisError.
    """
    found = []
    for threshold in thresholds:
        benefit = net_benefit(cost, effect, threshold)
        mean, probability = expected(benefit, weight), probability_best(benefit, weight)
        best = int(mean.argmax())
        found.append(Acceptability(threshold, mean, probability, best, float(probability[best])))
    return found

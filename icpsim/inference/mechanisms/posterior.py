"""Draws of the mechanisms given the published effects, by importance sampling from the prior.

Points of the prior of every explanation (a Sobol block each) are weighted with the likelihood. The mean likelihood
of an explanation's points is its evidence; explanations are as probable beforehand unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.base.randomness import REGISTRY, draws
from icpsim.inference.mechanisms.emulator import Emulator
from icpsim.inference.mechanisms.likelihood import log_likelihood
from icpsim.inference.mechanisms.priors import EXPLANATIONS, Prior, from_unit, sobol, to_unit

RESAMPLED = REGISTRY.decision("point of the posterior")
EQUAL = np.full(len(EXPLANATIONS), 1.0 / len(EXPLANATIONS))


@dataclass(frozen=True, slots=True)
class PriorPoints:
    """Points of the prior with their emulated statistics, ready to be weighted.

    ``values`` and ``unit`` float64[n, priors], ``explanation`` int64[n] (numbers in EXPLANATIONS, as many points
    of each), ``mean`` and ``variance`` float64[n, statistics].
    """

    values: Floats
    unit: Floats
    explanation: NDArray[np.int64]
    mean: Floats
    variance: Floats


class Weighted:
    """Points ``values`` float64[n, priors] with their ``weight`` float64[n], which adds up to 1."""

    __slots__ = ()

    values: Floats
    weight: Floats

    @property
    def effective(self) -> float:
        """How many equally weighted points are worth as much (Kish)."""
        return float(1.0 / (self.weight**2).sum())

    def mean(self) -> Floats:
        """Return posterior means; float64[priors]."""
        found: Floats = self.weight @ self.values
        return found

    def sd(self) -> Floats:
        """Return posterior standard deviations; float64[priors]."""
        found: Floats = np.sqrt(self.weight @ (self.values - self.mean()) ** 2)
        return found


@dataclass(frozen=True, slots=True)
class Posterior(Weighted):
    """Weighted points: ``weight`` float64[n] adds up to 1; ``evidence`` float64[explanations] is log evidence."""

    values: Floats
    explanation: NDArray[np.int64]
    weight: Floats
    evidence: Floats

    def probabilities(self) -> Floats:
        """Return the posterior probability of each explanation; float64[explanations]."""
        found: Floats = np.bincount(self.explanation, self.weight, len(EXPLANATIONS)).astype(np.float64)
        return found


def prior_points(priors: Sequence[Prior], each: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return ``each`` points (a power of 2) of every explanation's prior, and which explanation."""
    unit = [sobol(len(priors), each * (k + 1), each) for k in range(len(EXPLANATIONS))]
    values = [from_unit(priors, points, name) for points, name in zip(unit, EXPLANATIONS, strict=True)]
    return np.concatenate(values), np.repeat(np.arange(len(EXPLANATIONS)), each)


def emulated(priors: Sequence[Prior], emulator: Emulator, points: tuple[Floats, NDArray[np.int64]]) -> PriorPoints:
    """Return points with their emulated statistics."""
    values, explanation = points
    unit = to_unit(priors, values)
    return PriorPoints(values, unit, explanation, emulator.mean(unit), emulator.variance(unit))


def weigh(points: PriorPoints, observed: Floats, covariance: Floats, prior: Floats = EQUAL) -> Posterior:
    """Weight points with the likelihood of what was observed; ``prior`` float64[explanations] adds up to 1."""
    log = log_likelihood(observed, points.mean, points.variance, covariance)
    return weighed(points, log, prior)


def weighed(points: PriorPoints, log: Floats, prior: Floats = EQUAL) -> Posterior:
    """Weight points whose log likelihood is known; float64[n]."""
    top = log.max()
    likelihood = np.exp(log - top)
    counts = np.bincount(points.explanation, minlength=len(EXPLANATIONS))
    with np.errstate(divide="ignore"):
        evidence = np.log(np.bincount(points.explanation, likelihood, len(EXPLANATIONS)) / counts) + top
    weight = likelihood * (prior / counts)[points.explanation]
    return Posterior(points.values, points.explanation, weight / weight.sum(), evidence)


def resample(weight: Floats, count: int, key: int) -> NDArray[np.int64]:
    """Return ``count`` rows drawn with these weights, evenly spread over them from one keyed draw (systematic)."""
    start = float(draws(np.array([key], np.uint64), RESAMPLED, 0)[0])
    edges = np.cumsum(weight)
    rows = np.searchsorted(edges, (np.arange(count) + start) / count * edges[-1])
    found: NDArray[np.int64] = np.minimum(rows, len(weight) - 1)
    return found

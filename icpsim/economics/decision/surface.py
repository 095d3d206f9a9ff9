"""What mechanisms make of cost and effect, apart from chance: a Bayesian regression over replicates.

A replicate is one draw of the mechanisms plus chance. Nobody can know chance beforehand, so a decision rests on
expected cost and effect *given* the mechanisms. Instead of many replicates of each draw, every replicate has a
draw of its own, and a regression on the mechanisms, their squares and products parts the two. This takes fewer
worlds, for draws tell of their neighbours (Strong, Oakley and Brennan 2014, Med Decis Making 34:311).

What is not known of the regression is kept: instead of one fitted surface there are many, as probable as the
replicates leave them. One fitted surface would be too flat, and would call decisions surer than they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize

from icpsim.base.randomness import REGISTRY, combine, draws, normal_quantiles
from icpsim.economics.decision.net_benefit import Floats
from icpsim.economics.errors import DecisionAnalysisError

SURFACE = REGISTRY.decision("surface of cost and effect over the mechanisms")
LEAST_REPLICATES = 8
"""Fewer cannot tell chance from mechanisms."""
FLAT = 100.0
"""Prior variance of the mean, in variances of what is regressed: as good as none."""
SIZES = ((-9.0, 4.0), (-9.0, 4.0), (-7.0, 0.5))
"""Logarithms between which the variances of slopes, of squares and products, and of chance are sought."""
LEAST_CHANCE = 1e-6
"""Variance of chance, of values of variance 1, below which they are as good as certain."""
LEAST_COMPONENT = 1e-6
"""Size, of the largest part's, below which a part of the values is rounding."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Mechanisms as they are regressed on: ``middle`` and ``spread`` float64[mechanisms] over the posterior."""

    middle: Floats
    spread: Floats

    def features(self, points: Floats) -> Floats:
        """Return 1, mechanisms, their squares and products; float64[points, features]."""
        z = (points - self.middle) / self.spread
        first, second = np.triu_indices(z.shape[1])
        products = z[:, first] * z[:, second] * np.where(first == second, 1.0, np.sqrt(2.0))
        return np.column_stack([np.ones(len(z)), z, products - (first == second)])


@dataclass(frozen=True, slots=True)
class Component:
    """One independent part of what is regressed, with the variance of its ``chance``.

    ``mean`` float64[features] are its coefficients, ``factor`` float64[features, features] the upper Cholesky
    factor of their precision.
    """

    mean: Floats
    factor: Floats
    chance: float


@dataclass(frozen=True, slots=True)
class Surface:
    """Expected values given the mechanisms, as far as replicates tell; one column of ``targets`` each.

    Values are ``centre + components @ turn``: components share no chance. ``values`` float64[replicates, targets].
    """

    scale: Scale
    centre: Floats
    turn: Floats
    components: tuple[Component, ...]
    values: Floats

    def mean(self, points: Floats) -> Floats:
        """Return the expected values at points float64[n, mechanisms]; float64[n, targets]."""
        found: Floats = self.centre + self.scale.features(points) @ self._coefficients()
        return found

    def samples(self, points: Floats, number: int, seed: int) -> Floats:
        """Return surfaces as probable as the replicates leave them, at points; float64[number, n, targets]."""
        features, count = self.scale.features(points), len(self._coefficients())
        coefficients = np.zeros((number, count, self.turn.shape[1]))
        for place, part in enumerate(self.components):
            key = np.uint64(combine(np.uint64(seed), np.uint64(place)))
            keys = np.array([combine(key, np.uint64(k)) for k in range(number)], np.uint64)
            luck = np.array([normal_quantiles(draws(keys, SURFACE, k)) for k in range(count)])
            moved = part.mean[:, None] + solve_triangular(part.factor, luck)
            coefficients += moved.T[:, :, None] * self.turn[place]
        found: Floats = self.centre + features @ coefficients
        return found

    def chance(self, combination: Floats) -> float:
        """Return the share of the variance of a combination of the values (float64[targets]) that is chance."""
        whole = float((self.values @ combination).var(ddof=1))
        if whole <= 0:
            return 0.0
        part = sum(
            c.chance * float(row @ combination) ** 2 for c, row in zip(self.components, self.turn, strict=True)
        )
        return min(1.0, part / whole)

    def _coefficients(self) -> Floats:
        if not self.components:
            return np.zeros((self.scale.features(self.scale.middle[None, :]).shape[1], self.turn.shape[1]))
        return np.column_stack([part.mean for part in self.components]) @ self.turn


def check_replicates(number: int) -> None:
    """Raise DecisionAnalysisError when replicates are too few to tell mechanisms from chance."""
    if number < LEAST_REPLICATES:
        raise DecisionAnalysisError(
            f"--replicates {number}: at least {LEAST_REPLICATES} are needed to tell mechanisms from chance"
        )


def fit_surface(points: Floats, values: Floats, scale: Scale) -> Surface:
    """Learn expected values from replicates: ``points`` float64[replicates, mechanisms] and their ``values``.

    Values, float64[replicates, targets], are turned so that their parts share neither chance nor, on average, what
    mechanisms make of them: chance that costs and effects share is counted once.
    Raises DecisionAnalysisError for fewer than LEAST_REPLICATES replicates, or numbers that are not finite.
    """
    if len(points) != len(values) or not (np.isfinite(points).all() and np.isfinite(values).all()):
        raise DecisionAnalysisError("mechanisms and values of replicates must be finite, one row a replicate")
    check_replicates(len(points))
    centre, size = values.mean(axis=0), values.std(axis=0)
    size = np.where(size > 0, size, 1.0)
    features, mechanisms = scale.features(points), points.shape[1]
    standard = (values - centre) / size
    white, back = _whitening(features, standard, mechanisms)
    _, found, turn = np.linalg.svd(standard @ white, full_matrices=False)
    kept = found > LEAST_COMPONENT * max(float(found.max()), 1.0)
    spread = found[kept] / np.sqrt(len(values))
    turned = standard @ white @ turn[kept].T / spread
    components = tuple(_fit(features, column, mechanisms) for column in turned.T)
    return Surface(scale, centre, spread[:, None] * turn[kept] @ back * size, components, values)


def _whitening(features: Floats, standard: Floats, mechanisms: int) -> tuple[Floats, Floats]:
    """Return what turns values so that chance has variance 1 and no correlations, and what turns them back."""
    alone = [_fit(features, column, mechanisms) for column in standard.T]
    left = standard - features @ np.column_stack([part.mean for part in alone])
    sizes = np.maximum(left.std(axis=0), LEAST_CHANCE)
    shared = (left / sizes).T @ (left / sizes) / len(left)
    chance = np.sqrt([part.chance for part in alone])
    variance, turn = np.linalg.eigh(shared * np.outer(chance, chance))
    variance = np.maximum(variance, LEAST_CHANCE)
    return turn / np.sqrt(variance), np.sqrt(variance)[:, None] * turn.T


def _fit(features: Floats, values: Floats, mechanisms: int) -> Component:
    """Regress values of mean 0 and variance 1, with the variances under which they are most probable."""
    gram, cross, square, n = features.T @ features, features.T @ values, float(values @ values), len(values)
    kind = np.full(features.shape[1], 2)
    kind[0], kind[1 : 1 + mechanisms] = 0, 1

    def prior(sizes: Floats) -> Floats:
        found: Floats = np.concatenate([[FLAT], np.exp(sizes[:2])])[kind]
        return found

    def surprise(sizes: Floats) -> float:
        chance, variance = float(np.exp(sizes[2])), prior(sizes)
        factor = cho_factor(gram / chance + np.diag(1.0 / variance))
        mean = cho_solve(factor, cross / chance)
        logs = n * np.log(chance) + np.log(variance).sum() + 2.0 * np.log(np.diag(factor[0])).sum()
        return float(0.5 * (logs + (square - cross @ mean) / chance))

    starts = [np.array([-4.0, -6.0, -0.2]), np.array([-3.0, -4.0, -2.0])]
    tried = [minimize(surprise, start, method="L-BFGS-B", bounds=SIZES) for start in starts]
    best: Floats = min(tried, key=lambda one: float(one.fun)).x
    chance = float(np.exp(best[2]))
    factor, _ = cho_factor(gram / chance + np.diag(1.0 / prior(best)))
    return Component(cho_solve((factor, False), cross / chance), np.triu(factor), chance)

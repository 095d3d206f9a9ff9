"""Least squares from simulated figures to the evidence's ranges, with priors on shapes, and what that leaves open.

A residual is (simulated - middle of the range) in units of the range read as a 90% interval, times the square
root of the target's weight; shapes add one residual each, their distance from the prior. The same seed is used
at every point, so that two points differ by their parameters and by nothing else, and figures are means over a few
seeds, so that the fit is not to the chance of one. Derivatives are measured by
differences at the start and again when the search has gone far or long without, and follow the steps in between
(Broyden 1965, Math Comp 19:577), since measuring them takes as many simulations as there are parameters. The
uncertainty is Laplace's: the inverse of the residuals' curvature at the fit, with chance between seeds added to
each range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from icpsim.base.kinds import Progress
from icpsim.base.randomness import REGISTRY, combine, draws, normal_quantiles
from icpsim.inference.natural_history.aims import Aim
from icpsim.inference.natural_history.free import FreeParameter, bounds, overrides_at, start_point
from icpsim.inference.natural_history.simulations import Simulation
from icpsim.runs.engine import Store

Vector = NDArray[np.float64]
_DRAW_KEY = 20091122
SPREAD = REGISTRY.decision("draw of the natural history's uncertainty")
_LONG = 8
"""Accepted steps after which derivatives are measured anew; sooner when any parameter has moved far."""
_FAR_FROM_MEASURED = 8.0
"""Far, in steps of the differences by which derivatives are measured."""
_FAR = 3.0
"""Residuals beyond this count by their size, not its square: one hopeless target does not steer the whole fit."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the search ended: ``point`` and ``covariance`` on the log scale, ``jacobian`` d figure / d point.

    ``figures`` float64[aims] are means over the fit's own seeds; ``chance`` float64[aims] the SD between seeds;
    ``cost`` half the sum of squares after every accepted step.
    """

    free: tuple[FreeParameter, ...]
    aims: tuple[Aim, ...]
    point: Vector
    covariance: NDArray[np.float64]
    jacobian: NDArray[np.float64]
    figures: Vector
    chance: Vector
    cost: tuple[float, ...]

    @property
    def sd(self) -> Vector:
        """SD of each parameter on the log scale, about its relative uncertainty; float64[parameters]."""
        return np.sqrt(np.diag(self.covariance))


class Search:
    """The residuals and their derivatives at any point, from stored simulations."""

    def __init__(
        self,
        free: Sequence[FreeParameter],
        aims: Sequence[Aim],
        store: Store,
        seeds: Sequence[int],
        practices: int,
        progress: Progress,
        held: Mapping[str, float] | None = None,
    ) -> None:
        self.free, self.aims, self.store = tuple(free), tuple(aims), store
        self.held = dict(held or {})
        self.seeds, self.practices, self.progress = tuple(seeds), practices, progress
        self.middle = np.array([aim.middle for aim in aims])
        self.scale = np.sqrt([aim.weight for aim in aims]) / np.array([aim.sd for aim in aims])
        self.inverse_prior_sd = np.array([1.0 / parameter.prior_sd for parameter in free])
        self.prior_mean = np.array([parameter.prior_mean for parameter in free])
        self.cost: list[float] = []
        self.inside = 0
        self._last: tuple[Vector, Vector, NDArray[np.float64]] | None = None
        self._measured: tuple[int, Vector] = 0, self.prior_mean

    def figures(
        self, points: Sequence[Vector], what: str, seeds: Sequence[int] | None = None
    ) -> NDArray[np.float64]:
        """Return simulated figures; float64[points, aims]."""
        wanted = [
            Simulation({**self.held, **overrides_at(self.free, point)}, seed, self.practices)
            for point, seed in zip(points, seeds or [self.seeds[0]] * len(points), strict=True)
        ]
        found = self.store.figures(wanted, self.progress, what)
        return np.array([[one[aim.name] for aim in self.aims] for one in found])

    def figures_with(self, values: dict[str, float], seed: int, what: str) -> Vector:
        """Return figures simulated with these parameter values; float64[aims]."""
        (found,) = self.store.figures(
            [Simulation({**self.held, **values}, seed, self.practices)], self.progress, what
        )
        return np.array([found[aim.name] for aim in self.aims])

    def mean_figures(self, point: Vector) -> Vector:
        """Return figures at a point, the mean over the fit's seeds; float64[aims]."""
        points = [point] * len(self.seeds)
        found: Vector = self.figures(points, f"trying a step; {self.told()}", self.seeds).mean(axis=0)
        return found

    def residuals(self, point: Vector) -> Vector:
        """Return weighted residuals of targets, then of priors."""
        figures = self.mean_figures(point)
        self.inside = sum(aim.inside(value) for aim, value in zip(self.aims, figures, strict=True))
        prior = (point - self.prior_mean) * self.inverse_prior_sd
        return np.concatenate([(figures - self.middle) * self.scale, prior])

    def slopes(self, point: Vector) -> NDArray[np.float64]:
        """Return d figure / d point by one-sided differences at the first seed, away from near bounds."""
        low, high = bounds(self.free)
        steps = np.array([parameter.step for parameter in self.free])
        steps = np.where(point + steps <= high, steps, -steps)
        steps = np.where(point + steps >= low, steps, 0.5 * (high - low) * np.sign(steps))
        moved = [point + step * unit for step, unit in zip(steps, np.eye(len(point)), strict=True)]
        figures = self.figures([point, *moved], f"measuring slopes; {self.told()}")
        return ((figures[1:] - figures[0]) / steps[:, None]).T

    def jacobian(self, point: Vector) -> NDArray[np.float64]:
        """Return the derivatives of ``residuals``, measured anew or following the last step."""
        residuals = self.residuals(point)
        self.cost.append(0.5 * float(residuals @ residuals))
        if self._last is None or self._is_due(point):
            slopes = np.vstack([self.scale[:, None] * self.slopes(point), np.diag(self.inverse_prior_sd)])
            self._measured = len(self.cost), point.copy()
        else:
            before, there, slopes = self._last
            step = point - before
            unforeseen = residuals - there - slopes @ step
            slopes = slopes + np.outer(unforeseen, step) / float(step @ step)
        self._last = point.copy(), residuals, slopes
        return slopes

    def _is_due(self, point: Vector) -> bool:
        at, where = self._measured
        steps = np.array([parameter.step for parameter in self.free])
        return len(self.cost) - at >= _LONG or bool((np.abs(point - where) / steps).max() > _FAR_FROM_MEASURED)

    def latest_slopes(self) -> NDArray[np.float64]:
        """Return d figure / d point as last measured or followed; float64[aims, parameters]."""
        if self._last is None:
            raise RuntimeError("no derivatives were asked for yet")
        slopes: NDArray[np.float64] = self._last[2][: len(self.aims)] / self.scale[:, None]
        return slopes

    def told(self) -> str:
        """Say how far the fit is, for the progress bar."""
        cost = f", misfit {self.cost[-1]:.0f}" if self.cost else ""
        return f"{self.inside} of {len(self.aims)} targets inside{cost}"


def fit_natural_history(search: Search, steps: int) -> Fit:
    """Search for the least squares in at most ``steps`` steps and return the fit; it needs at least two seeds."""
    found = least_squares(
        search.residuals,
        start_point(search.free),
        jac=search.jacobian,
        bounds=bounds(search.free),
        max_nfev=steps,
        x_scale="jac",
        loss="soft_l1",
        f_scale=_FAR,
        ftol=2e-3,
        xtol=1e-4,
    )
    point: Vector = found.x
    slopes = search.latest_slopes()
    repeats = search.figures([point] * len(search.seeds), "reading the fit", search.seeds)
    chance = repeats.std(axis=0, ddof=1)
    spread = np.sqrt(np.array([aim.sd for aim in search.aims]) ** 2 + chance**2 / len(search.seeds))
    weighted = np.sqrt([aim.weight for aim in search.aims])[:, None] * slopes / spread[:, None]
    curvature = weighted.T @ weighted + np.diag(search.inverse_prior_sd**2)
    return Fit(
        free=search.free,
        aims=search.aims,
        point=point,
        covariance=np.linalg.inv(curvature),
        jacobian=slopes,
        figures=repeats.mean(axis=0),
        chance=chance,
        cost=tuple(search.cost),
    )


def draws_of(fit: Fit, number: int) -> NDArray[np.float64]:
    """Return points spread as the fit's uncertainty, within the bounds; float64[number, parameters]."""
    people = np.arange(number, dtype=np.uint64)
    keys = np.array([combine(np.uint64(_DRAW_KEY), person) for person in people], np.uint64)
    normal = np.column_stack([normal_quantiles(draws(keys, SPREAD, k)) for k in range(len(fit.point))])
    points = fit.point + normal @ np.linalg.cholesky(fit.covariance).T
    low, high = bounds(fit.free)
    inside: NDArray[np.float64] = np.clip(points, low, high)
    return inside

"""Why a target is missed: what else would have to give way, and which bounds stand in the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.inference.natural_history.fit import Fit
from icpsim.inference.natural_history.free import bounds

_AT_BOUND = 1e-3
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Clash:
    """A missed target: how far it is off, in half-widths of its range, and what reaching the range would cost.

    ``pays`` names other targets and the half-widths by which they would move further from their middles;
    ``held`` names parameters that lie at the end of their plausible range and would have to go beyond it;
    ``mean`` is the figure's mean over the fit's own seeds, ``inside_in_mean`` whether that is inside.
    """

    target: str
    off: float
    pays: tuple[tuple[str, float], ...]
    held: tuple[str, ...]
    mean: float
    inside_in_mean: bool

    def reason(self) -> str:
        """Say it in a sentence."""
        parts = []
        if self.inside_in_mean:
            return (
                f"chance at the seed of the check: the mean over the seeds of the fit, {self.mean:.4g}, is inside"
            )
        if self.pays:
            told = ", ".join(f"{name} {by:+.1f}" for name, by in self.pays)
            parts.append(f"reaching the range would move, in half-widths of their own ranges: {told}")
        if self.held:
            parts.append(f"held at the end of the plausible range: {', '.join(self.held)}")
        return "; ".join(parts) or f"within reach, but the search stopped before it (mean {self.mean:.4g})"


def clashes(fit: Fit, figures: NDArray[np.float64]) -> tuple[Clash, ...]:
    """Return a Clash for every target outside its range, by the linearised fit; ``figures`` float64[aims]."""
    half = np.array([0.5 * (aim.high - aim.low) for aim in fit.aims])
    middle = np.array([aim.middle for aim in fit.aims])
    low, high = bounds(fit.free)
    at_low, at_high = fit.point - low < _AT_BOUND, high - fit.point < _AT_BOUND
    free = ~(at_low | at_high)
    found = []
    for j, aim in enumerate(fit.aims):
        value = figures[j]
        if aim.inside(value):
            continue
        wanted = (aim.low if value < aim.low else aim.high) - value
        move = _cheapest(fit, j, wanted, free)
        shift = fit.jacobian @ move
        away = (np.abs(figures + shift - middle) - np.abs(figures - middle)) / half
        away[j] = 0.0
        order = np.argsort(-away)[:_MOST_NAMED]
        pays = tuple((fit.aims[i].name, float(away[i])) for i in order if away[i] > 0.1)
        pull = np.sign(wanted) * fit.jacobian[j]
        blocked = (at_low & (pull < 0)) | (at_high & (pull > 0))
        strongest = np.argsort(-np.abs(pull) * fit.sd)
        held = tuple(fit.free[i].name for i in strongest if blocked[i])[:_MOST_NAMED]
        mean = float(fit.figures[j])
        found.append(Clash(aim.name, float((value - middle[j]) / half[j]), pays, held, mean, aim.inside(mean)))
    return tuple(found)


def _cheapest(fit: Fit, j: int, wanted: float, free: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the step of least cost, of parameters off their bounds, that moves figure ``j`` by ``wanted``."""
    curvature = np.linalg.inv(fit.covariance)[np.ix_(free, free)]
    slope = fit.jacobian[j, free]
    direction = np.linalg.solve(curvature, slope)
    step = np.zeros(len(free))
    reach = float(slope @ direction)
    if reach > 0:
        step[free] = direction * (wanted / reach)
    return step

"""A synthetic control: the convex combination of other areas that lived most like one area before.

Abadie, Diamond and Hainmueller 2010 (JASA 105) for the method and for placebo inference by rank; the estimate less
the gap that was there before is that of Ferman and Pinto 2021 (Quantitative Economics 12).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from icpsim.base.kinds import Floats


@dataclass(frozen=True, slots=True)
class Gap:
    """One area against its synthetic control.

    ``weights`` float64[donors], at least 0 and 1 together; ``before`` and ``after`` are log ratios of the area's
    mean rate to the synthetic one's; ``misfit`` is the root mean square difference before over the area's mean
    rate.
    """

    weights: Floats
    before: float
    after: float
    misfit: float


def simplex_weights(donors: Floats, target: Floats) -> Floats:
    """Return the weights on a simplex that bring the donors nearest to the target in least squares.

    ``donors`` float64[periods, n], ``target`` float64[periods]. With weights that sum to 1, the residual is a
    point of the convex hull of the donors' differences from the target, and the one nearest to the origin is found
    by non-negative least squares with a row of ones (Lawson and Hanson 1974, Solving Least Squares Problems, ch.
    23), without iteration to a tolerance.
    """
    apart = (donors - target[:, None]) / np.abs(target).mean()
    system = np.vstack([apart, np.ones(donors.shape[1])])
    found, _ = nnls(system, np.append(np.zeros(len(target)), 1.0))
    weights: Floats = found / found.sum()
    return weights


def synthetic_gap(target: Floats, donors: Floats, periods_before: int) -> Gap:
    """Fit on the first ``periods_before`` periods, compare in the others.

    ``target`` float64[periods] and ``donors`` float64[periods, n] are rates. ``nan`` where a rate is 0.
    """
    n = periods_before
    weights = simplex_weights(donors[:n], target[:n])
    synthetic = donors @ weights
    with np.errstate(divide="ignore", invalid="ignore"):
        before, after = (np.log(target[s].mean() / synthetic[s].mean()) for s in (slice(n), slice(n, None)))
        misfit = np.sqrt(np.mean((target[:n] - synthetic[:n]) ** 2)) / target[:n].mean()
    return Gap(weights, float(before), float(after), float(misfit))

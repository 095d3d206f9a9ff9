"""What it is worth to know some mechanisms and not the others: conditional expectations by regression splines.

The value of knowing a parameter is that of deciding on expected net benefit given it. That expectation is
regressed on smooth functions of the parameter (Strong, Oakley and Brennan 2014, Med Decis Making 34:311).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from icpsim.economics.decision.net_benefit import Floats, expected, weights
from icpsim.economics.errors import DecisionAnalysisError

KNOTS = 4
"""Knots of a cubic spline, ends included: its shape is then free in as many places as it has bends to show."""
TIED = 0.05
"""Share of draws with one same value (0 where an explanation has no such mechanism) that gets its own step."""
LEAST_PART = 1e-9
"""Size, of the largest part's, below which a function is a combination of others."""


def smooth_functions(known: Floats, weight: ArrayLike | None = None) -> Floats:
    """Return smooth functions of what is known, float64[draws, parameters], orthonormal under weights of draws.

    A spline of each parameter, with a step at a value that many draws share, and products of every two parameters;
    the expectation of g given them is ``f @ (f.T * weight @ g)``. float64[draws, functions].
    """
    if known.ndim != 2 or 0 in known.shape:
        raise DecisionAnalysisError(
            f"what is known must be float64[draws, parameters], not of shape {known.shape}"
        )
    share = weights(known, weight)
    parts = [np.ones((len(known), 1)), *(_spline(column, share) for column in known.T)]
    middle = share @ known
    spread = np.sqrt(share @ (known - middle) ** 2)
    z = (known - middle) / np.where(spread > 0, spread, 1.0)
    parts += [(z[:, a] * z[:, b])[:, None] for a, b in combinations(range(z.shape[1]), 2)]
    root = np.sqrt(share)[:, None]
    left, size, _ = np.linalg.svd(root * np.column_stack(parts), full_matrices=False)
    found: Floats = left[:, size > LEAST_PART * size.max()] / np.where(root > 0, root, np.inf)
    return found


def information_on(functions: Floats, benefit: Floats, weight: ArrayLike | None = None) -> float:
    """Return the value of knowing what ``functions`` (:func:`smooth_functions`) are functions of.

    In the unit of net benefit float64[draws, options], which is to be expected net benefit given each draw.
    """
    share = weights(benefit, weight)
    given = functions @ ((functions.T * share) @ benefit)
    return max(0.0, float(share @ given.max(axis=1) - expected(benefit, weight).max()))


def _spline(values: Floats, share: Floats) -> Floats:
    """Return functions of one parameter: a cubic spline of the values, and a step where many are the same."""
    from sklearn.preprocessing import SplineTransformer

    distinct, place = np.unique(values, return_inverse=True)
    each = np.bincount(place, weights=share)
    steps = [(values == distinct[k])[:, None].astype(np.float64) for k in np.flatnonzero(each > TIED)]
    rest = distinct[each <= TIED]
    if len(rest) <= KNOTS:
        return np.column_stack([values, *steps])
    knots = np.quantile(rest, np.linspace(0.0, 1.0, KNOTS))[:, None]
    spline = SplineTransformer(degree=3, knots=knots, extrapolation="linear").fit(rest[:, None])
    return np.column_stack([spline.transform(values[:, None]), *steps])

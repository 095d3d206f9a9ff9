"""Contrasts of one group over time and of two groups at one time, with clustered errors in closed form.

The two halves of a difference-in-differences (:mod:`icpsim.evaluation.did`), each of which leaves out the other's
comparison. All functions take one row a person, float64[n], and return ``nan`` where there is no event.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.did import Clusters, Effect, Floats, clustered_se


def _effect(estimate: float, influence: Floats, clusters: Clusters, n_rows: int) -> Effect:
    se = {name: clustered_se(influence, c, n_rows, 2) for name, c in clusters.items()}
    return Effect(float(estimate), se)


def _nothing(clusters: Clusters) -> Effect:
    return Effect(float("nan"), dict.fromkeys(clusters, float("nan")))


def change_ratio(before: Floats, after: Floats, clusters: Clusters) -> Effect:
    """Return the log ratio of the rate after to the rate before (saturated Poisson of one group)."""
    if not (before.any() and after.any()):
        return _nothing(clusters)
    influence = after / after.sum() - before / before.sum()
    return _effect(np.log(after.sum() / before.sum()), influence, clusters, 2 * before.size)


def change_difference(before: Floats, after: Floats, clusters: Clusters) -> Effect:
    """Return the mean change, after less before, in the unit of the amounts."""
    change = after - before
    return _effect(change.mean(), (change - change.mean()) / change.size, clusters, 2 * change.size)


def group_ratio(amount: Floats, treated: NDArray[np.bool_], weights: Floats, clusters: Clusters) -> Effect:
    """Return the log ratio of the treated's rate to the others' (saturated weighted Poisson)."""
    if not (amount[treated].any() and amount[~treated].any()):
        return _nothing(clusters)
    estimate, influence = 0.0, np.empty(amount.size)
    for group, side in ((treated, 1.0), (~treated, -1.0)):
        w, a = weights[group], amount[group]
        rate = (w @ a) / w.sum()
        estimate += side * float(np.log(rate))
        influence[group] = side * w * (a - rate) / (w @ a)
    return _effect(estimate, influence, clusters, amount.size)


def group_difference(amount: Floats, treated: NDArray[np.bool_], weights: Floats, clusters: Clusters) -> Effect:
    """Return the treated's mean less the others' (weighted least squares), in the unit of the amounts."""
    estimate, influence = 0.0, np.empty(amount.size)
    for group, side in ((treated, 1.0), (~treated, -1.0)):
        w, a = weights[group], amount[group]
        mean = (w @ a) / w.sum()
        estimate += side * mean
        influence[group] = side * w * (a - mean) / w.sum()
    return _effect(estimate, influence, clusters, amount.size)

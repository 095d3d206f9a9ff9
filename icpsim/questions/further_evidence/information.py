"""How much evidence tells of an explanation, in bits, and of a true effect, in standard deviation left.

The information that evidence X gives about which of k explanations is at work, on average over what X may turn out
to be, is their mutual information (Lindley 1956, Ann Math Stat 27). Simulations bound it from below by the
score of any forecast: prior entropy less the mean log loss of forecasts of simulations that were not learnt from.
Here the forecaster is a ridge-penalised multinomial logistic regression, the penalty chosen inside each fold. A
score that comes out below 0 says that nothing was learnt. What nothing would give is found by permuting X.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.base.randomness import REGISTRY, combine, draws
from icpsim.inference.mechanisms.information import entropy

Ints = NDArray[np.int64]

FOLDS = 6
"""Parts into which simulations are cut; each is forecast from the others."""
PENALTIES = (0.003, 0.03, 0.3)
"""Inverse ridge penalties (scikit-learn's C) that are tried inside each fold, per standardised column."""
RIDGES = (1.0, 10.0, 100.0, 1000.0, 10000.0)
"""Ridge penalties of the true effect's regression, tried inside each fold; the last leaves little but the mean."""
PERMUTED = REGISTRY.decision("permutation of further evidence")


@dataclass(frozen=True, slots=True)
class Told:
    """What evidence tells.

    ``bits`` about the explanation with its standard error ``bits_se`` over pasts; ``null_mean`` and ``null_95``
    the mean and 95th percentile of bits when evidence is permuted; ``loss`` float64[n] log losses in bits, one a
    simulation; ``sd_left`` the SD of the true effect left, over that before, with its standard error.
    """

    bits: float
    bits_se: float
    null_mean: float
    null_95: float
    loss: Floats
    sd_left: float
    sd_left_se: float


def told(
    evidence: Floats,
    explanation: Ints,
    past: Ints,
    effect: Floats,
    permutations: int,
    key: int = 0,
    on_effect: Floats | None = None,
) -> Told:
    """Return what evidence float64[n, k] tells of explanations int64[n] and of true effects float64[n].

    ``on_effect`` float64[n, j] are the columns from which the effect is forecast; by default all.
    Simulations that share a past share chance, so folds are of whole pasts, and errors clustered on them.
    ``permutations`` of the evidence say what nothing would give; ``key`` names them. Raises ``ValueError`` when
    there are fewer than two pasts, or not every explanation is there.
    """
    _check(explanation, past)
    loss = log_losses(evidence, explanation, past)
    kinds = np.bincount(explanation) / len(explanation)
    before = entropy(kinds)
    null = np.array(
        [
            before - log_losses(evidence[shuffled(len(past), key, k)], explanation, past).mean()
            for k in range(permutations)
        ]
    )
    left, left_se = sd_left(evidence if on_effect is None else on_effect, effect, past)
    return Told(
        before - float(loss.mean()),
        clustered_error(loss, past),
        float(null.mean()) if permutations else float("nan"),
        float(np.quantile(null, 0.95)) if permutations else float("nan"),
        loss,
        left,
        left_se,
    )


def log_losses(evidence: Floats, explanation: Ints, past: Ints) -> Floats:
    """Return the log loss, in bits, of forecasts of each simulation from the other pasts'; float64[n]."""
    from sklearn.linear_model import LogisticRegression

    loss = np.empty(len(explanation))
    for test in folds(past):
        x, z = standardised(evidence[~test], evidence[test])
        best = _best_penalty(x, explanation[~test], past[~test])
        model = LogisticRegression(C=best, max_iter=500).fit(x, explanation[~test])
        loss[test] = _loss(model, z, explanation[test])
    return loss


def _best_penalty(x: Floats, explanation: Ints, past: Ints) -> float:
    """Choose the penalty by one more division of what is learnt from."""
    from sklearn.linear_model import LogisticRegression

    held = folds(past)[0]
    if len(np.unique(explanation[~held])) < len(np.unique(explanation)):
        return PENALTIES[0]
    losses = [
        _loss(LogisticRegression(C=c, max_iter=500).fit(x[~held], explanation[~held]), x[held], explanation[held])
        for c in PENALTIES
    ]
    return PENALTIES[int(np.argmin([one.mean() for one in losses]))]


def _loss(model: object, x: Floats, explanation: Ints) -> Floats:
    chances = model.predict_proba(x)  # type: ignore[attr-defined]
    at = np.searchsorted(model.classes_, explanation)  # type: ignore[attr-defined]
    found: Floats = -np.log2(np.maximum(chances[np.arange(len(x)), at], 1e-12))
    return found


def folds(past: Ints) -> list[NDArray[np.bool_]]:
    """Return which simulations each fold forecasts: whole pasts, at most FOLDS of them."""
    names = np.unique(past)
    count = min(FOLDS, len(names))
    return [np.isin(past, names[k::count]) for k in range(count)]


def standardised(learnt: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Return both with the learnt ones' means 0 and SDs 1; a missing number counts as the mean."""
    centre = np.nanmean(learnt, axis=0)
    spread = np.nanstd(learnt, axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = [np.nan_to_num((x - centre) / spread) for x in (learnt, other)]
    return scaled[0], scaled[1]


def sd_left(evidence: Floats, effect: Floats, past: Ints) -> tuple[float, float]:
    """Return the error of forecasts of the effect over that without evidence, and its standard error.

    Both are forecast from other pasts, by ridge regression and by their mean; the error is from leaving out one
    past after another (jackknife).
    """
    from sklearn.linear_model import Ridge

    with_it, without = np.empty(len(effect)), np.empty(len(effect))
    for test in folds(past):
        x, z = standardised(evidence[~test], evidence[test])
        best = _best_ridge(x, effect[~test], past[~test])
        with_it[test] = effect[test] - Ridge(best).fit(x, effect[~test]).predict(z)
        without[test] = effect[test] - effect[~test].mean()
    names = np.unique(past)
    ratios = np.array([_ratio(with_it[past != name], without[past != name]) for name in names])
    m = len(names)
    return _ratio(with_it, without), float(np.sqrt((m - 1) / m * ((ratios - ratios.mean()) ** 2).sum()))


def _best_ridge(x: Floats, effect: Floats, past: Ints) -> float:
    """Choose the penalty by forecasts of other pasts among those that are learnt from."""
    from sklearn.linear_model import Ridge

    if len(np.unique(past)) < 2:
        return RIDGES[-1]
    errors = [
        sum(
            float(((effect[held] - Ridge(ridge).fit(x[~held], effect[~held]).predict(x[held])) ** 2).sum())
            for held in folds(past)
        )
        for ridge in RIDGES
    ]
    return RIDGES[int(np.argmin(errors))]


def _ratio(with_it: Floats, without: Floats) -> float:
    return float(np.sqrt((with_it**2).sum() / max((without**2).sum(), 1e-300)))


def clustered_error(values: Floats, past: Ints) -> float:
    """Return the standard error of a mean of values that go together within pasts."""
    names, at = np.unique(past, return_inverse=True)
    sums = np.bincount(at, values - values.mean())
    m = len(names)
    return float(np.sqrt(m / (m - 1) * (sums**2).sum()) / len(values)) if m > 1 else float("nan")


def shuffled(count: int, key: int, number: int) -> Ints:
    """Return rows in the order of keyed draws; int64[count]."""
    keys = np.array([combine(np.uint64(key), np.uint64(k)) for k in range(count)], np.uint64)
    found: Ints = np.argsort(draws(keys, PERMUTED, number), kind="stable")
    return found


def _check(explanation: Ints, past: Ints) -> None:
    if len(np.unique(past)) < 2:
        raise ValueError("simulations of one past alone cannot forecast another")
    if (np.bincount(explanation) == 0).any():
        raise ValueError("an explanation has no simulation")

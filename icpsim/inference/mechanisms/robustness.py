"""How the answers move when what was assumed moves: priors, published errors, and each target left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from icpsim.base.intervals import MATERIAL
from icpsim.base.kinds import Floats
from icpsim.inference.mechanisms.aims import Aim
from icpsim.inference.mechanisms.likelihood import log_likelihood
from icpsim.inference.mechanisms.posterior import EQUAL, Posterior, PriorPoints, weigh, weighed
from icpsim.inference.mechanisms.priors import EXPLANATIONS, Prior


@dataclass(frozen=True, slots=True)
class Answers:
    """What a planner asks of the posterior, under one set of assumptions.

    ``probabilities`` of the explanations; probabilities that emergency admissions truly ``rose``, ``fell`` or
    ``stayed`` (within MATERIAL of none) at case-management sites; mean and sd of that true effect, log rate ratio.
    """

    assumption: str
    probabilities: Floats
    rose: float
    fell: float
    stayed: float
    effect: float
    effect_sd: float


def answers(assumption: str, posterior: Posterior, effect: Floats, unknown: Floats) -> Answers:
    """Return the answers; ``effect`` float64[n] is emulated, with variance ``unknown`` float64[n]."""
    from scipy.special import ndtr

    w, sd = posterior.weight, np.sqrt(np.maximum(unknown, 1e-12))
    rose = float(w @ ndtr((effect - MATERIAL) / sd))
    fell = float(w @ ndtr((-MATERIAL - effect) / sd))
    mean = float(w @ effect)
    spread = float(np.sqrt(w @ ((effect - mean) ** 2 + unknown)))
    return Answers(assumption, posterior.probabilities(), rose, fell, 1.0 - rose - fell, mean, spread)


def under_other_assumptions(
    priors: Sequence[Prior],
    points: PriorPoints,
    aims: Sequence[Aim],
    covariance: Floats,
    effect: tuple[Floats, Floats],
) -> tuple[Answers, ...]:
    """Return the answers as assumed, under other priors, other published errors, and without each target."""
    observed = np.array([aim.observed for aim in aims])
    log = log_likelihood(observed, points.mean, points.variance, covariance)
    found = [answers("as assumed", weighed(points, log), *effect)]
    for part, what in (("detection", "detection"), ("selection", "selection")):
        for half, told in ((True, "at most half as strong"), (False, "at least half as strong")):
            found.append(
                answers(f"{what}: {told}", weighed(points, log + _halved(priors, points, part, half)), *effect)
            )
    for k, name in enumerate(EXPLANATIONS):
        prior = np.where(np.arange(len(EXPLANATIONS)) == k, 0.4, 0.2)
        found.append(answers(f"'{name}' twice as probable as each other", weighed(points, log, prior), *effect))
    wider = weigh(points, observed, covariance + np.diag(np.array([aim.se for aim in aims]) ** 2))
    found.append(answers("published errors added to chance", wider, *effect))
    own = np.sqrt(np.diag(covariance))
    literal = covariance * np.outer(*[np.array([aim.se for aim in aims]) / own] * 2)
    found.append(answers("published errors at their word", weigh(points, observed, literal), *effect))
    for k, aim in enumerate(aims):
        found.append(answers(f"without {aim.target}", without(points, aims, covariance, k), *effect))
    return tuple(found)


def _halved(priors: Sequence[Prior], points: PriorPoints, part: str, lower: bool) -> Floats:
    """Return log prior weights that leave only half of the range of an explanation's parameters."""
    found = np.zeros(len(points.unit))
    for k, prior in enumerate(priors):
        if prior.explanation == part:
            away = np.abs(points.values[:, k]) / max(abs(prior.low), abs(prior.high))
            acts = np.array([prior.acts(EXPLANATIONS[e]) for e in points.explanation])
            found += np.where(acts & ((away < 0.5) != lower), -np.inf, 0.0)
    return found


def without(points: PriorPoints, aims: Sequence[Aim], covariance: Floats, left_out: int) -> Posterior:
    """Return the posterior that one aim has not informed."""
    kept = [k for k in range(len(aims)) if k != left_out]
    fewer = replace(points, mean=points.mean[:, kept], variance=points.variance[:, kept])
    observed = np.array([aims[k].observed for k in kept])
    return weigh(fewer, observed, covariance[np.ix_(kept, kept)], EQUAL)


def tension(points: PriorPoints, aims: Sequence[Aim], covariance: Floats) -> Floats:
    """Return how far each target lies from what all others predict, in standard deviations; float64[aims]."""
    found = np.empty(len(aims))
    for k, aim in enumerate(aims):
        posterior = without(points, aims, covariance, k)
        mean = posterior.weight @ points.mean[:, k]
        variance = posterior.weight @ ((points.mean[:, k] - mean) ** 2 + points.variance[:, k]) + covariance[k, k]
        found[k] = (aim.observed - mean) / np.sqrt(variance)
    return found

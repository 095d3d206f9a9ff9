"""A made-up evaluation whose posterior is known: statistics linear in the mechanisms, with normal chance."""

from __future__ import annotations

import numpy as np

from icpsim.inference.mechanisms.aims import Aim
from icpsim.inference.mechanisms.priors import EXPLANATIONS, Prior, from_unit, to_unit
from icpsim.inference.mechanisms.waves import Wave, first_points

PRIORS = (
    Prior("mechanisms.unmet_need_detection", "", 0.0, 0.4, "detection", "JUDGEMENT", "made up"),
    Prior("mechanisms.deterioration_referral", "", 0.0, 0.5, "selection", "JUDGEMENT", "made up"),
    Prior("mechanisms.avoidable_reduction", "", 0.0, 0.4, "", "JUDGEMENT", "made up"),
)
NAMES = ("a", "b", "c")
SLOPES = np.array([[0.5, 0.5, -0.3], [0.3, 0.0, 0.1], [0.0, 0.2, 0.6]])
"""Change of each statistic (rows) from end to end of each parameter."""
CHANCE = np.array([[1.0, 0.5, 0.0], [0.5, 1.0, 0.2], [0.0, 0.2, 1.0]]) * 0.08**2
EFFECT = np.array([0.4, 0.0, -0.5])
"""The same of the true effect, which selection leaves alone."""


def aims(observed, published=0.01):
    """Aims whose published errors are below chance, unless told."""
    return tuple(Aim(n, n, float(x), published, False, "RECALL") for n, x in zip(NAMES, observed, strict=True))


def simulated(values, explanation, past, seed=1):
    """Return what evaluations of these parameters find, as a wave."""
    rng = np.random.default_rng(seed)
    unit = to_unit(PRIORS, values)
    found = unit @ SLOPES.T + rng.multivariate_normal(np.zeros(3), CHANCE, len(unit))
    statistics = dict(zip(NAMES, found.T, strict=True)) | {
        "effect": unit @ EFFECT + rng.normal(0, 0.01, len(unit))
    }
    return Wave(values, unit, explanation, np.zeros(len(unit)), past, statistics)


def first_wave(each=64, seed=1):
    """Return a first wave, all over the prior; eight points to a past."""
    values, explanation = first_points(PRIORS, each, 8)
    return simulated(values, explanation, np.arange(len(values)) // 8, seed)


def exact(observed, covariance, each=60):
    """Posterior mean, SD and probabilities of explanations by a fine grid over the prior of each."""
    middle = (np.arange(each) + 0.5) / each
    cube = np.stack(np.meshgrid(middle, middle, middle, indexing="ij"), -1).reshape(-1, 3)
    inverse = np.linalg.inv(covariance)
    values, weights, evidence = [], [], []
    for name in EXPLANATIONS:
        points = from_unit(PRIORS, cube, name)
        error = observed - to_unit(PRIORS, points) @ SLOPES.T
        density = np.exp(-0.5 * np.einsum("ni,ij,nj->n", error, inverse, error))
        values.append(points)
        weights.append(density)
        evidence.append(density.mean())
    weight = np.concatenate(weights)
    weight /= weight.sum()
    points = np.concatenate(values)
    mean = weight @ points
    return mean, np.sqrt(weight @ (points - mean) ** 2), np.array(evidence) / sum(evidence)

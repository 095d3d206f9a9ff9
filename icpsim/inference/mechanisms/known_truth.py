"""Does the inference find what is known? Posteriors of simulated evaluations whose parameters are known.

Every evaluation of the first wave, drawn from the prior, is taken for the published one, with an emulator that has
not seen it nor any with the same past. If the inference is right, the place of the known value in its posterior is
uniform over data sets (simulation-based calibration: Talts et al. 2018, arXiv 1804.06788).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats, Progress
from icpsim.base.randomness import REGISTRY, draws, normal_quantiles
from icpsim.inference.mechanisms.aims import Aim
from icpsim.inference.mechanisms.emulator import Emulator
from icpsim.inference.mechanisms.likelihood import excess, likelihood, observation_covariance, published_errors
from icpsim.inference.mechanisms.posterior import emulated, weighed
from icpsim.inference.mechanisms.priors import Prior
from icpsim.inference.mechanisms.waves import Wave

FOLDS = 5
NOISE = REGISTRY.decision("published error beyond chance")
TIES = REGISTRY.decision("place among equal values")
_KEY = 20090401


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """Results over simulated data sets.

    ``place`` float64[sets, quantities]: share of the posterior below the known value, ties broken by a keyed draw;
    ``error`` float64[sets, quantities]: posterior mean less known value, in prior standard deviations;
    ``given_to_true`` float64[sets]: posterior probability of the explanation that was at work.
    """

    names: tuple[str, ...]
    place: Floats
    error: Floats
    given_to_true: Floats


def noise_beyond_chance(variance: Floats, sets: int, salt: int = 0) -> Floats:
    """Return keyed normal draws with these variances (float64[k]); float64[sets, k]."""
    keys = np.uint64(_KEY + salt) + np.arange(sets, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    columns = [normal_quantiles(draws(keys, NOISE, k)) for k in range(len(variance))]
    return np.column_stack(columns) * np.sqrt(variance)


def known_truth(
    priors: Sequence[Prior],
    simulated: Wave,
    sets: int,
    aims: Sequence[Aim],
    effects: Emulator,
    emulator: Emulator,
    points: tuple[Floats, NDArray[np.int64]],
    progress: Progress,
) -> KnownTruth:
    """Infer the parameters of every data set, the first ``sets`` simulations, and say where the known ones lie.

    True effects (those of the emulator ``effects``) are inferred beside the parameters. The emulators lend their
    kernels; they are conditioned anew without what shares a past with a data set. For ``points`` see
    ``prior_points``.
    """
    published = published_errors(aims)
    statistics, truths = simulated.matrix(emulator.names), simulated.matrix(effects.names)
    ties = draws(np.arange(sets, dtype=np.uint64) + np.uint64(_KEY), TIES, 0)
    names = (*(prior.name for prior in priors), *effects.names)
    place, error, given = np.empty((sets, len(names))), np.empty((sets, len(names))), np.empty(sets)
    done = 0
    for fold in range(FOLDS):
        kept = simulated.past % FOLDS != fold
        own = emulator.conditioned(simulated.unit[kept], statistics[kept])
        weighted = emulated(priors, own, points)
        true = effects.conditioned(simulated.unit[kept], truths[kept])
        at = np.column_stack([weighted.values, true.mean(weighted.unit)])
        spread = np.maximum(at.std(axis=0), 1e-12)
        scatter = np.sqrt(np.diag(true.chance))
        covariance = observation_covariance(own.chance, published)
        noise = noise_beyond_chance(excess(own.chance, published), sets)
        density = likelihood(weighted.mean, weighted.variance, covariance)
        for i in np.flatnonzero(~kept[:sets]):
            posterior = weighed(weighted, density.log(statistics[i] + noise[i]))
            known = np.concatenate([simulated.values[i], truths[i]])
            place[i] = _place(at, posterior.weight, known, ties[i], len(priors), scatter)
            error[i] = (posterior.weight @ at - known) / spread
            given[i] = posterior.probabilities()[simulated.explanation[i]]
            done += 1
            progress(done, sets, "inferring the parameters of simulated evaluations, which are known")
    return KnownTruth(names, place, error, given)


def _place(values: Floats, weight: Floats, known: Floats, tie: float, exact: int, chance: Floats) -> Floats:
    """Return the share of the posterior below each known value; true effects scatter by chance about theirs."""
    from scipy.special import ndtr

    below = weight @ (values[:, :exact] < known[:exact])
    equal = weight @ (values[:, :exact] == known[:exact])
    scattered = weight @ ndtr((known[exact:] - values[:, exact:]) / chance)
    return np.concatenate([below + tie * equal, scattered])


def uniformity(place: Floats) -> Floats:
    """Return each quantity's p-value of its places being uniform (Kolmogorov-Smirnov); float64[quantities]."""
    from scipy.stats import kstest

    return np.array([float(kstest(column, "uniform").pvalue) for column in place.T])


def coverage(place: Floats, level: float = 0.9) -> Floats:
    """Return the share of data sets whose equal-tailed interval holds the known value; float64[quantities]."""
    tail = 0.5 * (1.0 - level)
    found: Floats = ((place >= tail) & (place <= 1.0 - tail)).mean(axis=0)
    return found

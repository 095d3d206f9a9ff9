"""The whole calibration: waves of simulated evaluations, the posterior, and everything that is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from icpsim.inference.mechanisms.aims import Aim, read_aims
from icpsim.inference.mechanisms.emulator import Emulator, fit_emulator
from icpsim.inference.mechanisms.information import Information, expected_information, further_statistics
from icpsim.inference.mechanisms.known_truth import KnownTruth, known_truth
from icpsim.inference.mechanisms.likelihood import (
    excess,
    log_likelihood,
    observation_covariance,
    published_errors,
)
from icpsim.inference.mechanisms.posterior import (
    EQUAL,
    Posterior,
    PriorPoints,
    emulated,
    prior_points,
    resample,
    weigh,
)
from icpsim.inference.mechanisms.priors import Prior, read_priors
from icpsim.inference.mechanisms.robustness import Answers, tension, under_other_assumptions
from icpsim.inference.mechanisms.second_method import Adjusted, regression_adjusted
from icpsim.inference.mechanisms.waves import Wave, first_points, joined, simulate
from icpsim.inference.store import Progress, Store
from icpsim.scenario import Scenario
from icpsim.targets import calibrating

Floats = NDArray[np.float64]

EFFECTS = tuple(
    f"true_{group}_{outcome}"
    for group in ("cm", "all")
    for outcome in ("emergency", "elective", "outpatient", "cost")
)
"""True effects that the posterior is asked for; the first is the question of the pilots."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How much to simulate and to draw.

    ``each``: first points of every explanation; ``further``: points of each further wave; ``flattened``: by what
    the covariance is multiplied when a wave is drawn; ``check``: simulations from the posterior that check it;
    ``per_past``: points that share a past; ``points`` of every explanation that are weighted (a power of 2);
    ``draws`` that are shipped.
    """

    scenario: str = "all-sites"
    seed: int = 2009
    each: int = 128
    per_past: int = 8
    further: tuple[int, ...] = (160, 160)
    flattened: tuple[float, ...] = (4.0, 2.0)
    check: int = 160
    points: int = 2**15
    draws: int = 2000


@dataclass(frozen=True, slots=True)
class Simulations:
    """Simulated evaluations that are learnt from, the first wave's first, and those that only check."""

    learnt: Wave
    check: Wave


@dataclass(frozen=True, slots=True)
class Inferred:
    """The posterior and what it rests on.

    ``covariance`` is that of the observation; ``effects`` emulates the true effects; ``effect_mean`` and
    ``effect_variance`` float64[points, EFFECTS] are theirs at the prior's points.
    """

    emulator: Emulator
    effects: Emulator
    covariance: Floats
    points: PriorPoints
    posterior: Posterior
    effect_mean: Floats
    effect_variance: Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything that a calibration hands to tables, pictures and files.

    ``drawn`` int64[draws] are rows of the posterior's points, equally weighted; ``predicted`` float64[check, aims]
    what evaluations of posterior draws would have published; ``tension`` float64[aims] see ``robustness``.
    """

    settings: Settings
    priors: tuple[Prior, ...]
    aims: tuple[Aim, ...]
    simulations: Simulations
    inferred: Inferred
    drawn: NDArray[np.int64]
    predicted: Floats
    second: Adjusted
    known: KnownTruth
    information: tuple[Information, ...]
    answers: tuple[Answers, ...]
    tension: Floats


def calibrate_mechanisms(
    priors_file: Path, scenario: Scenario, store: Store, settings: Settings, progress: Progress
) -> Calibration:
    """Infer the mechanisms from the targets marked for calibration; every simulation is kept in ``store``.

    Raises CalibrationError or TargetError when a table is wrong.
    """
    with calibrating(), threadpool_limits(1):
        priors, aims = read_priors(priors_file), read_aims()
        simulations = simulate_waves(priors, aims, scenario, store, settings, progress)
        return conclude(priors, aims, simulations, settings, progress, store.workers)


def simulate_waves(
    priors: Sequence[Prior],
    aims: Sequence[Aim],
    scenario: Scenario,
    store: Store,
    settings: Settings,
    progress: Progress,
) -> Simulations:
    """Simulate every wave, each drawn from what those before it have taught."""
    values, explanation = first_points(priors, settings.each, settings.per_past)
    points = values, explanation, np.zeros(len(values))
    own = settings.seed, 0, settings.per_past
    waves = [simulate(scenario, priors, points, own, store, progress, "wave 1: all over the prior")]
    sizes = (*settings.further, settings.check)
    for number, (size, flat) in enumerate(zip(sizes, (*settings.flattened, 1.0), strict=True), start=2):
        found = infer(priors, aims, joined(waves), settings, store.workers)
        rows, log_weight = proposals(found, aims, flat, size, number)
        points = found.points.values[rows], found.points.explanation[rows], log_weight
        own = settings.seed, 1000 * (number - 1), settings.per_past
        told = f"wave {number}: {current_fit(found)}"
        waves.append(simulate(scenario, priors, points, own, store, progress, told))
    return Simulations(joined(waves[:-1]), waves[-1])


def infer(
    priors: Sequence[Prior], aims: Sequence[Aim], learnt: Wave, settings: Settings, workers: int
) -> Inferred:
    """Learn emulators from simulations and weight the prior's points with the likelihood of the targets."""
    names = [aim.statistic for aim in aims]
    everything = fit_emulator(learnt.unit, learnt.matrix([*names, *EFFECTS[:1]]), [*names, *EFFECTS[:1]], workers)
    emulator, effects = everything.only(names), everything.only(EFFECTS[:1])
    covariance = observation_covariance(emulator.chance, published_errors(aims))
    points = emulated(priors, emulator, prior_points(priors, settings.points))
    observed = np.array([aim.observed for aim in aims])
    posterior = weigh(points, observed, covariance)
    mean, variance = effects.mean(points.unit), effects.variance(points.unit)
    return Inferred(emulator, effects, covariance, points, posterior, mean, variance)


def current_fit(found: Inferred) -> str:
    """Say in a few words what the posterior is so far."""
    effect = float(np.exp(found.posterior.weight @ found.effect_mean[:, 0]) - 1.0)
    return f"true emergency effect {effect:+.1%} so far, {found.posterior.effective:.0f} effective draws"


def proposals(
    found: Inferred, aims: Sequence[Aim], flattened: float, size: int, key: int
) -> tuple[NDArray[np.int64], Floats]:
    """Draw points from the posterior with a wider likelihood; return rows and log prior over proposal density."""
    observed = np.array([aim.observed for aim in aims])
    points = found.points
    log = log_likelihood(observed, points.mean, points.variance, flattened * found.covariance)
    weight = np.exp(log - log.max())
    density = log - log.max() - np.log(weight.mean())
    rows = resample(weight / weight.sum(), size, key)
    order = np.argsort((rows * 2654435761) % 2**32, kind="stable")
    return rows[order], -density[rows[order]]


def conclude(
    priors: Sequence[Prior],
    aims: Sequence[Aim],
    simulations: Simulations,
    settings: Settings,
    progress: Progress,
    workers: int,
) -> Calibration:
    """Infer from all simulations and answer every question; simulates nothing.

    Linear algebra should run in one thread, so that the same simulations give the same bytes on any machine load.
    """
    learnt, observed = simulations.learnt, np.array([aim.observed for aim in aims])
    progress(0, 5, "learning the emulators")
    found = infer_all(priors, aims, learnt, settings, workers)
    names = [aim.statistic for aim in aims]
    drawn = resample(found.posterior.weight, settings.draws, 1)
    progress(1, 5, "a second method")
    bounds = tuple(np.array([getattr(prior, end) for prior in priors]) for end in ("low", "high"))
    beyond = excess(found.emulator.chance, published_errors(aims))
    second = regression_adjusted(
        learnt.values,
        (bounds[0], bounds[1]),
        with_noise(learnt.matrix(names), beyond, 2),
        learnt.explanation,
        learnt.log_weight,
        observed,
        found.covariance,
    )
    sets = settings.each * 4
    known = known_truth(
        priors,
        learnt,
        sets,
        aims,
        found.effects,
        found.emulator,
        prior_points(priors, settings.points // 2),
        progress,
    )
    progress(2, 5, "what further statistics would tell")
    some = drawn[:: max(1, len(drawn) // 1000)]
    information = expected_information(
        further_emulator(learnt, names, found, workers),
        names,
        observed,
        found.covariance,
        found.points.unit[some],
        found.points.explanation[some],
        found.effect_mean[some, 0],
        found.points.values[some],
    )
    progress(3, 5, "other assumptions")
    effect = found.effect_mean[:, 0], found.effect_variance[:, 0]
    told = under_other_assumptions(priors, found.points, aims, found.covariance, effect)
    progress(4, 5, "each target against the others")
    pulls = tension(found.points, aims, found.covariance)
    predicted = with_noise(simulations.check.matrix(names), beyond, 3)
    progress(5, 5, "done")
    return Calibration(
        settings,
        tuple(priors),
        tuple(aims),
        simulations,
        found,
        drawn,
        predicted,
        second,
        known,
        information,
        told,
        pulls,
    )


def infer_all(
    priors: Sequence[Prior], aims: Sequence[Aim], learnt: Wave, settings: Settings, workers: int
) -> Inferred:
    """Infer, with every true effect emulated."""
    found = infer(priors, aims, learnt, settings, workers)
    effects = fit_emulator(learnt.unit, learnt.matrix(EFFECTS), EFFECTS, workers)
    unit = found.points.unit
    return Inferred(
        found.emulator,
        effects,
        found.covariance,
        found.points,
        found.posterior,
        effects.mean(unit),
        effects.variance(unit),
    )


def further_emulator(learnt: Wave, names: Sequence[str], found: Inferred, workers: int) -> Emulator:
    """Return an emulator of the aims and of everything further that an evaluation could have printed."""
    from icpsim.inference.mechanisms.emulator import emulator_with

    more = fit_emulator(learnt.unit, learnt.matrix(further_statistics()), further_statistics(), workers)
    kernels = [process.kernel for process in (*found.emulator.processes, *more.processes)]
    every = [*names, *further_statistics()]
    return emulator_with(learnt.unit, learnt.matrix(every), every, kernels)


def with_noise(statistics: Floats, variance: Floats, salt: int) -> Floats:
    """Return statistics with what published errors have beyond chance."""
    from icpsim.inference.mechanisms.known_truth import noise_beyond_chance

    return statistics + noise_beyond_chance(variance, len(statistics), salt)


__all__ = ["EQUAL", "Calibration", "Settings", "calibrate_mechanisms", "conclude"]

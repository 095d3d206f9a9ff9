"""Everything that is asked of the posterior, from simulations that are done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from icpsim.base.kinds import Floats, Progress
from icpsim.data.published_effects import calibrating
from icpsim.inference.mechanisms.aims import Aim
from icpsim.inference.mechanisms.calibration import (
    EFFECTS,
    Inferred,
    Settings,
    Simulations,
    Task,
    infer,
    read_task,
    simulate_waves,
)
from icpsim.inference.mechanisms.emulator import Emulator, emulator_with, fit_emulator
from icpsim.inference.mechanisms.information import Information, expected_information, further_statistics
from icpsim.inference.mechanisms.known_truth import KnownTruth, known_truth, noise_beyond_chance
from icpsim.inference.mechanisms.likelihood import excess
from icpsim.inference.mechanisms.posterior import prior_points, resample
from icpsim.inference.mechanisms.priors import Prior
from icpsim.inference.mechanisms.robustness import Answers, tension, under_other_assumptions
from icpsim.inference.mechanisms.second_method import Adjusted, regression_adjusted
from icpsim.inference.mechanisms.waves import Wave
from icpsim.runs.engine import Store
from icpsim.scenario.schema import Scenario

MOST_TO_COMPARE = 1000
"""Draws between which further statistics are asked to tell; work grows with their square."""


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

    Linear algebra runs in one thread, so that the same seed gives the same bytes on any number of cores. Raises
    CalibrationError or TargetError when a table is wrong.
    """
    with calibrating(), threadpool_limits(1):
        task = read_task(priors_file, settings, store.processes, progress)
        return _conclude(task, simulate_waves(task, scenario, store))


def conclude(task: Task, simulations: Simulations) -> Calibration:
    """Infer from simulations that are done, and answer every question; simulates nothing."""
    with calibrating(), threadpool_limits(1):
        return _conclude(task, simulations)


def _conclude(task: Task, simulations: Simulations) -> Calibration:
    learnt = simulations.learnt
    task.progress(0, 4, "learning the emulators")
    found = infer(task, learnt, EFFECTS)
    drawn = resample(found.posterior.weight, task.settings.draws, 1)
    second = _second_method(task, learnt, found)
    points = prior_points(task.priors, task.settings.points // 2)
    known = known_truth(
        task.priors, learnt, task.data_sets, task.aims, found.effects, found.emulator, points, task.progress
    )
    task.progress(1, 4, "what further statistics would tell")
    information = _information(task, learnt, found, drawn[:: max(1, len(drawn) // MOST_TO_COMPARE)])
    task.progress(2, 4, "other assumptions")
    effect = found.effect_mean[:, 0], found.effect_variance[:, 0]
    answers = under_other_assumptions(task.priors, found.points, task.aims, found.covariance, effect)
    task.progress(3, 4, "each target against the others")
    pulls = tension(found.points, task.aims, found.covariance)
    predicted = _with_noise(task, found, simulations.check, 3)
    task.progress(4, 4, "done")
    return Calibration(
        task.settings,
        task.priors,
        task.aims,
        simulations,
        found,
        drawn,
        predicted,
        second,
        known,
        information,
        answers,
        pulls,
    )


def _second_method(task: Task, learnt: Wave, found: Inferred) -> Adjusted:
    low, high = (np.array([getattr(prior, end) for prior in task.priors]) for end in ("low", "high"))
    statistics = _with_noise(task, found, learnt, 2)
    return regression_adjusted(
        learnt.values,
        (low, high),
        statistics,
        learnt.explanation,
        learnt.log_weight,
        task.observed,
        found.covariance,
    )


def _information(task: Task, learnt: Wave, found: Inferred, some: NDArray[np.int64]) -> tuple[Information, ...]:
    return expected_information(
        _further_emulator(task, learnt, found),
        task.names,
        task.observed,
        found.covariance,
        found.points.unit[some],
        found.points.explanation[some],
        found.effect_mean[some, 0],
        found.points.values[some],
    )


def _further_emulator(task: Task, learnt: Wave, found: Inferred) -> Emulator:
    """Return an emulator of the aims and of everything further that an evaluation could have printed."""
    further = further_statistics()
    more = fit_emulator(learnt.unit, learnt.matrix(further), further, task.workers)
    kernels = [process.kernel for process in (*found.emulator.processes, *more.processes)]
    every = [*task.names, *further]
    return emulator_with(learnt.unit, learnt.matrix(every), every, kernels)


def _with_noise(task: Task, found: Inferred, wave: Wave, salt: int) -> Floats:
    """Return a wave's statistics with what published errors have beyond chance; float64[n, aims]."""
    beyond = excess(found.emulator.chance, task.published)
    statistics: Floats = wave.matrix(task.names) + noise_beyond_chance(beyond, len(wave.past), salt)
    return statistics

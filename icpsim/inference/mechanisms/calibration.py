"""Waves of simulated evaluations, each drawn from what those before have taught, and the posterior they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats, Progress
from icpsim.inference.errors import CalibrationError
from icpsim.inference.mechanisms.aims import Aim, read_aims
from icpsim.inference.mechanisms.emulator import Emulator, fit_emulator
from icpsim.inference.mechanisms.likelihood import log_likelihood, observation_covariance, published_errors
from icpsim.inference.mechanisms.posterior import Posterior, PriorPoints, emulated, prior_points, resample, weigh
from icpsim.inference.mechanisms.priors import EXPLANATIONS, Prior, read_priors
from icpsim.inference.mechanisms.waves import Wave, first_points, joined, simulate
from icpsim.runs.engine import Store
from icpsim.scenario.schema import Scenario

EFFECTS = tuple(
    f"true_{group}_{outcome}"
    for group in ("cm", "all")
    for outcome in ("emergency", "elective", "outpatient", "cost")
)
"""True effects that the posterior is asked for; the first is the question of the pilots."""


OWN_GROUP = "case management"
"""The programme whose sites' effects were published on their own."""


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


@dataclass(frozen=True)
class Task:
    """What is inferred from what: parameters, targets, how much of everything, and who is told how far it is."""

    priors: tuple[Prior, ...]
    aims: tuple[Aim, ...]
    settings: Settings
    workers: int
    progress: Progress

    @cached_property
    def names(self) -> list[str]:
        """Names of the statistics that targets speak of."""
        return [aim.statistic for aim in self.aims]

    @cached_property
    def observed(self) -> Floats:
        """Published values; float64[aims]."""
        return np.array([aim.observed for aim in self.aims])

    @cached_property
    def published(self) -> Floats:
        """Published standard errors; float64[aims]."""
        return published_errors(self.aims)

    @property
    def data_sets(self) -> int:
        """How many simulations, the first wave, are drawn from the prior."""
        return self.settings.each * len(EXPLANATIONS)


def read_task(priors_file: Path, settings: Settings, workers: int, progress: Progress) -> Task:
    """Read priors and the targets marked for calibration; raises CalibrationError or TargetError."""
    return Task(read_priors(priors_file), read_aims(), settings, workers, progress)


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


def simulate_waves(task: Task, scenario: Scenario, store: Store) -> Simulations:
    """Simulate every wave, each drawn from what those before it have taught; all are kept in ``store``."""
    settings, priors = task.settings, task.priors
    _check_programme(scenario)
    values, explanation = first_points(priors, settings.each, settings.per_past)
    points = values, explanation, np.zeros(len(values))
    own = settings.seed, 0, settings.per_past
    waves = [simulate(scenario, priors, points, own, store, task.progress, "wave 1: all over the prior")]
    sizes = (*settings.further, settings.check)
    for number, (size, flat) in enumerate(zip(sizes, (*settings.flattened, 1.0), strict=True), start=2):
        found = infer(task, joined(waves))
        rows, log_weight = proposals(task, found, flat, size, number)
        points = found.points.values[rows], found.points.explanation[rows], log_weight
        own = settings.seed, 1000 * (number - 1), settings.per_past
        told = f"wave {number}: {current_fit(found)}"
        waves.append(simulate(scenario, priors, points, own, store, task.progress, told))
    return Simulations(joined(waves[:-1]), waves[-1])


def _check_programme(scenario: Scenario) -> None:
    """Raise CalibrationError when a scenario has no programme whose sites are evaluated on their own."""
    names = [programme.name for programme in scenario.programmes]
    if OWN_GROUP not in names:
        raise CalibrationError(
            f"{scenario.scenario} has no programme '{OWN_GROUP}', whose sites are evaluated on their own: there"
            f" {'is' if len(names) == 1 else 'are'} {', '.join(names)}"
        )


def infer(task: Task, learnt: Wave, effects: Sequence[str] = EFFECTS[:1]) -> Inferred:
    """Learn emulators from simulations and weight the prior's points with the likelihood of the targets."""
    every = [*task.names, *effects]
    for name in every:
        missing = int((~np.isfinite(learnt.statistics[name])).sum())
        if missing:
            raise CalibrationError(
                f"{missing} of {len(learnt.past)} simulated evaluations give no number for {name}: too few events;"
                " simulate a larger scenario"
            )
    everything = fit_emulator(learnt.unit, learnt.matrix(every), every, task.workers)
    emulator, true = everything.only(task.names), everything.only(effects)
    covariance = observation_covariance(emulator.chance, task.published)
    points = emulated(task.priors, emulator, prior_points(task.priors, task.settings.points))
    posterior = weigh(points, task.observed, covariance)
    return Inferred(
        emulator, true, covariance, points, posterior, true.mean(points.unit), true.variance(points.unit)
    )


def current_fit(found: Inferred) -> str:
    """Say in a few words what the posterior is so far."""
    effect = float(np.exp(found.posterior.weight @ found.effect_mean[:, 0]) - 1.0)
    return f"true emergency effect {effect:+.1%} so far, {found.posterior.effective:.0f} effective draws"


def proposals(
    task: Task, found: Inferred, flattened: float, size: int, key: int
) -> tuple[NDArray[np.int64], Floats]:
    """Draw points from the posterior with a wider likelihood; return rows and log prior over proposal density.

    Rows are put in an order that does not follow the prior's sequence, so that pasts see all of the posterior.
    """
    points = found.points
    log = log_likelihood(task.observed, points.mean, points.variance, flattened * found.covariance)
    weight = np.exp(log - log.max())
    density = log - log.max() - np.log(weight.mean())
    rows = resample(weight / weight.sum(), size, key)
    order = np.argsort((rows * 2654435761) % 2**32, kind="stable")
    return rows[order], -density[rows[order]]

"""Finds the best setting under constraints: Optuna's tree-structured Parzen estimator, asked batch by batch.

Bergstra and others 2011, "Algorithms for hyper-parameter optimization", NeurIPS 24; Optuna: Akiba and others
2019, doi 10.1145/3292500.3330701. What breaks a constraint counts as worse than anything that breaks none.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

from icpsim.questions.compare.search_space import Choice, SearchError, every_setting, size

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.study import Study

ASKED_FOR_ONE = 50
"""Suggestions that are asked for one that was not tried before; then a search ends."""

Setting = dict[str, Any]
Evaluate = Callable[[Sequence[Setting]], Sequence["Outcome"]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one setting gave: an objective to be small, constraints that hold at 0 and below, anything else.

    An objective or constraint of NaN is a setting that could not be simulated: it is never the best.
    """

    objective: float
    constraints: tuple[float, ...] = ()
    more: Any = None

    @property
    def feasible(self) -> bool:
        """Whether the objective is a number and every constraint holds."""
        return isfinite(self.objective) and all(value <= 0 for value in self.constraints)


@dataclass(frozen=True, slots=True)
class Trial:
    """A setting that was tried, and its outcome; ``number`` counts from 0 in the order of trying."""

    number: int
    setting: Setting
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Every trial of a search, no setting twice; ``exhaustive`` when they are the whole space.

    Simulated objectives carry chance, and the smallest of many is flattered by it: simulate the best setting
    again from another seed before its objective is believed.
    """

    trials: tuple[Trial, ...]
    exhaustive: bool

    @property
    def best(self) -> Trial | None:
        """Return the feasible trial with the smallest objective, of equals the first; None if none is feasible."""
        feasible = [trial for trial in self.trials if trial.outcome.feasible]
        return min(feasible, key=lambda trial: trial.outcome.objective, default=None)


def search(space: Sequence[Choice], evaluate_batch: Evaluate, trials: int, batch: int, seed: int) -> SearchResult:
    """Try up to ``trials`` settings, ``batch`` at a time, and return them all.

    ``evaluate_batch`` is given settings (key to a value as written, or a number) and returns their outcomes in
    order; it may simulate them on any number of workers. The trials follow from the space, the outcomes,
    ``batch`` and ``seed`` alone. A space of no more than ``trials`` settings is tried whole, without an
    optimiser. Raises SearchError for an empty space, fewer than one trial or batch, and outcomes that do not
    match their settings.
    """
    if not space or min(trials, batch) < 1 or seed < 0:
        raise SearchError("a search takes something to choose, one or more trials and batches, and a seed from 0")
    found = _Trials(evaluate_batch)
    if size(space) <= trials:
        settings = every_setting(space)
        for k in range(0, len(settings), batch):
            found.evaluate(settings[k : k + batch])
        return SearchResult(tuple(found.trials), exhaustive=True)
    with _quiet():
        study = _study(seed, startup=min(max(10, 2 * len(space)), max(1, trials // 3)))
        while len(found.trials) < trials:
            if not _try_batch(study, _distributions(space), found, min(batch, trials - len(found.trials))):
                break
    return SearchResult(tuple(found.trials), exhaustive=len(found.trials) == size(space))


class _Trials:
    """What was tried so far, by setting."""

    def __init__(self, evaluate_batch: Evaluate) -> None:
        self._evaluate_batch = evaluate_batch
        self.trials: list[Trial] = []
        self.known: dict[tuple[Any, ...], Outcome] = {}

    def evaluate(self, settings: Sequence[Setting]) -> None:
        """Evaluate settings that were not tried before."""
        outcomes = list(self._evaluate_batch([dict(setting) for setting in settings]))
        if len(outcomes) != len(settings):
            raise SearchError(f"{len(settings)} settings were tried and {len(outcomes)} outcomes came back")
        constraints = {len(outcome.constraints) for outcome in (*self.known.values(), *outcomes)}
        if len(constraints) > 1:
            raise SearchError("every outcome has to have the same number of constraints")
        for setting, outcome in zip(settings, outcomes, strict=True):
            self.trials.append(Trial(len(self.trials), dict(setting), outcome))
            self.known[tuple(setting.values())] = outcome


def _try_batch(study: Study, space: dict[str, BaseDistribution], found: _Trials, wanted: int) -> bool:
    """Ask for settings until enough are new, evaluate those, tell every outcome; whether any was new."""
    asked, new = [], {}
    for _ in range(wanted * ASKED_FOR_ONE):
        trial = study.ask(space)
        setting = {key: trial.params[key] for key in space}
        known = tuple(setting.values())
        asked.append((trial, known))
        if known not in found.known:
            new[known] = setting
        if len(new) == wanted:
            break
    if new:
        found.evaluate(list(new.values()))
    for trial, known in asked:
        _tell(study, trial, found.known[known])
    return bool(new)


def _tell(study: Study, trial: Any, outcome: Outcome) -> None:
    from optuna.trial import TrialState

    if isnan(outcome.objective) or any(isnan(value) for value in outcome.constraints):
        study.tell(trial, state=TrialState.FAIL)
        return
    for k, value in enumerate(outcome.constraints):
        trial.set_constraint(f"constraint {k}", value)
    study.tell(trial, outcome.objective)


def _study(seed: int, startup: int) -> Study:
    import optuna

    sampler = optuna.samplers.TPESampler(
        seed=seed % 2**32, n_startup_trials=startup, multivariate=True, constant_liar=True
    )
    return optuna.create_study(sampler=sampler, direction="minimize")


def _distributions(space: Sequence[Choice]) -> dict[str, BaseDistribution]:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    found: dict[str, BaseDistribution] = {}
    for choice in space:
        if choice.values:
            found[choice.key] = CategoricalDistribution(choice.values)
        elif choice.whole:
            found[choice.key] = IntDistribution(int(choice.low), int(choice.high))
        else:
            found[choice.key] = FloatDistribution(choice.low, choice.high)
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Optuna from logging and from warning of features that it calls experimental."""
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(before)

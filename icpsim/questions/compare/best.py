"""The best policy within a budget and a staff limit, by search, tried again on draws not seen before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from icpsim.base.intervals import further_value
from icpsim.base.kinds import Progress
from icpsim.data.tables import nearest
from icpsim.economics.views import View
from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.counts import cell
from icpsim.questions.compare.money import programme_values, twins, view_values
from icpsim.questions.compare.optimise import Outcome, SearchResult, search
from icpsim.questions.compare.rows import EMERGENCY, change, years
from icpsim.questions.compare.runs import Comparison, compare
from icpsim.questions.compare.search_space import Choice
from icpsim.questions.compare.sweep import arms_of
from icpsim.questions.errors import ComparisonError
from icpsim.runs.engine import Workers
from icpsim.scenario.schema import Scenario

OBJECTIVES = ("admissions_avoided", "net_cost", "whole_system_cost")
"""What may be sought: most emergency admissions avoided, or least net cost to commissioner or whole system."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a policy has to keep within: pounds a year for the programme, posts over all sites; None = no limit."""

    budget: float | None = None
    staff: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return what each constraint says, in the order of the outcomes' constraints."""
        limits = {"programme less budget, £ a year": self.budget, "posts less limit": self.staff}
        return tuple(name for name, limit in limits.items() if limit is not None)


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched: a scenario with settings, replicates of every setting, how many settings, and how."""

    scenario: str
    settings: tuple[str, ...]
    objective: str
    limits: Limits
    replicates: int
    trials: int
    batch: int
    seed: int
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A search's trials, and the best feasible arm beside the scenario as it is, simulated again on other draws.

    ``again`` is None when no setting keeps within the limits.
    """

    result: SearchResult
    again: Comparison | None


def find_best(
    task: Search, space: Sequence[Choice], workers: Workers, progress: Progress, work: Path | None = None
) -> Found:
    """Search for the best setting within limits; raises ComparisonError for an objective there is not."""
    if task.objective not in OBJECTIVES:
        hint = nearest(task.objective, OBJECTIVES)
        raise ComparisonError(f"--objective {task.objective}: there are {', '.join(OBJECTIVES)}{hint}")

    def evaluate(settings: Sequence[dict[str, Any]]) -> list[Outcome]:
        arms = _arms(task, settings)
        found = compare(
            arms, task.replicates, task.seed, workers, progress, drawn=task.drawn, evaluated=False, work=work
        )
        return [_outcome(found, place, task) for place in range(len(arms))]

    result = search(space, evaluate, task.trials, task.batch, task.seed)
    if result.best is None:
        return Found(result, None)
    best = replace(_arms(task, [result.best.setting])[0], label="best found")
    base = replace(arms_of(task.scenario, [()], task.settings)[0], label="as it is")
    again = compare([base, best], task.replicates, task.seed + 1, workers, progress, drawn=task.drawn, work=work)
    return Found(result, again)


def posts(scenario: Scenario) -> int:
    """Return the posts of a scenario's programmes over all their sites."""
    return sum(
        programme.holder.posts * len(programme.sites)
        for programme in scenario.programmes
        if programme.holder is not None
    )


def _arms(task: Search, settings: Sequence[dict[str, Any]]) -> list[Arm]:
    cells = [tuple(f"{key}={value}" for key, value in chosen.items()) for chosen in settings]
    return arms_of(task.scenario, cells, task.settings)


def _outcome(found: Comparison, place: int, task: Search) -> Outcome:
    span = years(found)
    money, alone = twins(found, place)
    without = None
    if task.objective == "admissions_avoided":
        objective = float(change(found, place, cell(EMERGENCY)).mean()) / span
    else:
        view = View.COMMISSIONER if task.objective == "net_cost" else View.WHOLE_SYSTEM
        objective = -further_value(view_values(money, view))[0] / span
        without = -further_value(view_values(alone, view))[0] / span
    constraints = []
    if task.limits.budget is not None:
        constraints.append(further_value(programme_values(money))[0] / span - task.limits.budget)
    if task.limits.staff is not None:
        constraints.append(float(posts(found.arms[place].scenario) - task.limits.staff))
    return Outcome(objective, tuple(constraints), without)

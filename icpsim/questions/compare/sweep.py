"""Grids of settings as arms, and what each cell of a grid costs and avoids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import nan

from icpsim.economics.views import View
from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.counts import cell
from icpsim.questions.compare.grid import grid
from icpsim.questions.compare.money import twins, view_values
from icpsim.questions.compare.results import Policy
from icpsim.questions.compare.rows import EMERGENCY, years
from icpsim.questions.compare.runs import Comparison
from icpsim.questions.errors import ComparisonError
from icpsim.scenario.errors import ScenarioError
from icpsim.scenario.schema import load


def grid_arms(name: str, varied: Iterable[str], settings: Iterable[str] = ()) -> list[Arm]:
    """Return an arm for each cell of a grid over a scenario; ``varied`` are written ``key=v1,v2,...``.

    Raises GridError for what cannot be read and ScenarioError for values that the scenario cannot have.
    """
    return arms_of(name, grid(tuple(varied)), settings)


def arms_of(name: str, cells: Sequence[Sequence[str]], settings: Iterable[str] = ()) -> list[Arm]:
    """Return an arm for each sequence of settings over a scenario, called by them.

    Raises ScenarioError with every problem of every cell, each once.
    """
    common = tuple(settings)
    arms: list[Arm] = []
    problems: list[str] = []
    for chosen in cells:
        try:
            arms.append(Arm(", ".join(map(short, chosen)) or name, load(name, [*common, *chosen])))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return arms


def short(setting: str) -> str:
    """Return a setting with the last two words of its key: ``case_managers=3``."""
    key, _, value = setting.partition("=")
    words = [word for word in key.split(".") if not word.isdigit()]
    return f"{words[-1]}={value}"


def policies(comparison: Comparison) -> list[Policy]:
    """Return every arm's mean net cost to the commissioner and mean emergency admissions a year.

    Raises ComparisonError when arms do not share a world without a programme, so that admissions compare.
    """
    apart = [k for k in range(len(comparison.arms)) if not comparison.same_past(0, k)]
    if apart:
        raise ComparisonError(
            f"{comparison.arms[apart[0]].label} has another world without a programme than"
            f" {comparison.arms[0].label}: a front compares programmes in one world"
        )
    span = years(comparison)
    points = []
    for place in range(len(comparison.arms)):
        cost, alone = (
            -float(view_values(money, View.COMMISSIONER).mean()) / span for money in twins(comparison, place)
        )
        admissions = float(comparison.values(place, cell(EMERGENCY)).mean()) / span
        points.append((cost, admissions, alone if comparison.list_wide(place) else nan))
    return [Policy(arm.label, *point) for arm, point in zip(comparison.arms, points, strict=True)]

"""The answer of a search for the best policy: what was tried, what was best, and how it does on other draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icpsim.questions.compare.answer import ComparisonAnswer
from icpsim.questions.compare.best import Found, Search
from icpsim.questions.compare.results import NO_PROGRAMME
from icpsim.questions.compare.show_sentences import arm_sentences
from icpsim.questions.compare.show_tables import print_arms, print_search
from icpsim.questions.compare.show_terminal import as_object, caption
from icpsim.report.tables import say

if TYPE_CHECKING:
    from rich.console import Console

SOUGHT = {
    "admissions_avoided": "emergency admissions a year, change",
    "net_cost": "net cost to the commissioner, £ a year",
    "whole_system_cost": "net cost to the whole system, £ a year",
}
"""The objectives as they were made small."""


def print_best(console: Console, task: Search, found: Found, told: ComparisonAnswer | None) -> None:
    """Print the settings that keep within every limit, best first, and the best one on draws of its own."""
    print_search(console, found.result, SOUGHT[task.objective], task.limits.names)
    if told is None:
        say(console, "No setting that was tried keeps within every limit: allow more, or more to choose from.")
        return
    print_arms(console, told.headlines, NO_PROGRAMME)
    print_arms(console, told.headlines_against_first, told.arms[0])
    say(console, best_sentence(found), *arm_sentences(told.headlines_against_first), *caption(told))


def best_sentence(found: Found) -> str:
    """Say which setting was best, and of how many."""
    best = found.result.best
    if best is None:
        return "No setting keeps within every limit."
    setting = ", ".join(f"{key} = {value}" for key, value in best.setting.items())
    of = "of all settings" if found.result.exhaustive else f"of {len(found.result.trials)} settings tried"
    return f"Best {of}: {setting}. What follows is on draws that the search has not seen."


def best_object(task: Search, found: Found, told: ComparisonAnswer | None) -> dict[str, Any]:
    """Return a search as plain values for JSON."""
    best = found.result.best
    return {
        "objective": task.objective,
        "limits": {"budget": task.limits.budget, "staff": task.limits.staff},
        "exhaustive": found.result.exhaustive,
        "best": None if best is None else dict(best.setting),
        "trials": [
            {
                "number": trial.number,
                "setting": dict(trial.setting),
                "objective": trial.outcome.objective,
                "objective_without_list_wide_fall": trial.outcome.more,
                "constraints": list(trial.outcome.constraints),
                "feasible": trial.outcome.feasible,
            }
            for trial in found.result.trials
        ],
        "again": None if told is None else as_object(told),
    }

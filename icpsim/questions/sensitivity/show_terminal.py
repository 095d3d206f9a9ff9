"""An analysis on the terminal and as one JSON object."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import TYPE_CHECKING, Any

from icpsim.questions.sensitivity.answer import MEASURES, OutcomeAnalysis, Sensitivity
from icpsim.questions.sensitivity.show_sentences import sentences
from icpsim.questions.sensitivity.show_words import amount, caption, factor_name, outcome_name, share, shown
from icpsim.report.as_json import json_object
from icpsim.report.tables import say, table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

CHANCE = "chance"
"""How the share of chance is called in tables, pictures and JSON."""


def print_sensitivity(console: Console, found: Sensitivity) -> None:
    """Print a table an outcome, what they say, and how it was made."""
    for outcome in found.outcomes:
        console.print(_table(found, outcome))
    say(console, *sentences(found), *caption(found))


def as_object(found: Sensitivity) -> dict[str, Any]:
    """Return an analysis as plain values for JSON; unknown numbers are null."""
    about = found.about
    value: dict[str, Any] = {
        "title": about.title,
        "version": about.version,
        "seed": about.seed,
        "replicates": about.replicates,
        "method": found.method,
        "from": found.source,
        "samples": found.samples,
        "points": len(found.points),
        "inputs": [
            {"key": one.key, "may_be": one.told(), "group": group}
            for one, group in zip(found.inputs, found.groups, strict=True)
        ],
        "outcomes": [_outcome(outcome) for outcome in found.outcomes],
        "screen": None,
        "sentences": sentences(found),
    }
    if found.screen is not None:
        outcomes = [_outcome(outcome) for outcome in found.screen.outcomes]
        value["screen"] = json_object(found.screen) | {"outcomes": outcomes}
    return json_object(value)


def _outcome(outcome: OutcomeAnalysis) -> dict[str, Any]:
    found = json_object(outcome)
    found["indices"] = found.pop("rows")
    found["chance_share"] = outcome.chance.paired
    return found


def _table(found: Sensitivity, outcome: OutcomeAnalysis) -> Table:
    unit = f" ({outcome.unit})" if outcome.unit else ""
    spread = f"mean {amount(outcome.mean)}, 90% of points {amount(outcome.low)} to {amount(outcome.high)}"
    title = f"{outcome_name(outcome.outcome)}{unit}: {spread}"
    measures = list(dict.fromkeys(row.measure for row in outcome.rows))
    headings, right = ["input"], []
    for measure in measures:
        right.append(len(headings))
        headings += [MEASURES[measure], *(["90%"] if _any_interval(outcome, measure) else [])]
    shown_table = table(headings, title=title, whole={0}, right=right)
    factors = list(dict.fromkeys(row.factor for row in outcome.rows))
    for row in outcome.measured(found.main):
        cells = [cell for measure in measures for cell in _cells(outcome, row.factor, measure)]
        shown_table.add_row(factor_name(row.factor, factors), *cells)
    shown_table.add_section()
    shown_table.add_row(CHANCE, share(outcome.chance.paired))
    return shown_table


def _cells(outcome: OutcomeAnalysis, factor: str, measure: str) -> Iterable[str]:
    row = outcome.of(factor, measure)
    cells = [shown(measure, row.value)]
    if _any_interval(outcome, measure):
        cells.append(f"{shown(measure, row.low)} to {shown(measure, row.high)}")
    return cells


def _any_interval(outcome: OutcomeAnalysis, measure: str) -> bool:
    return any(isfinite(row.low) for row in outcome.rows if row.measure == measure)

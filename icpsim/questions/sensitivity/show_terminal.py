"""An analysis on the terminal and as one JSON object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any

from icpsim.questions.sensitivity.answer import MEASURES, OutcomeAnalysis, Sensitivity
from icpsim.questions.sensitivity.show_sentences import sentences
from icpsim.questions.sensitivity.show_words import amount, caption, factor_name, outcome_name, share, shown

if TYPE_CHECKING:
    from rich.console import Console

CHANCE = "chance"
"""How the share of chance is called in tables, pictures and JSON."""


def print_sensitivity(console: Console, found: Sensitivity) -> None:
    """Print a table an outcome, what they say, and how it was made."""
    for outcome in found.outcomes:
        console.print(_table(found, outcome))
    for line in [*sentences(found), *caption(found)]:
        console.print(line, markup=False, highlight=False)


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
        screen = asdict(found.screen)
        value["screen"] = screen | {"outcomes": [_outcome(outcome) for outcome in found.screen.outcomes]}
    cleaned: dict[str, Any] = known(value)
    return cleaned


def known(value: Any) -> Any:
    """Return plain values with null for what is no finite number."""
    if isinstance(value, dict):
        return {key: known(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [known(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _outcome(outcome: OutcomeAnalysis) -> dict[str, Any]:
    found = asdict(outcome)
    found["indices"] = found.pop("rows")
    found["chance_share"] = outcome.chance.paired
    return found


def _table(found: Sensitivity, outcome: OutcomeAnalysis) -> Any:
    from rich import box
    from rich.table import Table

    unit = f" ({outcome.unit})" if outcome.unit else ""
    spread = f"mean {amount(outcome.mean)}, 90% of points {amount(outcome.low)} to {amount(outcome.high)}"
    title = f"{outcome_name(outcome.outcome)}{unit}: {spread}"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("input", no_wrap=True)
    measures = list(dict.fromkeys(row.measure for row in outcome.rows))
    for measure in measures:
        table.add_column(MEASURES[measure], justify="right")
        if _any_interval(outcome, measure):
            table.add_column("90%")
    factors = [row.factor for row in outcome.rows]
    for row in outcome.measured(found.main):
        cells = [factor_name(row.factor, list(dict.fromkeys(factors)))]
        for measure in measures:
            cells += _cells(outcome, row.factor, measure)
        table.add_row(*cells)
    table.add_section()
    table.add_row(CHANCE, share(outcome.chance.paired))
    return table


def _cells(outcome: OutcomeAnalysis, factor: str, measure: str) -> Iterable[str]:
    row = outcome.of(factor, measure)
    cells = [shown(measure, row.value)]
    if _any_interval(outcome, measure):
        cells.append(f"{shown(measure, row.low)} to {shown(measure, row.high)}")
    return cells


def _any_interval(outcome: OutcomeAnalysis, measure: str) -> bool:
    return any(isfinite(row.low) for row in outcome.rows if row.measure == measure)

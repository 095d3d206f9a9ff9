"""A comparison on a terminal: tables of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from icpsim.questions.compare.optimise import SearchResult, Trial
from icpsim.questions.compare.results import (
    ComparedRow,
    DrivenChange,
    Equity,
    PairedRow,
    Policy,
    arms,
    one,
    select,
)
from icpsim.questions.compare.show_pareto import on_front
from icpsim.questions.compare.waterfall import order
from icpsim.report.amounts import PER, SHORT, ends, group_name, number, plain, summing, with_interval
from icpsim.report.measures import ALL, HEADLINES, MONEY, RATE
from icpsim.report.tables import print_table
from icpsim.report.words import UNKNOWN, words

if TYPE_CHECKING:
    from rich.console import Console

MOST_ROWS = 12
"""Groups of one grouping that are printed, those that differ most; pictures and files have all."""


def print_arms(console: Console, rows: Sequence[ComparedRow], against: str) -> None:
    """Print every arm's headline measures against one reference, a line an arm and measure."""
    found = select(rows, against=against, grouping=ALL)
    table = []
    for arm in arms(found):
        shown = [one(found, arm=arm, measure=measure) for measure in HEADLINES]
        for k, row in enumerate(row for row in shown if row is not None):
            table.append((arm if k == 0 else "", SHORT[row.measure], _with_interval(row)))
    print_table(
        console, f"Arms against {against} (mean, 90% of single worlds)", ("arm", "measure", "mean (90%)"), table
    )


def print_groups(console: Console, rows: Sequence[ComparedRow], grouping: str) -> None:
    """Print one grouping's differences of one arm and measure; of many groups, those that differ most."""
    found = select(rows, grouping=grouping)
    if not found:
        return
    kept = sorted(range(len(found)), key=lambda k: -abs(found[k].estimate))[:MOST_ROWS]
    first = found[0]
    few = f", the {MOST_ROWS} that differ most of {len(found)}" if len(found) > MOST_ROWS else ""
    title = f"{words(first.measure)}: {first.arm} against {first.against}, by {grouping}, {PER[first.unit]}{few}"
    shown = [found[k] for k in sorted(kept)]
    lines = [(group_name(row.grouping, row.group), _with_interval(row)) for row in shown]
    print_table(console, title, (grouping, "difference (90%)"), lines)


def print_driven(console: Console, change: DrivenChange) -> None:
    """Print the mechanisms' parts of a change, largest first, above their total."""
    parts = [change.parts[k] for k in order([part.estimate for part in change.parts])]
    shown = summing(change.unit, [part.estimate for part in parts])
    lines = [
        (part.mechanism, text, ends(change.unit, part.low, part.high))
        for part, text in zip([*parts, change.total], shown, strict=True)
    ]
    title = f"What drove {words(change.measure)}: {change.arm} against {change.against}, {PER[change.unit]}"
    print_table(console, title, ("mechanism", "part", "90%"), lines)


def print_paired(console: Console, rows: Sequence[PairedRow]) -> None:
    """Print the variance of paired differences against unpaired ones, and the replicates that 1% takes."""
    lines = []
    for row in rows:
        found, ratio = row.comparison, row.comparison.variance_ratio
        needed = [_count(n) for n in (found.replicates_paired, found.replicates_unpaired)]
        share = f"{_share(ratio.low)} to {_share(ratio.high)}" if isfinite(ratio.low) else UNKNOWN
        lines.append((f"{words(row.measure)}: {row.arm} - {row.against}", _share(ratio.estimate), share, *needed))
    headings = ("difference", "paired / unpaired variance", "90%", "replicates for 1%, paired", "unpaired")
    print_table(console, "What pairing is worth", headings, lines)


def print_equity(console: Console, found: Sequence[Equity]) -> None:
    """Print slope and relative index of inequality of every arm."""
    lines = [
        (
            f"{row.arm} - {row.against}",
            words(row.measure),
            with_interval(RATE, row.slope.estimate, row.slope.low, row.slope.high),
            f"{plain(row.relative_against.estimate)} → {plain(row.relative.estimate)}",
        )
        for row in found
    ]
    title = "By deprivation: positive slopes are a difference that is larger in the most deprived"
    print_table(console, title, ("difference", "of", "slope index, per 1,000 a year", "relative index"), lines)


def print_front(console: Console, policies: Sequence[Policy]) -> None:
    """Print the policies that no other beats on both cost and admissions."""
    best = on_front(policies)
    alone = ("without the list-wide fall",) if any(isfinite(p.cost_alone) for p in best) else ()
    lines = [
        (p.name, number(MONEY, p.cost), *(number(MONEY, p.cost_alone) for _ in alone), plain(p.admissions))
        for p in best
    ]
    title = f"{len(best)} of {len(policies)} policies that no other beats on both"
    headings = ("policy", "net cost, £ a year", *alone, "emergency admissions a year")
    print_table(console, title, headings, lines)


def print_search(console: Console, result: SearchResult, objective: str, constraints: Sequence[str]) -> None:
    """Print the best feasible settings of a search, and how many were tried."""
    feasible = sorted((t for t in result.trials if t.outcome.feasible), key=lambda t: t.outcome.objective)
    how = "the whole space" if result.exhaustive else "a search, so the best may be missed"
    title = f"{len(feasible)} of {len(result.trials)} settings keep within every limit ({how})"
    shown = feasible[:MOST_ROWS]
    alone = ("without the list-wide fall",) if any(trial.outcome.more is not None for trial in shown) else ()
    print_table(console, title, ("setting", objective, *alone, *constraints), [_trial(trial) for trial in shown])


def _trial(trial: Trial) -> tuple[str, ...]:
    setting = ", ".join(f"{key}={_value(value)}" for key, value in trial.setting.items())
    outcome = trial.outcome
    values = [outcome.objective, *([] if outcome.more is None else [outcome.more]), *outcome.constraints]
    return (setting, *(plain(value) for value in values))


def _value(value: object) -> str:
    return plain(value) if isinstance(value, float) else str(value)


def _with_interval(row: ComparedRow) -> str:
    return with_interval(row.unit, row.estimate, row.low, row.high)


def _share(value: float) -> str:
    return f"{100 * value:.3g}%" if isfinite(value) else UNKNOWN


def _count(number_needed: int | None) -> str:
    return UNKNOWN if number_needed is None else f"{number_needed:,}"

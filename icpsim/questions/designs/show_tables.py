"""A try-out of designs on a terminal: what each finds, and what it would see with more people."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from icpsim.questions.designs.answer import DesignStudy
from icpsim.questions.designs.recommend import EMERGENCY, named, recommendation, shown
from icpsim.questions.designs.sizes import SIZES, SizeCheck, size_rows
from icpsim.questions.designs.summary import DesignRow
from icpsim.report.tables import print_table, say
from icpsim.report.words import UNKNOWN, label

if TYPE_CHECKING:
    from rich.console import Console


def print_designs(console: Console, study: DesignStudy, outcome: str = EMERGENCY) -> None:
    """Print bias, coverage and power of one outcome, power against size, the recommendation and what failed."""
    rows = [row for row in study.rows if row.outcome == outcome]
    say(console, f"{study.scenario.title}: {label(outcome)}", style="bold")
    _table(
        console,
        f"What each design finds, {study.replicates} replicates, seed {study.seed}",
        (
            "design",
            "weeks",
            "truth",
            "bias (SE)",
            "coverage of 95%",
            "power",
            "formula",
            "false alarms",
            "smallest seen",
        ),
        [(row.window, _line(row)) for row in rows],
    )
    usable = [row for row in rows if not row.about.naive]
    _table(
        console,
        "Smallest effect seen with 80% power, by size (root-n law)",
        ("design", "weeks", *(f"{scale:g} x" for scale in SIZES)),
        [
            (row.window, (named(row), str(row.window), *(shown(row, -size.smallest) for size in size_rows(row))))
            for row in usable
        ],
    )
    checked = [(row, check) for row in usable for check in study.checks if _same(row, check)]
    if checked:
        _table(
            console,
            f"The law held to a simulation with {checked[0][1].times} x the sites",
            (
                "design",
                "weeks",
                "people",
                "smallest by law",
                "simulated",
                "spread, simulated over law",
                "power by law",
                "simulated",
            ),
            [(row.window, _check(row, check)) for row, check in checked],
        )
    say(console, recommendation(study.rows, outcome))
    say(console, *study.problems, style="yellow")


def _line(row: DesignRow) -> tuple[str, ...]:
    error = f"£{row.bias_se:,.0f}" if row.measure == "difference_gbp" else f"{row.bias_se:.3f}"
    return (
        named(row),
        str(row.window),
        shown(row, row.truth),
        f"{shown(row, row.bias)} ({error})" if isfinite(row.bias_se) else shown(row, row.bias),
        f"{share(row.coverage)} ({share(row.coverage_low)} to {share(row.coverage_high)})",
        share(row.power),
        share(row.formula_power),
        share(row.false_alarms),
        shown(row, -row.smallest),
    )


def _same(row: DesignRow, check: SizeCheck) -> bool:
    mine = row.design, row.variant, row.outcome, row.window
    return mine == (check.design, check.variant, check.outcome, check.window)


def _check(row: DesignRow, check: SizeCheck) -> tuple[str, ...]:
    return (
        named(row),
        str(row.window),
        f"{check.cases:,.0f}",
        shown(row, -check.law_smallest),
        shown(row, -check.simulated_smallest),
        f"{check.ratio:.2f} ({check.ratio_low:.2f} to {check.ratio_high:.2f})",
        share(check.law_power),
        share(check.simulated_power),
    )


def share(value: float) -> str:
    """Return a share in whole per cents."""
    return f"{100 * value:.0f}%" if isfinite(value) else UNKNOWN


def _table(
    console: Console, title: str, headings: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]
) -> None:
    """Print rows with their lengths of follow-up, a line between one length and the next."""
    ends = [place for place in range(len(rows) - 1) if rows[place][0] != rows[place + 1][0]]
    print_table(console, title, headings, [cells for _, cells in rows], parted=ends)

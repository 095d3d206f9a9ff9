"""A try-out of designs on a terminal: what each finds, and what it would see with more people."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from icpsim.laboratory.recommend import EMERGENCY, named, recommendation, shown
from icpsim.laboratory.study import DesignStudy
from icpsim.laboratory.summary import SIZES, DesignRow, size_rows
from icpsim.report.labels import UNKNOWN, label

if TYPE_CHECKING:
    from rich.console import Console


def print_designs(console: Console, study: DesignStudy, outcome: str = EMERGENCY) -> None:
    """Print bias, coverage and power of one outcome, power against size, the recommendation and what failed."""
    rows = [row for row in study.rows if row.outcome == outcome]
    console.print(f"{study.scenario.title}: {label(outcome)}", style="bold", markup=False, highlight=False)
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
        [_line(row) for row in rows],
    )
    scaled = [(row, size_rows(row)) for row in rows]
    _table(
        console,
        "Smallest effect seen with 80% power, by size (root-n law)",
        ("design", "weeks", *(f"{scale:g} x" for scale in SIZES)),
        [(named(row), str(row.window), *(shown(row, -s.smallest) for s in sizes)) for row, sizes in scaled],
    )
    console.print(recommendation(study.rows, outcome), markup=False, highlight=False)
    for text in study.problems:
        console.print(text, style="yellow", markup=False, highlight=False)


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


def share(value: float) -> str:
    """Return a share in whole per cents."""
    return f"{100 * value:.0f}%" if isfinite(value) else UNKNOWN


def _table(console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console.print(Text(title), style="italic")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table, markup=False, highlight=False)

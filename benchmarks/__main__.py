"""Print the benchmarks: ``python -m benchmarks [--quick] [--json] [--write] [--only NAME]``.

Everything is compiled before it is timed; linear algebra is held to one thread; a ratio's two sides are timed in
the same run. CPU seconds unless a row says wall.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from typing import Annotated

import typer
from threadpoolctl import threadpool_limits

from benchmarks.rows import Row, answer, number
from benchmarks.timing import BenchmarkError
from icpsim.cli.printing import console, print_json, progress_bar

FAMILIES = {
    "mesa": "mesa_form",
    "limit": "limit",
    "growth": "growth",
    "workers": "workers",
    "replicate": "replicate",
    "branching": "branching",
    "many": "many",
    "england": "england",
    "start": "start",
}
"""Names of families, in the order in which they run, and their modules."""


def measured(names: Sequence[str], quick: bool, shown: bool) -> list[Row]:
    """Run the families one after the other, with a progress bar."""
    rows: list[Row] = []
    with progress_bar(shown=shown) as progress, threadpool_limits(1):
        for k, name in enumerate(names):
            progress(k, len(names), f"benchmark: {name}")
            rows += import_module(f"benchmarks.{FAMILIES[name]}").figures(quick)
    return rows


def print_table(rows: list[Row]) -> None:
    """Print the rows as a table."""
    from rich import box
    from rich.table import Table

    table = Table("figure", "value", "goal", "met", "note", title="Benchmarks", box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(row.figure, number(row.value), number(row.goal), answer(row.met), row.note)
    console().print(table, markup=False)


def main(
    quick: Annotated[bool, typer.Option(help="Smaller sizes, about two minutes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    write: Annotated[bool, typer.Option(help="Also put the table into benchmarks/README.md.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Name of a family; may be repeated.")] = None,
) -> None:
    """Measure and print every figure beside its goal; a goal that is missed is not an error."""
    for name in only or ():
        if name not in FAMILIES:
            sys.stderr.write(f"--only {name}: no such benchmark; there are {', '.join(FAMILIES)}\n")
            raise typer.Exit(2)
    if write and (quick or only):
        sys.stderr.write("--write: only a full run is kept; leave --quick and --only out\n")
        raise typer.Exit(2)
    try:
        rows = measured(only or list(FAMILIES), quick, shown=not as_json)
    except BenchmarkError as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        raise typer.Exit(1) from None
    if write:
        from benchmarks.readme import write_readme

        write_readme(rows)
    if as_json:
        print_json({"benchmarks": [asdict(row) for row in rows]})
    else:
        print_table(rows)


if __name__ == "__main__":
    typer.run(main)

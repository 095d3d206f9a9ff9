"""Print the benchmarks: ``python -m benchmarks [--quick] [--json] [--write] [--only NAME]``.

Everything is compiled before it is timed; linear algebra is held to one thread; a ratio's two sides are timed in
the same run. CPU seconds unless a row says wall.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Annotated

import typer
from threadpoolctl import threadpool_limits

from benchmarks.rows import Row, answer, number
from benchmarks.timing import BenchmarkError
from icpsim.cli.printing import console, print_json, progress_bar

Families = Mapping[str, Callable[[], list[Row]]]


def families(quick: bool) -> Families:
    """Return every family of figures by name; quick ones are smaller."""
    from benchmarks import branching, england, growth, limit, mesa_form, replicate, start, workers

    scenario = "small" if quick else "case-management-sites"
    return {
        "mesa": lambda: mesa_form.compare(weeks=26 if quick else mesa_form.WEEKS),
        "limit": lambda: limit.compare(counted_people=2_000 if quick else limit.COUNTED_PEOPLE),
        "growth": lambda: growth.compare(growth.QUICK_SIZES if quick else growth.SIZES),
        "workers": lambda: workers.compare(scenario, 8 if quick else 6),
        "replicate": lambda: replicate.compare(scenario),
        "branching": branching.compare,
        "england": lambda: england.compare(england.QUICK_SHARE if quick else 1.0),
        "start": lambda: start.compare(read_only=not quick, times=1 if quick else start.TIMES),
    }


def measured(chosen: Families, shown: bool) -> list[Row]:
    """Run the families one after the other, with a progress bar."""
    rows: list[Row] = []
    with progress_bar(shown=shown) as progress, threadpool_limits(1):
        for k, (name, compare) in enumerate(chosen.items()):
            progress(k, len(chosen), f"benchmark: {name}")
            rows += compare()
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
    chosen = families(quick)
    for name in only or ():
        if name not in chosen:
            sys.stderr.write(f"--only {name}: no such benchmark; there are {', '.join(chosen)}\n")
            raise typer.Exit(2)
    if write and (quick or only):
        sys.stderr.write("--write: only a full run is kept; leave --quick and --only out\n")
        raise typer.Exit(2)
    try:
        rows = measured({name: chosen[name] for name in only or chosen}, shown=not as_json)
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

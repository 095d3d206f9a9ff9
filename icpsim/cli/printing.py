"""What several commands do and print alike: their work and its ending, tables, JSON, the progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 120


def console() -> Console:
    """Terminal to print on; piped output is wide enough for every table."""
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=PIPED_WIDTH)


def print_json(value: Mapping[str, Any]) -> None:
    """Print exactly one JSON object."""
    from icpsim.report.as_json import json_text

    sys.stdout.write(json_text(value))


@contextmanager
def working(out: Path | None, as_json: bool) -> Iterator[Callable[[int, int, str], None]]:
    """Give the progress bar's callback for a command's work, once its folder is found fit; raises FolderError."""
    from icpsim.report.folder import check_folder

    if out is not None:
        check_folder(out)
    with progress_bar(shown=not as_json) as progress:
        yield progress


def tell(
    out: Path | None,
    as_json: bool,
    told: Mapping[str, Any],
    show: Callable[[], object],
    write: Callable[[Path], object],
) -> None:
    """Write the folder if one is named; then print one JSON object, or show the answer and say where it is."""
    if out is not None:
        write(out)
    if as_json:
        print_json(told)
        return
    show()
    if out is not None:
        typer.echo(f"Written: {out}")


def print_rows(
    title: str, rows: Sequence[Mapping[str, object]], columns: Mapping[str, str], whole: Sequence[str] = ()
) -> None:
    """Print ``rows`` as a table: keys of ``columns`` under their headings, those in ``whole`` never folded."""
    from icpsim.report.tables import table

    cells = [[_cell(row[key]) for key in columns] for row in rows]
    unbroken = {place for place, key in enumerate(columns) if key in whole}
    console().print(table(list(columns.values()), cells, title=title, whole=unbroken, fold=True), markup=False)


def _cell(value: object) -> str:
    from rich.markup import escape

    return f"{value:,.6g}" if isinstance(value, float) else escape(str(value))


@contextmanager
def progress_bar(shown: bool) -> Iterator[Callable[[int, int, str], None]]:
    """Give a callback (done, total, what) that draws a bar on standard error; silent off a terminal."""
    if not (shown and sys.stderr.isatty()):
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TextColumn("remaining"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("starting", total=None)

        def advance(done: int, total: int, what: str) -> None:
            bars.update(bar, completed=done, total=total, description=what)

        yield advance

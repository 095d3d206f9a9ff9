"""Tables and lines on a terminal: one style for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text


def table(
    headings: Sequence[str | Text],
    rows: Iterable[Sequence[str | Text]] = (),
    *,
    title: str | None = None,
    whole: Collection[int] = (),
    right: Collection[int] = (),
    fold: bool = False,
    **style: Any,
) -> Table:
    """Return a table with a line under its headings.

    ``whole`` and ``right`` are places of columns that are never folded, and that stand at the right; ``fold`` lets
    a long word go on in the next line; ``style`` is told to rich.
    """
    from rich import box
    from rich.table import Table

    found = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, **style)
    for place, heading in enumerate(headings):
        found.add_column(
            heading,
            justify="right" if place in right else "left",
            overflow="fold" if fold else "ellipsis",
            no_wrap=place in whole,
        )
    for row in rows:
        found.add_row(*row)
    return found


def print_table(
    console: Console,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Collection[int] = (),
    parted: Collection[int] = (),
) -> None:
    """Print a table under its title, both word for word; a line stands after each row in ``parted``."""
    from rich.text import Text

    console.print(Text(title), style="italic")
    found = table([Text(heading) for heading in headings], right=right, fold=True)
    for place, row in enumerate(rows):
        found.add_row(*(Text(cell) for cell in row), end_section=place in parted)
    console.print(found, markup=False, highlight=False)


def say(console: Console, *lines: str, style: str | None = None) -> None:
    """Print lines word for word."""
    for line in lines:
        console.print(line, style=style, markup=False, highlight=False)

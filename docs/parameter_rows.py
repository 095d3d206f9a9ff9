"""Rows of the tables of parameters: an age curve or a set of conditions is one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def parameter_rows(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Yield name, value with its range, unit, tag and note; of what is folded into one row, the values alone."""
    folded: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        folded.setdefault(f"{row['table']}.{_stem(row['name'])}", []).append(row)
    for name, part in folded.items():
        yield f"`{name}`", _values(part), part[0]["unit"], _tags(part), _note(part)


def _stem(name: str) -> str:
    from icpsim.data.tables import AGE_BANDS
    from icpsim.records.schema import CONDITIONS

    for end in (*AGE_BANDS, *CONDITIONS):
        if name.endswith(f"_{end}"):
            return f"{name.removesuffix(f'_{end}')}_*"
    return name


def _values(rows: list[dict[str, Any]]) -> str:
    if len(rows) > 1:
        return ", ".join(f"{row['value']:.8g}" for row in rows)
    (row,) = rows
    return f"{row['value']:.8g}" + (
        "" if row["low"] == row["high"] else f" ({row['low']:.8g} to {row['high']:.8g})"
    )


def _note(rows: list[dict[str, Any]]) -> str:
    """Return the note; of several rows that of the last, without the arithmetic that is of one row alone."""
    note: str = rows[-1]["note"]
    return note if len(rows) == 1 else note.partition(". DERIVED: ")[0]


def _tags(rows: list[dict[str, Any]]) -> str:
    return ", ".join(dict.fromkeys(row["tag"] for row in rows))

"""A programme's mechanisms: whatever rows mechanisms.csv has. One more is a row and the rule that reads it."""

from __future__ import annotations

from typing import Any, NamedTuple

from icpsim.data.tables import ParameterError, load_tables, nearest

TABLE = "mechanisms"
NAMES = tuple(p.name for p in load_tables().parameters.values() if p.table == TABLE)
_Row: Any = NamedTuple("_Row", [(name, float) for name in NAMES])  # type: ignore[misc]


class MechanismParameters(_Row):
    """Table mechanisms.csv, a float a row: what a programme does and whom it finds, to be inferred."""

    __slots__ = ()

    def __getattr__(self, name: str) -> float:
        """Refuse what is no row; raises ParameterError with the nearest name."""
        raise AttributeError(name) if name.startswith("_") else no_row(name)


def no_row(name: str) -> ParameterError:
    """Return the error of a mechanism that is read and is in no row of the table."""
    return ParameterError([f"{TABLE}.csv has no row '{name}'{nearest(name, NAMES)}"])

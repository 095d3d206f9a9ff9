"""Parameter tables: every number of the model with its range, unit, role, source and tag.

One CSV file a room of the model stands in ``icpsim/data/parameters``. Each room declares a ``NamedTuple`` of
plain floats and arrays, which compiled rules take as an argument, and fills it with :func:`load_room`::

    class Emergency(NamedTuple):
        flare_ratio: float        # row "flare_ratio"
        rate: AgeCurve            # rows "rate_0_4" ... "rate_85p"

    emergency = load_room(Emergency, "emergency", {"emergency.flare_ratio": 5.0})
"""

from __future__ import annotations

import csv
import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from icpsim.base.errors import WrongInputError
from icpsim.base.files import packaged
from icpsim.records.schema import CONDITIONS

AGE_BANDS = ("0_4", "5_14", "15_44", "45_64", "65_74", "75_84", "85p")
"""Age bands of every age curve, in years."""

COLUMNS = ("name", "value", "low", "high", "unit", "role", "source", "tag", "note")
ROLES = ("fixed", "natural history", "mechanism", "scenario", "price")
TAGS = ("SEED", "PAGE", "RECALL", "JUDGEMENT")
ASSUMED_TAGS = ("RECALL", "JUDGEMENT")
"""Tags of numbers that nobody has seen in a source: assumptions until somebody has."""

FOLDER = packaged("parameters")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Labels(NamedTuple):
    """Marks an array field as one row a label: field ``rate`` reads rows ``rate_<label>``."""

    labels: tuple[str, ...]


class Rows(NamedTuple):
    """Marks an array field as rows of other names than the field's, in this order."""

    names: tuple[str, ...]


AgeCurve: TypeAlias = Annotated[NDArray[np.float64], Labels(AGE_BANDS)]
"""One float64 an age band, shape (7,)."""

ByCondition: TypeAlias = Annotated[NDArray[np.float64], Labels(CONDITIONS)]
"""One float64 a long-term condition, shape (10,), in the order of the record schema."""

Room = TypeVar("Room")


class ParameterError(WrongInputError):
    """A parameter table or an override is wrong; each problem names its file, line and column, or name."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of a table: ``value`` in ``unit``, its plausible range, and where it comes from."""

    table: str
    name: str
    value: float
    low: float
    high: float
    unit: str
    role: str
    source: str
    tag: str
    note: str

    @property
    def qualified(self) -> str:
        """The name that overrides use: ``table.name``."""
        return f"{self.table}.{self.name}"

    @property
    def assumed(self) -> bool:
        """Whether the value is an assumption, that is tagged RECALL or JUDGEMENT."""
        return self.tag in ASSUMED_TAGS


@dataclass(frozen=True, slots=True)
class ParameterTables:
    """All parameters by qualified name, and the overrides in force.

    ``outside_range`` holds the qualified names whose override lies outside low..high: allowed, never silent.
    """

    parameters: Mapping[str, Parameter]
    overrides: Mapping[str, float]
    outside_range: tuple[str, ...]

    def value(self, qualified: str) -> float:
        """Value in force of one parameter; raises ParameterError with the nearest name if there is none."""
        if qualified not in self.parameters:
            raise ParameterError([f"no parameter '{qualified}'{nearest(qualified, self.parameters)}"])
        return self.overrides.get(qualified, self.parameters[qualified].value)

    def values(self) -> dict[str, float]:
        """Return every parameter's value in force by qualified name, in the order of names."""
        return {key: self.value(key) for key in sorted(self.parameters)}

    def rows(self) -> list[dict[str, str | float | bool]]:
        """Every parameter as a plain row for printing: the table's columns, ``used`` and ``overridden``."""
        return [
            {"table": p.table}
            | {column: getattr(p, column) for column in COLUMNS}
            | {"used": self.value(key), "overridden": key in self.overrides}
            for key, p in self.parameters.items()
        ]

    def warnings(self) -> list[str]:
        """One sentence for every override that lies outside its stated range."""
        return [
            f"{key} = {self.overrides[key]:g} lies outside its stated range"
            f" {self.parameters[key].low:g} to {self.parameters[key].high:g}"
            for key in self.outside_range
        ]

    def room(self, cls: type[Room], table: str) -> Room:
        """Fill the NamedTuple ``cls`` from one table; raises ParameterError on a field or row left over."""
        names = {p.name for p in self.parameters.values() if p.table == table}
        if not names:
            tables = {p.table for p in self.parameters.values()}
            raise ParameterError([f"no parameter table '{table}'{nearest(table, tables)}"])
        wanted = {field: _rows_of(field, hint) for field, hint in _fields(cls).items()}
        read = {name for labels in wanted.values() for name in labels}
        problems = [
            f"{cls.__name__}: {table}.csv has no row '{name}'{nearest(name, names - read)}"
            for name in sorted(read - names)
        ]
        problems += [
            f"{table}.csv: row '{name}' is read by no field of {cls.__name__}{nearest(name, read - names)}"
            for name in sorted(names - read)
        ]
        if problems:
            raise ParameterError(problems)
        return cls(**{field: self._field(table, field, rows) for field, rows in wanted.items()})

    def _field(self, table: str, field: str, rows: tuple[str, ...]) -> float | NDArray[np.float64]:
        values = [self.value(f"{table}.{name}") for name in rows]
        return values[0] if rows == (field,) else np.array(values, dtype=np.float64)


def load_tables(overrides: Mapping[str, float] | None = None, folder: Path = FOLDER) -> ParameterTables:
    """Read every table of ``folder`` and apply ``overrides`` (names, qualified or unambiguous, to numbers).

    Raises ParameterError listing every faulty cell (file, line, column) or unknown or ambiguous override.
    """
    parameters: dict[str, Parameter] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.csv")):
        rows, wrong = _read_table(path)
        parameters |= {p.qualified: p for p in rows}
        problems += wrong
    if problems:
        raise ParameterError(problems)
    resolved = _resolve(overrides or {}, parameters)
    outside = [k for k, v in resolved.items() if not parameters[k].low <= v <= parameters[k].high]
    return ParameterTables(parameters, resolved, tuple(outside))


def load_room(
    cls: type[Room], table: str, overrides: Mapping[str, float] | None = None, folder: Path = FOLDER
) -> Room:
    """Fill one room's NamedTuple from its table; ``overrides`` may hold other rooms' parameters too.

    Raises ParameterError when a field has no row, a row has no field, or a table or override is wrong.
    """
    return load_tables(overrides, folder).room(cls, table)


def nearest(name: str, valid: Iterable[str]) -> str:
    """Tail of an error message: ``; did you mean 'x'?``, or nothing when no valid name comes close."""
    close = difflib.get_close_matches(name, sorted(valid), n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


def _fields(cls: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(cls, include_extras=True)
    return {field: hints[field] for field in cls._fields}


def _rows_of(field: str, hint: Any) -> tuple[str, ...]:
    if hint is float:
        return (field,)
    if get_origin(hint) is Annotated and isinstance(get_args(hint)[1], Labels):
        return tuple(f"{field}_{label}" for label in get_args(hint)[1].labels)
    if get_origin(hint) is Annotated and isinstance(get_args(hint)[1], Rows):
        return get_args(hint)[1].names
    raise TypeError(f"parameter field '{field}' must be float, AgeCurve, ByCondition or Rows, not {hint}")


def _read_table(path: Path) -> tuple[list[Parameter], list[str]]:
    return _table_as_of(path, path.stat().st_mtime_ns)


@cache
def _table_as_of(path: Path, _changed: int) -> tuple[list[Parameter], list[str]]:
    """Read a table once for every time that its file changes."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.reader(handle)
        header = tuple(next(reader, ()))
        if header != COLUMNS:
            return [], [f"{path.name}:1: columns must be {','.join(COLUMNS)}, not {','.join(header)}"]
        numbered = [(reader.line_num, row) for row in reader]
    rows: list[Parameter] = []
    problems: list[str] = []
    seen: set[str] = set()
    for line, cells in numbered:
        wrong = _row_problems(cells, seen)
        problems += [f"{path.name}:{line}: {problem}" for problem in wrong]
        if not wrong:
            rows.append(_parameter(path.stem, cells))
            seen.add(cells[0].strip())
    return rows, problems


def _row_problems(cells: list[str], seen: set[str]) -> list[str]:
    if len(cells) != len(COLUMNS):
        return [f"{len(cells)} cells where {len(COLUMNS)} columns are declared"]
    row = {column: cell.strip() for column, cell in zip(COLUMNS, cells, strict=True)}
    empty = [f"column '{column}' is empty" for column, cell in row.items() if not cell]
    if empty:
        return empty
    problems = []
    if not _NAME.fullmatch(row["name"]):
        problems.append(f"column 'name': '{row['name']}' is not lower case letters, digits and underscores")
    if row["name"] in seen:
        problems.append(f"column 'name': '{row['name']}' stands twice in this table")
    for column, allowed in (("role", ROLES), ("tag", TAGS)):
        if row[column] not in allowed:
            hint = nearest(row[column], allowed)
            problems.append(f"column '{column}': '{row[column]}' is not one of {', '.join(allowed)}{hint}")
    return problems + _number_problems(row)


def _number_problems(row: Mapping[str, str]) -> list[str]:
    columns = ("value", "low", "high")
    wrong = [c for c in columns if not math.isfinite(_number(row[c]))]
    if wrong:
        return [f"column '{c}': '{row[c]}' is not a finite number" for c in wrong]
    value, low, high = (_number(row[c]) for c in columns)
    if low <= value <= high:
        return []
    return [f"column '{'low' if value < low else 'high'}': value {value:g} lies outside {low:g} to {high:g}"]


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _parameter(table: str, cells: list[str]) -> Parameter:
    name, value, low, high, *words = (cell.strip() for cell in cells)
    return Parameter(table, name, float(value), float(low), float(high), *words)


def _resolve(overrides: Mapping[str, float], parameters: Mapping[str, Parameter]) -> dict[str, float]:
    resolved: dict[str, float] = {}
    problems = []
    for name, value in overrides.items():
        keys = [k for k in parameters if k == name or k.partition(".")[2] == name]
        numeric = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not keys:
            bare = {p.name for p in parameters.values()} if "." not in name else set(parameters)
            problems.append(f"no parameter '{name}'{nearest(name, bare)}")
        elif len(keys) > 1:
            problems.append(f"parameter '{name}' is ambiguous: write one of {', '.join(sorted(keys))}")
        elif not numeric:
            problems.append(f"parameter '{name}': {value!r} is not a finite number")
        elif keys[0] in resolved:
            problems.append(f"parameter '{keys[0]}' is overridden twice")
        else:
            resolved[keys[0]] = float(value)
    if problems:
        raise ParameterError(problems)
    return resolved

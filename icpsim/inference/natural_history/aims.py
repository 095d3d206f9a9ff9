"""What the fit aims at: the evidence's ranges and the weight given to each."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from icpsim.base.intervals import Z90
from icpsim.data.natural_history_targets import target_rows
from icpsim.data.tables import nearest
from icpsim.inference.errors import CalibrationError

COLUMNS = ("target", "low", "high", "weight")
_NINETY_PER_CENT = 2 * Z90


@dataclass(frozen=True, slots=True)
class Aim:
    """One target of the fit: the evidence's range and the weight it is given."""

    name: str
    low: float
    high: float
    weight: float

    @property
    def middle(self) -> float:
        """Middle of the range."""
        return 0.5 * (self.low + self.high)

    @property
    def sd(self) -> float:
        """SD of which the range is the 90% interval."""
        return (self.high - self.low) / _NINETY_PER_CENT

    def inside(self, value: float) -> bool:
        """Tell whether a figure lies in the range."""
        return self.low <= value <= self.high


def read_rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Read a CSV table that has these columns; raises CalibrationError when it is none, lacks one or is empty."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            there = tuple(reader.fieldnames or ())
            rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise CalibrationError(f"{path.name}: not a CSV file in UTF-8: {error}") from None
    missing = [name for name in columns if name not in there]
    if missing:
        hint = nearest(missing[0], set(there) - set(columns))
        raise CalibrationError(f"{path.name}:1: there is no column '{missing[0]}'{hint}")
    if not rows:
        raise CalibrationError(f"{path.name}: no row under the headings")
    return rows


def read_aims(path: Path) -> tuple[Aim, ...]:
    """Read targets with ranges and weights; raises CalibrationError naming file, line and column."""
    known = {row["target"] for row in target_rows()}
    aims: dict[str, Aim] = {}
    problems = []
    for line, row in enumerate(read_rows(path, COLUMNS), start=2):
        wrong = _problem(row, known, set(aims))
        if wrong:
            problems.append(f"{path.name}:{line}: {wrong}")
        else:
            aims[row["target"]] = Aim(row["target"], *(float(row[name]) for name in COLUMNS[1:]))
    if problems:
        raise CalibrationError("\n".join(problems))
    return tuple(aims.values())


def _problem(row: dict[str, str], known: set[str], seen: set[str]) -> str:
    name = row["target"]
    if name not in known:
        return f"nothing measures a target '{name}'{nearest(name, known)}"
    if name in seen:
        return f"target '{name}' stands twice"
    for column in COLUMNS[1:]:
        if not math.isfinite(number(row[column])):
            return f"column '{column}': '{row[column]}' is not a finite number"
    if not number(row["low"]) < number(row["high"]):
        return "'low' must lie below 'high'"
    return "'weight' must not be below 0" if number(row["weight"]) < 0 else ""


def number(cell: str | None) -> float:
    """Return a cell's number; NaN when it holds none."""
    try:
        return float(cell or "")
    except ValueError:
        return math.nan

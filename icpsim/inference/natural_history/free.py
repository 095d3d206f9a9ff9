"""Which parameters the fit may move, between which bounds, and how a point of the search becomes parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from icpsim.base.intervals import Z90
from icpsim.data.tables import load_tables, nearest
from icpsim.inference.errors import CalibrationError
from icpsim.inference.natural_history.aims import number, read_rows

KINDS = ("level", "shape")
COLUMNS = ("parameter", "also", "kind", "start", "low", "high")
HELD_COLUMNS = ("parameter", "value", "reason")
_NINETY_PER_CENT = 2 * Z90
_SMALLEST_STEP = 0.05


@dataclass(frozen=True, slots=True)
class FreeParameter:
    """One free parameter: ``also`` move with it, each at its ratio; ``low`` to ``high`` bound the search.

    A *level* has no prior beyond its bounds; of a *shape* they are the plausible range, read as a 90% interval
    of a log-normal prior.
    """

    name: str
    also: tuple[tuple[str, float], ...]
    kind: str
    start: float
    low: float
    high: float

    @property
    def prior_mean(self) -> float:
        """Middle of the range on the log scale."""
        return 0.5 * (math.log(self.low) + math.log(self.high))

    @property
    def prior_sd(self) -> float:
        """SD on the log scale; infinite for a level."""
        return math.inf if self.kind == "level" else math.log(self.high / self.low) / _NINETY_PER_CENT

    @property
    def step(self) -> float:
        """Step of a finite difference, on the log scale: half a prior SD, wide enough to rise above chance."""
        return _SMALLEST_STEP if self.kind == "level" else max(0.5 * self.prior_sd, _SMALLEST_STEP)


def read_free(path: Path) -> tuple[FreeParameter, ...]:
    """Read the table of free parameters; raises CalibrationError naming file, line and column."""
    known = load_tables().parameters
    free: list[FreeParameter] = []
    problems: list[str] = []
    moved: set[str] = set()
    for line, row in enumerate(read_rows(path, COLUMNS), start=2):
        try:
            free.append(_parameter(row))
        except ValueError as error:
            problems.append(f"{path.name}:{line}: {error}")
            continue
        for name in (free[-1].name, *(name for name, _ in free[-1].also)):
            if name not in known:
                problems.append(f"{path.name}:{line}: no parameter '{name}'{nearest(name, known)}")
            elif name in moved:
                problems.append(f"{path.name}:{line}: parameter '{name}' is moved twice")
            moved.add(name)
    if problems:
        raise CalibrationError("\n".join(problems))
    return tuple(free)


def read_held(path: Path) -> dict[str, float]:
    """Read parameters that are held at a value of their own during the fit; none when there is no such file.

    So the fit does not move when other parts of the model are calibrated on top of it. Raises CalibrationError.
    """
    if not path.is_file():
        return {}
    known = load_tables().parameters
    held: dict[str, float] = {}
    for line, row in enumerate(read_rows(path, HELD_COLUMNS), start=2):
        name, value = row["parameter"], number(row["value"])
        if name not in known:
            raise CalibrationError(f"{path.name}:{line}: no parameter '{name}'{nearest(name, known)}")
        if not math.isfinite(value):
            raise CalibrationError(f"{path.name}:{line}: column 'value': '{row['value']}' is not a finite number")
        held[name] = value
    return held


def _parameter(row: dict[str, str]) -> FreeParameter:
    if row["kind"] not in KINDS:
        raise ValueError(f"column 'kind': '{row['kind']}' is not one of {', '.join(KINDS)}")
    numbers = {column: number(row[column]) for column in ("start", "low", "high")}
    for column, value in numbers.items():
        if not math.isfinite(value):
            raise ValueError(f"column '{column}': '{row[column]}' is not a finite number")
    if not 0.0 < numbers["low"] <= numbers["start"] <= numbers["high"]:
        raise ValueError("columns 'low', 'start', 'high' must rise, and 'low' must be above 0")
    also = []
    for part in row["also"].split():
        name, _, ratio = part.partition("*")
        if not number(ratio) > 0:
            raise ValueError(f"column 'also': '{part}' must be a name, * and a ratio above 0")
        also.append((name, number(ratio)))
    return FreeParameter(row["parameter"], tuple(also), row["kind"], **numbers)


def start_point(free: Sequence[FreeParameter]) -> NDArray[np.float64]:
    """Return the starting point: logs of the starting values; float64[parameters]."""
    return np.log([parameter.start for parameter in free])


def bounds(free: Sequence[FreeParameter]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return lower and upper bounds on the log scale; float64[parameters] each."""
    return np.log([parameter.low for parameter in free]), np.log([parameter.high for parameter in free])


def overrides_at(free: Sequence[FreeParameter], point: NDArray[np.float64]) -> dict[str, float]:
    """Return parameter values by qualified name at a point of the search, rounded to seven digits.

    Rounding makes a point the same to the last bit on every machine, so that a stored simulation is found again.
    """
    values: dict[str, float] = {}
    for parameter, x in zip(free, point, strict=True):
        value = float(f"{math.exp(x):.7g}")
        values[parameter.name] = value
        for name, ratio in parameter.also:
            values[name] = float(f"{value * ratio:.7g}")
    return values

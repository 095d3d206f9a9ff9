"""National totals that the simulated country stands beside: ``calibration/england/targets.csv``."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from icpsim.base.files import packaged
from icpsim.data.published_effects import TargetError
from icpsim.data.tables import TAGS
from icpsim.questions.england.answer import NationalTotal

COLUMNS = NationalTotal.__dataclass_fields__.keys()
COMPARED, SHOWN, ABSENT = USES = ("compared", "shown", "absent")
_FILE = Path("calibration/england/targets.csv")


@cache
def national_totals() -> tuple[NationalTotal, ...]:
    """Read every national total; raises TargetError naming file, line and column of a faulty cell."""
    with _place().open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle, strict=True)
        if list(reader.fieldnames or ()) != list(COLUMNS):
            raise TargetError(f"{_FILE.name}:1: columns must be {','.join(COLUMNS)}")
        return tuple(_row(row, f"{_FILE.name}:{reader.line_num}") for row in reader)


def _place() -> Path:
    return packaged("calibration", "england", "targets.csv")


def _row(row: dict[str, str], place: str) -> NationalTotal:
    if row["use"] not in USES:
        raise TargetError(f"{place}: column 'use': '{row['use']}' is not one of {', '.join(USES)}")
    empty = row["use"] == ABSENT
    for column in ("tag", "range_tag"):
        if row[column] not in (("",) if empty else TAGS):
            raise TargetError(f"{place}: column '{column}': '{row[column]}' is not one of {', '.join(TAGS)}")
    try:
        numbers = [None if empty else float(row[column]) for column in ("national", "low", "high")]
    except ValueError as error:
        raise TargetError(f"{place}: columns 'national', 'low' and 'high' must be numbers: {error}") from None
    words = {column: row[column] for column in COLUMNS if column not in ("national", "low", "high")}
    return NationalTotal(**words, national=numbers[0], low=numbers[1], high=numbers[2])

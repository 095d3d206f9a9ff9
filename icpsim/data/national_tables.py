"""England's people, deaths and hospital use by age, sex and deprivation, as rates and shapes of our own making.

``calibration/national/derive.py`` computes the tables in ``icpsim/data/national`` from public ones; each row has
the address it comes from and its arithmetic. Fifth 5 is the most deprived, here as everywhere in the model.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from icpsim.base.errors import WrongInputError
from icpsim.base.files import packaged
from icpsim.data.tables import AGE_BANDS, TAGS

FILES = {
    "population": "population.csv",
    "deaths": "deaths.csv",
    "emergency": "use.csv",
    "planned": "use.csv",
    "outpatient": "use.csv",
    "emergency_cost": "emergency_cost.csv",
}
"""The file that each measure stands in."""
WAYS = (
    "year of age", "age", "age band", "everyone", "fifth", "fifth and age band", "sex", "sex and age band",
    "years over 90",
)  # fmt: skip
"""What a row is one of: single years of age, five years (deaths: the table's own groups) or the model's age bands.

Rows by fifth are standardised for age and sex, rows by sex for age: what happened over what would have happened
had everybody in the group the rate of all people of their age (and sex).
"""
SEXES = ("male", "female")
EVERYONE = "all"
FIFTHS = (1, 2, 3, 4, 5)
OLDEST = 130
"""Age at which open age groups end, in years."""
BAND_STARTS = tuple(int(band.rstrip("p").partition("_")[0]) for band in AGE_BANDS)
BANDS = tuple(zip(BAND_STARTS, (*BAND_STARTS[1:], OLDEST), strict=True))
"""The model's age bands, from a year up to (not including) another."""
COLUMNS = (
    "measure", "by", "age_from", "age_to", "sex", "fifth", "value", "unit", "numerator", "denominator",
    "arithmetic", "source", "note", "tag",
)  # fmt: skip
RISES = ("deaths", "emergency")
"""What is commoner the more deprived people are: a table in which it is not has its fifths the wrong way round."""


class NationalTableError(WrongInputError):
    """A national table cannot be used; the message names file and line, or says what is the wrong way round."""


@dataclass(frozen=True, slots=True)
class NationalRow:
    """One figure: ``value`` in ``unit`` of people of these ages (end not included), sex and fifth.

    ``sex`` is male, female or all; ``fifth`` 5 is the most deprived, 0 all fifths. ``value`` follows from
    ``numerator`` and ``denominator`` as ``arithmetic`` says.
    """

    measure: str
    by: str
    ages: tuple[int, int]
    sex: str
    fifth: int
    value: float
    unit: str
    numerator: float
    denominator: float
    arithmetic: str
    source: str
    note: str
    tag: str


def tables_folder() -> Path:
    """Folder of the derived national tables."""
    return packaged("national")


@cache
def national_rows(measure: str, folder: Path | None = None) -> tuple[NationalRow, ...]:
    """Return one measure's rows (see FILES); raises NationalTableError on a faulty or a turned table."""
    if measure not in FILES:
        raise NationalTableError(f"there is no national measure '{measure}': {', '.join(FILES)}")
    path = (folder or tables_folder()) / FILES[measure]
    rows = tuple(row for row in _read(path) if row.measure == measure)
    if measure in RISES:
        check_orientation(measure, rows)
    return rows


def find(
    measure: str, by: str, *, ages: tuple[int, int] | None = None, sex: str = EVERYONE, fifth: int = 0
) -> NationalRow:
    """Return the one row of these people (``ages`` None: of whatever ages); raises NationalTableError."""
    found = [
        row
        for row in national_rows(measure)
        if row.by == by and row.sex == sex and row.fifth == fifth and ages in (None, row.ages)
    ]
    if len(found) != 1:
        who = f"{measure} by {by}, ages {ages}, sex {sex}, fifth {fifth}"
        raise NationalTableError(f"{len(found)} national rows where one is wanted: {who}")
    return found[0]


def check_orientation(measure: str, rows: Iterable[NationalRow]) -> None:
    """Hold that a measure which deprivation raises rises from fifth 1 to fifth 5, or raise NationalTableError."""
    found = {row.fifth: row.value for row in rows if row.by == "fifth" and row.sex == EVERYONE}
    values = [found.get(fifth, math.nan) for fifth in FIFTHS]
    if not all(less < more for less, more in pairwise(values)):
        said = ", ".join(f"{value:.3g}" for value in values)
        raise NationalTableError(
            f"{measure} must rise from fifth 1 to fifth 5, the most deprived, and are {said}: is the table turned?"
        )


def most_deprived_last(fifth: int, first_is_most_deprived: bool) -> int:
    """Return a fifth counted so that 5 is the most deprived, from a table that counts one way or the other."""
    if fifth not in FIFTHS:
        raise NationalTableError(f"fifth {fifth} is not one of 1 to 5")
    return 6 - fifth if first_is_most_deprived else fifth


def people_by_age() -> NDArray[np.float64]:
    """Return England's people in mid-2009 by year of age (last: 90 and over), male and female; float64[91, 2]."""
    found = np.zeros((91, 2))
    for row in national_rows("population"):
        if row.by == "year of age":
            found[row.ages[0], SEXES.index(row.sex)] = row.numerator
    return found


@cache
def _read(path: Path) -> tuple[NationalRow, ...]:
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle, strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise NationalTableError(f"{path.name}:1: columns must be {','.join(COLUMNS)}")
        return tuple(_rows(reader, path.name))


def _rows(reader: csv.DictReader[str], name: str) -> Iterator[NationalRow]:
    for cells in reader:
        place = f"{name}:{reader.line_num}"
        try:
            row = _row(cells)
        except ValueError as error:
            raise NationalTableError(f"{place}: {error}") from None
        for column, value, allowed in (
            ("measure", row.measure, FILES), ("by", row.by, WAYS), ("sex", row.sex, (*SEXES, EVERYONE)),
            ("fifth", row.fifth, (0, *FIFTHS)), ("tag", row.tag, TAGS),
        ):  # fmt: skip
            if value not in allowed:
                raise NationalTableError(f"{place}: column '{column}': '{value}' is not one of {tuple(allowed)}")
        if not (math.isfinite(row.value) and row.denominator > 0 and row.ages[0] < row.ages[1]):
            raise NationalTableError(f"{place}: a value, a denominator or ages that cannot be")
        yield row


def _row(cells: dict[str, str]) -> NationalRow:
    return NationalRow(
        measure=cells["measure"],
        by=cells["by"],
        ages=(int(cells["age_from"]), OLDEST if cells["age_to"] == "and over" else int(cells["age_to"]) + 1),
        sex=cells["sex"],
        fifth=0 if cells["fifth"] == EVERYONE else int(cells["fifth"]),
        value=float(cells["value"]),
        unit=cells["unit"],
        numerator=float(cells["numerator"]),
        denominator=float(cells["denominator"]),
        arithmetic=cells["arithmetic"],
        source=cells["source"],
        note=cells["note"],
        tag=cells["tag"],
    )

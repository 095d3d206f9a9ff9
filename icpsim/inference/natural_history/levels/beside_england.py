"""People, deaths and hospital use by age, sex and deprivation, beside England's.

Deaths are compared as rates. Use is compared as shapes, each relative to its own mean: England's table counts
consultant episodes of 2011/12, the model spells of 2009-10. Both count outpatient appointments, attended or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.data.national_tables import BANDS, EVERYONE, FIFTHS, OLDEST, SEXES, find, national_rows, people_by_age
from icpsim.inference.natural_history.levels import rates
from icpsim.records.schema import HospitalRecords

MEASURES = ("population", "deaths", "emergency", "planned", "outpatient")
FIVE_YEARS = (*((low, low + 5) for low in range(0, 90, 5)), (90, OLDEST))
NO_MATERNITY_FROM = 45
"""England's planned episodes include maternity, so women are compared from this age on, and totals are of men."""

Cells = NDArray[np.float64]
"""A number for each year of age, sex (male, female) and fifth (5 the most deprived); float64[130, 2, 5]."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One group's figure in the model and in England, in ``unit``; ``events`` is what it rests on in the model.

    ``by``, ``sex`` and ``fifth`` as in :class:`icpsim.data.national_tables.NationalRow`; ages run up to, not
    including, ``age_to``; ``model`` is NaN of people of whom the model has none.
    """

    measure: str
    by: str
    age_from: int
    age_to: int
    sex: str
    fifth: int
    model: float
    england: float
    events: float
    unit: str

    @property
    def ages(self) -> tuple[int, int]:
        """The two ages."""
        return self.age_from, self.age_to

    @property
    def off(self) -> float:
        """How far the model lies from England, as a share of England's figure."""
        return self.model / self.england - 1.0


@dataclass(frozen=True, slots=True)
class BesideEngland:
    """Every group's figure beside England's, and how many people were simulated."""

    people: int
    rows: tuple[Beside, ...]

    def of(
        self, measure: str, by: str, sex: str | None = None, ages: tuple[int, int] | None = None
    ) -> list[Beside]:
        """Return a measure's rows of one kind in their order; of one sex and of these ages where given."""
        kind = [row for row in self.rows if (row.measure, row.by) == (measure, by)]
        return [row for row in kind if sex in (None, row.sex) and ages in (None, row.ages)]


def beside_england(records: HospitalRecords, weeks: tuple[int, int]) -> BesideEngland:
    """Return every figure of these weeks beside England's."""
    base = person_years(records, weeks)
    rows = list(_people(base))
    for measure in MEASURES[1:]:
        rows += _compared(measure, events(records, measure, weeks), base)
    return BesideEngland(len(records.registrations), tuple(rows))


def person_years(records: HospitalRecords, weeks: tuple[int, int]) -> Cells:
    """Return person-years registered over these weeks."""
    people = records.registrations
    total = np.zeros((OLDEST, 2, 5))
    for week in range(*weeks):
        alive = np.flatnonzero((people["from_week"] <= week) & (week < people["to_week"]))
        total += _count(records, alive, np.full(len(alive), week))
    return total / WEEKS_PER_YEAR


def events(records: HospitalRecords, measure: str, weeks: tuple[int, int]) -> Cells:
    """Return deaths, emergency or planned spells, or outpatient appointments (attended or not) of these weeks."""
    table, when = {
        "deaths": (records.deaths, "week"),
        "emergency": (rates.emergency(records), "admitted"),
        "planned": (rates.elective(records), "admitted"),
        "outpatient": (records.outpatient, "week"),
    }[measure]
    now = table[(table[when] >= weeks[0]) & (table[when] < weeks[1])]
    return _count(records, now["person"], now[when])


def _count(records: HospitalRecords, person: NDArray[np.integer], week: NDArray[np.integer]) -> Cells:
    who = records.registrations[person]
    age = ((week.astype(np.int64) - who["birth_week"]) / WEEKS_PER_YEAR).astype(np.int64)
    place = (np.minimum(age, OLDEST - 1) * 2 + who["sex"]) * 5 + who["imd"] - 1
    return np.bincount(place, minlength=OLDEST * 10).astype(np.float64).reshape(OLDEST, 2, 5)


def _people(base: Cells) -> Iterator[Beside]:
    """Yield the share of people by age and sex, and where people of each age live by fifth."""
    england, unit = people_by_age(), "share of all people"
    groups = (
        [("age", ages) for ages in FIVE_YEARS] + [("age band", band) for band in BANDS] + [("sex", (0, OLDEST))]
    )
    for by, (low, high) in groups:
        for sex in SEXES if by == "sex" else (EVERYONE, *SEXES):
            here, there = base[low:high, _of(sex)].sum(), england[low:high, _of(sex)].sum() / england.sum()
            yield Beside("population", by, low, high, sex, 0, here / base.sum(), there, here, unit)
    for low, high in ((0, OLDEST), *BANDS):
        by = "fifth" if high - low == OLDEST else "fifth and age band"
        of_age = base[low:high].sum(axis=(0, 1))
        for fifth in FIFTHS:
            row, here = find("population", by, ages=(low, high), fifth=fifth), of_age[fifth - 1]
            share = _over(here, of_age.sum())
            yield Beside("population", by, low, high, EVERYONE, fifth, share, row.value, here, row.unit)


def _compared(measure: str, count: Cells, base: Cells) -> Iterator[Beside]:
    """Yield what the national rows of a measure have, of the model: rates of deaths, shapes of use."""
    whose = "male" if measure == "planned" else EVERYONE
    rebased = _england_overall(measure, EVERYONE) / _england_overall(measure, whose)
    overall = _over(count[:, _of(whose)].sum(), base[:, _of(whose)].sum())
    for row in national_rows(measure):
        if row.by == "everyone" or (measure == "planned" and not _without_maternity(row.by, row.sex, row.ages)):
            continue
        low, high = row.ages
        part, people, k = count[low:high], base[low:high], _of(row.sex)
        if row.by.startswith("fifth"):
            model, happened = _over_expected(part, people, k, row.fifth)
        elif row.by.startswith("sex"):
            model, happened = _over_expected(part, people, k, None)
        else:
            happened = part[:, k].sum()
            rate = _over(happened, people[:, k].sum())
            model = 1000.0 * rate if measure == "deaths" else _over(rate, overall)
        by_age = row.by in ("age", "age band")
        england = row.value * rebased if by_age else row.value
        unit = "relative to all men (mean 1)" if measure == "planned" and by_age else row.unit
        yield Beside(measure, row.by, low, high, row.sex, row.fifth, float(model), england, float(happened), unit)


def _of(sex: str) -> slice:
    """Where a sex, or everyone, stands along the second axis."""
    return slice(None) if sex == EVERYONE else slice(SEXES.index(sex), SEXES.index(sex) + 1)


def _without_maternity(by: str, sex: str, ages: tuple[int, int]) -> bool:
    if by.startswith("sex"):
        return ages[0] >= NO_MATERNITY_FROM
    return sex == "male"


def _england_overall(measure: str, sex: str) -> float:
    rows = [row for row in national_rows(measure) if row.by == "age band" and row.sex == sex]
    return sum(row.numerator for row in rows) / sum(row.denominator for row in rows)


def _over_expected(count: Cells, base: Cells, sexes: slice, fifth: int | None) -> tuple[float, float]:
    """Return what happened over what was to be expected, by age (and sex, for a fifth), and what happened."""
    if fifth is None:
        expected = base[:, sexes].sum(axis=(1, 2)) * _rate(count.sum(axis=(1, 2)), base.sum(axis=(1, 2)))
        happened = count[:, sexes].sum()
    else:
        expected = (base[..., fifth - 1] * _rate(count.sum(axis=2), base.sum(axis=2)))[:, sexes]
        happened = count[:, sexes, fifth - 1].sum()
    return _over(happened, expected.sum()), float(happened)


def _rate(count: NDArray[np.float64], base: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(count, base, out=np.zeros_like(count), where=base > 0)


def _over(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")

"""Yearly rates by age from hospital records: what a planner checks first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.records.schema import HospitalRecords, Method

_OLDEST = 130


def person_years(records: HospitalRecords, weeks: tuple[int, int]) -> NDArray[np.float64]:
    """Return person-years registered at each year of age over these weeks; float64[130]."""
    people = records.registrations
    total = np.zeros(_OLDEST)
    for week in range(*weeks):
        alive = (people["from_week"] <= week) & (week < people["to_week"])
        total += _count_ages(week - people["birth_week"][alive].astype(np.int64))
    return total / WEEKS_PER_YEAR


def events_by_age(
    records: HospitalRecords, person: NDArray[np.integer], week: NDArray[np.integer], weeks: tuple[int, int]
) -> NDArray[np.float64]:
    """Return the number of events at each year of age over these weeks; float64[130]."""
    now = (week >= weeks[0]) & (week < weeks[1])
    lived = week[now].astype(np.int64) - records.registrations["birth_week"][person[now]]
    return _count_ages(lived)


def _count_ages(weeks_lived: NDArray[np.int64]) -> NDArray[np.float64]:
    age = np.minimum((weeks_lived / WEEKS_PER_YEAR).astype(np.int64), _OLDEST - 1)
    return np.bincount(age, minlength=_OLDEST).astype(np.float64)


def emergency(records: HospitalRecords) -> NDArray[np.void]:
    """Return emergency spells."""
    return records.spells[records.spells["method"] == Method.EMERGENCY]


def elective(records: HospitalRecords) -> NDArray[np.void]:
    """Return elective spells, day cases included."""
    return records.spells[records.spells["method"] == Method.ELECTIVE]


def attended(records: HospitalRecords) -> NDArray[np.void]:
    """Return outpatient appointments that were attended."""
    return records.outpatient[records.outpatient["attended"] == 1]


def events(records: HospitalRecords, kind: str, weeks: tuple[int, int]) -> NDArray[np.float64]:
    """Return events at each year of age; ``kind`` emergency, elective, outpatient, ae or deaths."""
    tables = {
        "emergency": (emergency, "admitted"),
        "elective": (elective, "admitted"),
        "outpatient": (attended, "week"),
        "ae": (lambda r: r.ae, "week"),
        "deaths": (lambda r: r.deaths, "week"),
    }
    choose, when = tables[kind]
    table = choose(records)
    return events_by_age(records, table["person"], table[when], weeks)


def rate(events: NDArray[np.float64], years: NDArray[np.float64], ages: tuple[int, int]) -> float:
    """Return events a person-year between two ages (NaN when nobody was that old)."""
    lived = years[ages[0] : ages[1]].sum()
    return float(events[ages[0] : ages[1]].sum() / lived) if lived > 0 else float("nan")

"""Yearly rates by age from hospital records: what a planner checks first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from icpsim.records.schema import HospitalRecords, Method

WEEKS_PER_YEAR = 52.18
_OLDEST = 130


def person_years(records: HospitalRecords, ages: Sequence[float], weeks: tuple[int, int]) -> NDArray[np.float64]:
    """Return person-years registered in each age band over these weeks; ``ages`` are band edges."""
    people = records.registrations
    total = np.zeros(len(ages) - 1)
    for week in range(*weeks):
        alive = (people["from_week"] <= week) & (week < people["to_week"])
        total += np.histogram((week - people["birth_week"][alive]) / WEEKS_PER_YEAR, ages)[0]
    return total / WEEKS_PER_YEAR


def events_by_age(
    records: HospitalRecords,
    person: NDArray[np.integer],
    week: NDArray[np.integer],
    ages: Sequence[float],
    weeks: tuple[int, int],
) -> NDArray[np.float64]:
    """Return the number of events in each age band over these weeks."""
    now = (week >= weeks[0]) & (week < weeks[1])
    age = (week[now] - records.registrations["birth_week"][person[now]]) / WEEKS_PER_YEAR
    return np.histogram(age, ages)[0].astype(np.float64)


def emergency(records: HospitalRecords) -> NDArray[np.void]:
    """Return emergency spells."""
    return records.spells[records.spells["method"] == Method.EMERGENCY]


def elective(records: HospitalRecords) -> NDArray[np.void]:
    """Return elective spells, day cases included."""
    return records.spells[records.spells["method"] == Method.ELECTIVE]


def attended(records: HospitalRecords) -> NDArray[np.void]:
    """Return outpatient appointments that were attended."""
    return records.outpatient[records.outpatient["attended"] == 1]


def rates(
    records: HospitalRecords, kind: str, ages: Sequence[float], weeks: tuple[int, int]
) -> NDArray[np.float64]:
    """Return events a person-year in each age band; ``kind`` emergency, elective, outpatient, ae or deaths."""
    tables = {
        "emergency": (emergency, "admitted"),
        "elective": (elective, "admitted"),
        "outpatient": (attended, "week"),
        "ae": (lambda r: r.ae, "week"),
        "deaths": (lambda r: r.deaths, "week"),
    }
    choose, when = tables[kind]
    table = choose(records)
    events = events_by_age(records, table["person"], table[when], ages, weeks)
    years = person_years(records, ages, weeks)
    return events / np.maximum(years, 1e-9)

"""Emergency and A&E use by deprivation quintile, beside England's episodes and English A&E studies."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.inference.natural_history.levels.rates import emergency
from icpsim.records.schema import HospitalRecords

AGES = {"0_19": (0, 20), "20_37": (20, 38), "38_52": (38, 53), "53_66": (53, 67), "67p": (67, 130)}
"""Age groups of a linked population in Devon (BMJ Open), kept for England's table, which has single years."""
_ADULT_AGES = {f"{low}": (low, low + 10) for low in range(18, 98, 10)}


def rates_by_quintile(
    records: HospitalRecords, person: NDArray[np.integer], weeks: tuple[int, int], ages: tuple[int, int]
) -> NDArray[np.float64]:
    """Return events a person alive at the first week, by quintile 1 to 5, of people of these ages; float64[5]."""
    people = records.registrations
    age = (weeks[0] - people["birth_week"]) / WEEKS_PER_YEAR
    there = (people["from_week"] <= weeks[0]) & (people["to_week"] > weeks[0])
    of_age = there & (age >= ages[0]) & (age < ages[1])
    events = np.bincount(people["imd"][person[of_age[person]]], minlength=6)[1:]
    living = np.bincount(people["imd"][of_age], minlength=6)[1:]
    rates: NDArray[np.float64] = events / living
    return rates


def by_deprivation(records: HospitalRecords, weeks: tuple[int, int]) -> Iterator[tuple[str, float]]:
    """Yield emergency use relative to the mean of quintiles, most over least deprived by age, and the same of A&E.

    Quintiles are averaged over the five age groups, A&E over ten-year age groups of adults.
    """
    spells = emergency(records)
    person = spells["person"][(spells["admitted"] >= weeks[0]) & (spells["admitted"] < weeks[1])]
    table = np.array([rates_by_quintile(records, person, weeks, ages) for ages in AGES.values()])
    relative = (table / table.mean(axis=1, keepdims=True)).mean(axis=0)
    for quintile in range(5):
        yield f"emergency_deprivation_{quintile + 1}", float(relative[quintile])
    for name, row in zip(AGES, table, strict=True):
        yield f"emergency_most_to_least_deprived_{name}", float(row[4] / row[0])
    visits = records.ae["person"][(records.ae["week"] >= weeks[0]) & (records.ae["week"] < weeks[1])]
    adult = np.array([rates_by_quintile(records, visits, weeks, ages) for ages in _ADULT_AGES.values()])
    yield "ae_most_to_least_deprived", float(adult[:, 4].sum() / adult[:, 0].sum())

"""Emergency admissions and people of every practice, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.kinds import Floats
from icpsim.evaluation.on_lists import on_lists
from icpsim.evaluation.practice_level_did import people_of_practices
from icpsim.records.schema import HospitalRecords, Method


@dataclass(frozen=True, slots=True)
class PracticeRates:
    """``events`` and ``people`` of each practice in each period; float64[practices, periods] each."""

    events: Floats
    people: Floats

    def of(self, practices: NDArray[np.integer]) -> Floats:
        """Return these practices' rate a person together, period by period; float64[periods]."""
        rate: Floats = self.events[practices].sum(axis=0) / self.people[practices].sum(axis=0)
        return rate

    def lived_through(self, practices: NDArray[np.integer], periods_before: int) -> bool:
        """Tell whether these practices have people in every period, and an event before and one after."""
        events, people = self.events[practices].sum(axis=0), self.people[practices].sum(axis=0)
        return bool(people.all() and events[:periods_before].any() and events[periods_before:].any())


def emergency_rates(
    records: HospitalRecords, min_age: float, edges: Sequence[int], alike: Floats | None = None
) -> PracticeRates:
    """Count emergency admissions of people aged ``min_age`` or over, and those people in mid-period.

    Period j is ``edges[j] <= week < edges[j + 1]``. ``alike`` float64[people] says for how many each counts: by
    default those who are on lists throughout the periods, for as many as they stand for.
    """
    people, spells = records.registrations, records.spells
    if alike is None:
        alike = on_lists(records, (edges[0], edges[-1]), edges[0]).counts
    person, week = (spells[name][spells["method"] == Method.EMERGENCY] for name in ("person", "admitted"))
    age = (week.astype(np.float64) - people["birth_week"][person]) / WEEKS_PER_YEAR
    here = (age >= min_age) & (week >= edges[0]) & (week < edges[-1])
    person, period = person[here], np.searchsorted(edges, week[here], side="right") - 1
    periods, practices = len(edges) - 1, records.practices.size
    cell = people["practice"][person].astype(np.int64) * periods + period
    events = np.bincount(cell, alike[person], practices * periods).reshape(practices, periods)
    there = [people_of_practices(records, alike, min_age, window) for window in pairwise(edges)]
    return PracticeRates(events.astype(np.float64), np.column_stack(there))

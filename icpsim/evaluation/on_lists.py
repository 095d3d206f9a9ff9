"""Who counts at a practice when whole lists are compared before and after: the same people both times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.kinds import Floats
from icpsim.evaluation.observation import Flags, LeftOut, count_left_out, listed
from icpsim.records.schema import HospitalRecords


@dataclass(frozen=True, slots=True)
class OnLists:
    """Who counts: ``counts`` float64[people] says as how many, 0 for those left out.

    ``reasons`` bool[people] are those of :class:`~icpsim.evaluation.observation.LeftOut`.
    """

    counts: Floats
    reasons: Mapping[str, Flags]

    def left_out(self, practices: Flags, records: HospitalRecords, min_age: float, week: int) -> LeftOut:
        """Count who is left out of these practices (bool[practices]), of people of the age in a week."""
        people = records.registrations
        among = practices[people["practice"]] & (week - people["birth_week"] >= min_age * WEEKS_PER_YEAR)
        return count_left_out(self.reasons, np.where(among, _alike(records), 0.0))


def on_lists(records: HospitalRecords, weeks: tuple[int, int], start: int) -> OnLists:
    """Return who belongs to practices' lists in a comparison of ``weeks`` (from, to) around a programme's start.

    In a practice extract those who are on the list, and so seen, in all of these weeks or until they die; in a
    national one those who are on it in the week ``start``, wherever they live before and later.
    """
    on_list, (first, end) = listed(records), weeks
    if records.extract == "practice":
        reasons = {"joined_late": on_list.first > first, "left_early": on_list.end < end}
    else:
        reasons = {"not_registered": ~on_list.holds(start, start + 1)}
    counts = np.where(np.any(list(reasons.values()), axis=0), 0.0, _alike(records))
    ever_there = (on_list.end > first) & (on_list.first < end) & (records.death_weeks() >= first)
    return OnLists(counts, {reason: applies & ever_there for reason, applies in reasons.items()})


def _alike(records: HospitalRecords) -> Floats:
    """Return for how many people each stands; float64[people]."""
    return np.maximum(records.registrations["stands_for"], 1).astype(np.float64)

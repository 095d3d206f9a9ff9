"""A warning where records do not look like the kind of extract that they are taken for."""

from __future__ import annotations

import numpy as np

from icpsim.evaluation.observation import listed
from icpsim.records.outcomes import WEEK_OF
from icpsim.records.schema import HospitalRecords

_ENOUGH = 5.0
"""Events that must be expected of people on no list before it says anything that there are few."""
_STRAY = 0.25
"""Share of the expected events that a practice extract may hold of people on no list, since papers come late."""


def extract_warnings(records: HospitalRecords) -> tuple[str, ...]:
    """Say where records do not look like the kind of extract that they are taken for; () if they do.

    Compares how often people who joined or left a practice have events while they are on its list and in their
    other weeks alive.
    """
    on_list, last = listed(records), np.minimum(records.death_weeks().astype(np.int64) + 1, records.weeks)
    inside = np.maximum(np.minimum(on_list.end, last) - np.maximum(on_list.first, 0), 0)
    moved = inside < last
    if not moved.any():
        return ()
    events = np.zeros(2, np.int64)
    for name in ("spells", "outpatient", "ae"):
        person, week = (getattr(records, name)[column] for column in ("person", WEEK_OF[name]))
        person, week = person[moved[person]], week[moved[person]].astype(np.int64)
        events += np.bincount(on_list.of(person).holds(week, week + 1), minlength=2)
    expected = events[1] * int((last - inside)[moved].sum()) / max(int(inside[moved].sum()), 1)
    told = (
        f"{int(moved.sum()):,} people joined or left a practice; of the weeks in which they were on no list there"
        f" are {events[0]:,} hospital events, where {expected:,.0f} would be expected at their rate on one"
    )
    if records.extract == "practice" and events[0] > expected * _STRAY:
        return (f"{told}: if hospital events go on after people leave, say that this is a national extract",)
    if records.extract == "national" and expected >= _ENOUGH and events[0] <= expected * _STRAY:
        return (f"{told}: if nothing is seen after people leave, say that this is a practice extract",)
    return ()

"""Everyone on the lists of pilot practices, enrolled or not, against everyone on other lists, before and after.

The evaluators' practice-level analysis: outpatient attendances 5% lower after two years, nothing else changed
(Roland et al. 2012, Int J Integr Care 12:e130, abstract).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.did import Effect, rate_ratio_did
from icpsim.evaluation.observation import listed, seen
from icpsim.evaluation.on_lists import on_lists
from icpsim.records.schema import HospitalRecords, Method

Weeks = tuple[int, int]


def practice_effects(
    records: HospitalRecords, min_age: float, before: Weeks, after: Weeks, sites: NDArray[np.integer]
) -> dict[str, Effect]:
    """Return log rate ratios of outpatient attendances and emergency admissions a person, clustered on practice.

    Practices of these sites stand against those outside all pilots; other pilots' practices are left out.
    Windows are weeks ``from <= w < to`` and need not be equally long: how long each is falls out. Rates are per
    person registered, alive and at least ``min_age`` in the middle of the window; a person who stands for several
    counts as many. Who counts is told by ``on_lists``: the same people both times. Raises ``ValueError`` when no
    practice, or every practice, is a pilot's.
    """
    site = records.practices["site"]
    pilot = np.isin(site, sites)
    kept = pilot | (site == -1)
    if pilot[kept].all() or not pilot.any():
        raise ValueError("a practice panel needs practices inside and outside the pilots")
    stands_for = on_lists(records, (before[0], after[1]), before[1]).counts
    people = [people_of_practices(records, stands_for, min_age, window) for window in (before, after)]
    visits = records.outpatient[records.outpatient["attended"] > 0]
    spells = records.spells[records.spells["method"] == Method.EMERGENCY]
    clusters = {"practice": np.flatnonzero(kept)}
    ones = np.ones(int(kept.sum()))
    found = {}
    for name, person, week in (
        ("outpatient_attendances", visits["person"], visits["week"]),
        ("emergency_admissions", spells["person"], spells["admitted"]),
    ):
        earlier, later = (_events(records, stands_for, person, week, window)[kept] for window in (before, after))
        found[name] = rate_ratio_did(
            earlier, later, pilot[kept], ones, clusters, (people[0][kept], people[1][kept])
        )
    return found


def people_of_practices(
    records: HospitalRecords, stands_for: NDArray[np.float64], min_age: float, window: Weeks
) -> NDArray[np.float64]:
    """Return the people of each practice at the middle of a window; float64[practices].

    ``stands_for`` float64[people] says for how many each counts, 0 for those who do not. In a national extract
    people count wherever they are registered by then.
    """
    week = sum(window) // 2
    there = records.registrations
    alive = np.ones(there.size, np.bool_)
    alive[records.deaths["person"][records.deaths["week"] < week]] = False
    dead_by_then = (there["to_week"] <= week) & (listed(records).end > week)
    present = alive & ~dead_by_then & seen(records).holds(week, week + 1)
    present &= (week - there["birth_week"]) / WEEKS_PER_YEAR >= min_age
    counts: NDArray[np.float64] = np.bincount(
        there["practice"][present], stands_for[present], records.practices.size
    ).astype(np.float64)
    return counts


def _events(
    records: HospitalRecords,
    stands_for: NDArray[np.float64],
    person: NDArray[np.integer],
    week: NDArray[np.integer],
    window: Weeks,
) -> NDArray[np.float64]:
    here = (week >= window[0]) & (week < window[1])
    practice = records.registrations["practice"][person[here]]
    counts: NDArray[np.float64] = np.bincount(practice, stands_for[person[here]], records.practices.size).astype(
        np.float64
    )
    return counts

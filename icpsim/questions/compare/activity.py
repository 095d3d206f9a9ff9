"""What pilot lists used in each year since the programme's start, in the classes that have a price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.costs import CareClass, care_classes
from icpsim.questions.compare.groups import Groups
from icpsim.records.schema import GPRecords, HospitalRecords

WEEKS = 52
"""Weeks of a year, counted from the programme's start."""


def years_of(weeks: tuple[int, int]) -> list[tuple[int, int]]:
    """Return each year's first week and the week after its last; the last year may be shorter."""
    return [(week, min(week + WEEKS, weeks[1])) for week in range(weeks[0], weeks[1], WEEKS)]


def activity_cells(
    records: HospitalRecords, gp: GPRecords, groups: Groups, weeks: tuple[int, int]
) -> dict[str, float]:
    """Return activity by ``activity|year|name``: spells and case mix by class, visits, attendances, bed days.

    The people are those of ``groups``; visits count when attended; case mix in exact fractions.
    """
    listed = np.zeros(len(records.registrations), np.bool_)
    listed[groups.person] = True
    found: dict[str, float] = {}
    for year, (begin, end) in enumerate(years_of(weeks)):

        def within(table: NDArray[np.void], when: str, begin: int = begin, end: int = end) -> NDArray[np.void]:
            week = table[when]
            rows = np.flatnonzero((week >= begin) & (week < end))
            return table[rows[listed[table["person"][rows]]]]

        spells = within(records.spells, "admitted")
        visits = within(records.outpatient, "week")
        first = visits["first"][visits["attended"] > 0] > 0
        found |= _of_spells(spells, year)
        found |= {
            name_of(year, "weeks"): float(end - begin),
            name_of(year, "outpatient_first"): float(first.sum()),
            name_of(year, "outpatient_follow_up"): float((~first).sum()),
            name_of(year, "ae_attendances"): float(len(within(records.ae, "week"))),
            name_of(year, "gp_contacts"): float(len(within(gp.contacts, "week"))),
            name_of(year, "bed_days"): float(spells["nights"].astype(np.int64).sum()),
        }
    return found


def name_of(year: int, what: str) -> str:
    """Return the name of a figure of a year's activity."""
    return f"activity|{year}|{what}"


def _of_spells(spells: NDArray[np.void], year: int) -> dict[str, float]:
    classes = care_classes(spells)
    number = np.bincount(classes, minlength=len(CareClass))
    mix = np.bincount(classes, weights=spells["casemix"].astype(np.float64), minlength=len(CareClass))
    found = {}
    for kind in CareClass:
        found[name_of(year, f"spells.{kind.name.lower()}")] = float(number[kind])
        found[name_of(year, f"casemix.{kind.name.lower()}")] = float(mix[kind])
    return found

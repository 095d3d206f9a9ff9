"""Regression to the mean: what becomes of older people who were often admitted in one year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.inference.natural_history.levels import rates
from icpsim.records.schema import HospitalRecords

YEAR = 52
"""Weeks of one year of the series."""

OLD = 65
OFTEN = 2


@dataclass(frozen=True, slots=True)
class Published:
    """One published point: the share of admissions in a year after the index year; ``words`` as published."""

    year: int
    share: float
    words: str
    tag: str


ROLAND = (
    Published(0, 0.38, "38%", "PAGE"),
    Published(1, 0.10, "fewer than 10%", "PAGE"),
    Published(5, 0.03, "just over 3%", "PAGE"),
)
"""Roland et al. 2005 (BMJ 330:289): people of 65 and over with two or more emergency admissions in 1997-98."""


@dataclass(frozen=True, slots=True)
class RegressionToTheMean:
    """People of 65 and over with two or more emergency admissions in the index year (year 0), year by year.

    All float64[years]: ``share`` of the emergency admissions of everyone then 65 and over; ``per_person``
    admissions a year, those who died counted; ``per_survivor``, of those alive when the year began; ``alive``,
    their share; ``per_older``, of everyone then 65 and over. ``years`` int64, before the index year negative.
    """

    people: int
    years: NDArray[np.int64]
    share: NDArray[np.float64]
    per_person: NDArray[np.float64]
    per_survivor: NDArray[np.float64]
    alive: NDArray[np.float64]
    per_older: NDArray[np.float64]

    def in_year(self, year: int) -> float:
        """Return the share in one year; NaN when the series does not hold it."""
        return float(self.share[self.years == year][0]) if year in self.years else float("nan")


def years_around(weeks: int, index_week: int, before: int, after: int) -> NDArray[np.int64]:
    """Return the years about the index year that so many weeks hold; raises ``ValueError`` if not that year."""
    if not 0 <= index_week <= weeks - YEAR:
        raise ValueError(f"records of {weeks} weeks do not hold the year from week {index_week}")
    return np.arange(-min(before, index_week // YEAR), min(after, (weeks - index_week) // YEAR - 1) + 1)


def regression_over_years(
    records: HospitalRecords, index_week: int, before: int = 2, after: int = 5
) -> RegressionToTheMean:
    """Follow those often admitted in the year from ``index_week``, as many years as the records hold.

    Admissions of a year are set against those of everyone who is 65 or over when it begins, as a planner counts
    them: later years have people who were younger in the index year. Raises ``ValueError`` if the records do
    not hold the index year or nobody was often admitted.
    """
    people, spells = records.registrations, rates.emergency(records)
    years = years_around(records.weeks, index_week, before, after)

    def admissions(week: int) -> NDArray[np.int64]:
        now = (spells["admitted"] >= week) & (spells["admitted"] < week + YEAR)
        return np.bincount(spells["person"][now], minlength=len(people))

    often = (admissions(index_week) >= OFTEN) & _old(records, index_week)
    if not often.any():
        raise ValueError(f"nobody of {OLD} or over has {OFTEN} emergency admissions from week {index_week}")
    rows = []
    for week in index_week + YEAR * years:
        counted = admissions(int(week))
        there = (people["from_week"] <= week) & (people["to_week"] > week)
        old = _old(records, int(week))
        theirs, all_old = counted[often].sum(), counted[old].sum()
        alive = (often & there).sum()
        rows.append(
            (theirs / max(all_old, 1), theirs / often.sum(), theirs / max(alive, 1), alive / often.sum(),
             all_old / max((old & there).sum(), 1))
        )  # fmt: skip
    share, per_person, per_survivor, surviving, per_older = np.array(rows, np.float64).T
    return RegressionToTheMean(int(often.sum()), years, share, per_person, per_survivor, surviving, per_older)


def _old(records: HospitalRecords, week: int) -> NDArray[np.bool_]:
    return np.asarray((week - records.registrations["birth_week"]) / WEEKS_PER_YEAR >= OLD)

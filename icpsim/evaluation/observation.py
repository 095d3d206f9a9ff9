"""In which weeks people are seen, and who is left out because a window around an index week is not whole.

A practice extract shows what people use while they are on a practice's list; leaving the list ends it. In a
national extract hospital events go on. Death ends neither: that the dead use no care is seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.kinds import Floats
from icpsim.records.schema import HospitalRecords

Flags = NDArray[np.bool_]

_ALWAYS = 100_000
"""Weeks beyond any that records hold, either way."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time for each of n people: weeks ``first <= w < end``; int64[n] each."""

    first: NDArray[np.int64]
    end: NDArray[np.int64]

    def of(self, persons: NDArray[np.integer]) -> Span:
        """Return the times of these people."""
        return Span(self.first[persons], self.end[persons])

    def holds(self, first: NDArray[np.int64] | int, end: NDArray[np.int64] | int) -> Flags:
        """Tell whose time holds all weeks ``first <= w < end``; bool[n]."""
        return (self.first <= first) & (self.end >= end)


REASONS = {
    "too_young": "too young",
    "not_registered": "not registered with a practice in the index week",
    "records_short": "with a window that reaches outside the weeks of the records",
    "joined_late": "who joined the practice too late for all their earlier care to be seen",
    "left_early": "who left the practice before the window after was over",
}
"""Why people are left out, in words that follow their number."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many people are left out, by reason; each counts once, under the first reason that applies.

    ``too_young`` in the index week; ``not_registered`` on no practice's list in it, or dead before;
    ``records_short``: a window reaches outside the weeks of the records; ``joined_late``: not seen from the start
    of the window before, or of what matching looks back on; ``left_early``: not seen to the end of the window
    after, though alive.
    """

    too_young: int = 0
    not_registered: int = 0
    records_short: int = 0
    joined_late: int = 0
    left_early: int = 0

    @property
    def total(self) -> int:
        """Return how many are left out for any reason."""
        return sum(getattr(self, name) for name in REASONS)

    def __str__(self) -> str:
        """Return numbers and reasons as a phrase."""
        counts = {name: getattr(self, name) for name in REASONS}
        return "; ".join(f"{n:,} {REASONS[name]}" for name, n in counts.items() if n) or "nobody"


NOBODY = LeftOut()


def listed(records: HospitalRecords) -> Span:
    """Return when everybody is on a practice's list.

    A registration that begins with birth has no beginning here, and one that death ends no end.
    """
    people = records.registrations
    begins, ends = people["from_week"].astype(np.int64), people["to_week"].astype(np.int64)
    joined = begins > np.maximum(people["birth_week"], 0)
    left = ends < records.death_weeks()
    return Span(np.where(joined, begins, -_ALWAYS), np.where(left, ends, _ALWAYS))


def seen(records: HospitalRecords) -> Span:
    """Return when what everybody uses is in the records: as :func:`listed`, or always in a national extract."""
    if records.extract == "practice":
        return listed(records)
    always = np.full(records.registrations.size, _ALWAYS, np.int64)
    return Span(-always, always)


def earliest(week: NDArray[np.int64] | int, before: int, look_back: int) -> NDArray[np.int64]:
    """Return the first week in which people must be seen, for index weeks int64[n]; int64[n]."""
    return np.minimum(week - np.int64(before), np.maximum(week - np.int64(look_back), 0))


def with_whole_windows(
    records: HospitalRecords,
    persons: NDArray[np.integer],
    index_week: NDArray[np.integer] | int,
    windows: tuple[int, int],
    min_age: float = -np.inf,
    look_back: int = 0,
) -> tuple[Flags, LeftOut]:
    """Tell who is registered in the index week and seen in whole windows around it, and count the others.

    ``persons`` int[n], ``index_week`` one week or int[n], ``windows`` the weeks before and from it on; bool[n].
    People must be seen in the weeks of ``look_back`` too, as far as the records go back.
    """
    before, after = windows
    week = np.broadcast_to(np.asarray(index_week, np.int64), len(persons))
    on_list, visible = listed(records).of(persons), seen(records).of(persons)
    birth = records.registrations["birth_week"][persons]
    reasons = {
        "too_young": birth > week - min_age * WEEKS_PER_YEAR,
        "not_registered": ~on_list.holds(week, week + 1) | (records.death_weeks()[persons] < week),
        "records_short": (week < before) | (week + after > records.weeks),
        "joined_late": visible.first > earliest(week, before, look_back),
        "left_early": visible.end < week + after,
    }
    return ~np.any(list(reasons.values()), axis=0), count_left_out(reasons)


def count_left_out(reasons: Mapping[str, Flags], weights: Floats | None = None) -> LeftOut:
    """Count people under the first reason that applies: bool[n] each, named as in :class:`LeftOut`.

    ``weights`` float64[n] say for how many each stands.
    """
    counts, told = {}, np.zeros(len(next(iter(reasons.values()))), np.bool_)
    for reason, applies in reasons.items():
        new = applies & ~told
        counts[reason] = int(new.sum()) if weights is None else round(weights[new].sum())
        told |= applies
    return LeftOut(**counts)

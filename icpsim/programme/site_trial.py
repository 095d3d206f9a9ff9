"""A trial as a site's team runs it: whom it identifies, and who of them the programme may enrol."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from icpsim.programme.allocation import (
    IDENTIFIED,
    Allocations,
    allocate_people,
    practice_starts,
    rounded,
    step_starts,
)
from icpsim.programme.schema import WAVE_WEEKS, Trial

Identify = Callable[[NDArray[np.int64], int], NDArray[np.int64]]
"""The site's targeting: the best ``n`` of these rows."""


class SiteTrial:
    """Allocates one site's people or practices.

    ``lists`` holds the rows of each practice's people, ``practice_keys`` and ``site_key`` their identities;
    ``start`` and ``weeks`` are the programme's, ``quota`` the places that the site is to fill in all.
    """

    def __init__(
        self,
        trial: Trial,
        lists: list[NDArray[np.int64]],
        practice_keys: NDArray[np.uint64],
        site_key: np.uint64,
        calendar: tuple[int, int],
        quota: int,
    ) -> None:
        self.trial, self.lists, self.key = trial, lists, site_key
        self.start, self.weeks = calendar
        self.sizes = np.array([len(rows) for rows in lists], np.int64)
        self.starts = self._starts(practice_keys)
        self._pace = self._identified_per_wave(quota)

    def started(self, week: int) -> NDArray[np.bool_]:
        """Return which practices have the programme this week; bool[practices]."""
        return self.starts <= week

    def allocate(
        self, week: int, room: int, keys: NDArray[np.uint64], identify: Identify, allocations: Allocations
    ) -> NDArray[np.int64]:
        """Identify people, allocate them, and return the rows of those to enrol: ``room`` of them at most.

        ``keys`` are everybody's keys.
        """
        if self.trial.whole_practices:
            return self._by_practice(week, room, identify, allocations)
        rows = allocations.not_yet(np.concatenate(self.lists))
        found = identify(rows, int(room / self.trial.share + 1e-9))
        programme = allocate_people(keys[found], self.trial.share, self.key, week)
        allocations.add(found, week, programme)
        return found[programme]

    def _by_practice(
        self, week: int, room: int, identify: Identify, allocations: Allocations
    ) -> NDArray[np.int64]:
        """Identify the same number for each person on a list in both kinds of practice."""
        started = self.started(week)
        on, off = int(self.sizes[started].sum()), int(self.sizes[~started].sum())
        rate = self._pace / (on + off)
        if on:
            rate = min(rate, room / on)
        enrolled = np.empty(0, np.int64)
        for programme, size in ((True, on), (False, off)):
            lists = [rows for rows, has in zip(self.lists, started, strict=True) if has == programme]
            wanted = rounded(rate * size, self.key, IDENTIFIED, 2 * week + programme)
            wanted = min(wanted, room) if programme else wanted
            if not lists or not wanted:
                continue
            found = identify(allocations.not_yet(np.concatenate(lists)), wanted)
            allocations.add(found, week, np.full(len(found), programme))
            if programme:
                enrolled = found
        return enrolled

    def _starts(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        trial = self.trial
        if trial.by == "practice":
            return practice_starts(keys, trial.share, self.key, self.start)
        if trial.by == "steps":
            return step_starts(keys, trial.steps, self.key, self.start, self.weeks)
        return np.full(len(keys), self.start, np.int64)

    def _identified_per_wave(self, quota: int) -> float:
        """Return the people whom the site identifies in each wave so that, over all, its places are filled.

        Practices allocated once identify as many as there is room for; in a stepped wedge the pace is even, or the
        first practices to start would fill all places.
        """
        if self.trial.by != "steps":
            return float("inf")
        waves = np.arange(self.start, self.start + self.weeks, WAVE_WEEKS)
        has = (self.starts[None, :] <= waves[:, None]) @ self.sizes / max(int(self.sizes.sum()), 1)
        return float(quota / has.sum()) if has.any() else 0.0

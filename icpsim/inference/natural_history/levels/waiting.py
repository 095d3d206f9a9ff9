"""Weeks from listing to admission, watched week by week: hospital records do not hold the week of listing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.records.schema import Method, PatientClass


@dataclass(frozen=True, slots=True)
class Waits:
    """Weeks from listing to admission of people admitted from the list, each int64[n]."""

    ordinary: NDArray[np.int64]
    day_case: NDArray[np.int64]


def ordinary_electives(spells: NDArray[np.void]) -> NDArray[np.void]:
    """Return elective spells with a night: all of them come from the list, unlike day cases."""
    return spells[(spells["method"] == Method.ELECTIVE) & (spells["patient_class"] == PatientClass.ORDINARY)]


class ListWatch:
    """Who is on the elective list, since when, and who was admitted from it in which week."""

    def __init__(self, people: int) -> None:
        self.is_waiting = np.zeros(people, bool)
        self._since = np.zeros(people, np.int64)
        self._admitted: tuple[NDArray[np.int64], ...] = ()

    def look(self, people: NDArray[np.void], week: int) -> None:
        """Compare the list at the end of ``week`` with that of the week before."""
        now = (people["waiting"] > 0) & (people["death_week"] > week)
        self._since[now & ~self.is_waiting] = week
        rows = np.flatnonzero(self.is_waiting & (people["waiting"] == 0))
        left = np.stack([rows, np.full(len(rows), week), week - self._since[rows]])
        self._admitted = (*self._admitted, left)
        self.is_waiting = now

    def waited_so_far(self, week: int, theirs: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many of ``theirs`` are on the list as ``week`` ends, by whole weeks waited; int64[any]."""
        return np.bincount(week - self._since[self.is_waiting & theirs])

    def copy(self) -> ListWatch:
        """Return a watch that goes on from here on its own."""
        other = ListWatch(0)
        other.is_waiting, other._since = self.is_waiting.copy(), self._since.copy()
        other._admitted = self._admitted
        return other

    def waits(self, spells: NDArray[np.void], theirs: NDArray[np.bool_], weeks: tuple[int, int]) -> Waits:
        """Return the waits of ``theirs`` (bool[people]) admitted in these weeks.

        ``spells`` must hold all their spells of these weeks: an ordinary elective spell tells who had a night.
        """
        person, week, waited = np.concatenate(self._admitted, axis=1)
        now = theirs[person] & (week >= weeks[0]) & (week < weeks[1])
        person, week, waited = person[now], week[now], waited[now]
        stays = ordinary_electives(spells)
        key = stays["person"].astype(np.int64) * weeks[1] + stays["admitted"]
        had_a_night = np.isin(person * weeks[1] + week, key)
        return Waits(waited[had_a_night], waited[~had_a_night])

"""The people of all practices in one array of columns, practice after practice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.population.draw_people import complete_list, fill_list, find_old_enough, make_newborn
from icpsim.population.patients import PATIENT, blank
from icpsim.population.practice_lists import ELSEWHERE, Practice
from icpsim.population.thinning import thin


@dataclass(frozen=True, slots=True)
class People:
    """People (columns), the row at which each practice's people start (practices + 1 values), and for how many
    each stands (uint8[people]; None when everyone is there).
    """  # noqa: D205

    columns: NDArray[np.void]
    practice_start: NDArray[np.int64]
    stands_for: NDArray[np.uint8] | None


def build_people(
    practices: Sequence[Practice], youngest: float, weeks: int, m: NDArray[np.void], thinned: bool = False
) -> People:
    """Return the people of all practices.

    Only people at least ``youngest`` years old at week 0 are made; with ``youngest`` 0 or less, births of
    the study's ``weeks`` are made too. ``thinned`` thins the lists of practices outside the pilots. Raises
    ValueError when it would thin newborns, whose risk is not known at week 0.
    """
    if thinned and youngest <= 0:
        raise ValueError("a pool with children in it cannot be thinned")
    found = [_list_numbers(practice, youngest, m) for practice in practices]
    births = [_births(practice, weeks, m) if youngest <= 0 else 0 for practice in practices]
    most = [len(numbers) + born for numbers, born in zip(found, births, strict=True)]
    people, stands_for = np.empty(sum(most), PATIENT), np.ones(sum(most), np.uint8)
    room = np.empty(max(most, default=0), PATIENT)
    start = np.zeros(len(practices) + 1, np.int64)
    for k, practice in enumerate(practices):
        first, n = start[k], most[k]
        thins = thinned and practice.site == ELSEWHERE
        rows = room[:n] if thins else people[first : first + n]
        _begin(rows, practice, k, found[k], births[k], m)
        kept = thin(rows, m, people[first:], stands_for[first:]) if thins else n
        complete_list(people[first : first + kept], m)
        start[k + 1] = first + kept
        for i in range(births[k]):
            make_newborn(people[first + len(found[k]) + i], int((i + 0.5) * weeks / births[k]))
    end = start[-1]
    return People(people[:end], start, stands_for[:end] if thinned else None)


def _begin(
    rows: NDArray[np.void],
    practice: Practice,
    number: int,
    on_list: NDArray[np.int32],
    births: int,
    m: NDArray[np.void],
) -> None:
    born = np.arange(practice.list_size, practice.list_size + births, dtype=np.int32)
    numbers = np.concatenate([on_list, born])
    fill_list(rows, numbers, np.uint64(practice.key), number, practice.deprivation, blank(1), m)


def _list_numbers(practice: Practice, youngest: float, m: NDArray[np.void]) -> NDArray[np.int32]:
    numbers = np.empty(practice.list_size, np.int32)
    n = find_old_enough(np.uint64(practice.key), practice.list_size, youngest, m, numbers)
    return numbers[:n]


def _births(practice: Practice, weeks: int, m: NDArray[np.void]) -> int:
    return int(practice.list_size * float(m["population"]["births_per_person_year"][0]) * weeks / WEEKS_PER_YEAR)

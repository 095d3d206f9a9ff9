"""The people of all practices in one array of columns, practice after practice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from icpsim.agents.patients import blank
from icpsim.population.people import fill_list, find_old_enough, make_newborn
from icpsim.population.registers import Practice


def build_people(
    practices: Sequence[Practice], youngest: float, weeks: int, m: NDArray[np.void]
) -> tuple[NDArray[np.void], NDArray[np.int64]]:
    """Return people (columns) and the row at which each practice's people start (practices + 1 values).

    Only people at least ``youngest`` years old at week 0 are made; with ``youngest`` 0 or less, births of
    the study's ``weeks`` are made too.
    """
    found = [_list_numbers(practice, youngest, m) for practice in practices]
    births = [_births(practice, weeks, m) if youngest <= 0 else 0 for practice in practices]
    sizes = [len(numbers) + born for numbers, born in zip(found, births, strict=True)]
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    people = blank(int(start[-1]))
    for k, (practice, numbers) in enumerate(zip(practices, found, strict=True)):
        rows = people[start[k] : start[k + 1]]
        born = np.arange(practice.list_size, practice.list_size + births[k], dtype=np.int32)
        everyone = np.concatenate([numbers, born])
        fill_list(rows, everyone, np.uint64(practice.key), k, practice.deprivation, m)
        for i in range(births[k]):
            make_newborn(rows[len(numbers) + i], int((i + 0.5) * weeks / births[k]))
    return people, start


def _list_numbers(practice: Practice, youngest: float, m: NDArray[np.void]) -> NDArray[np.int32]:
    numbers = np.empty(practice.list_size, np.int32)
    n = find_old_enough(np.uint64(practice.key), practice.list_size, youngest, m, numbers)
    return numbers[:n]


def _births(practice: Practice, weeks: int, m: NDArray[np.void]) -> int:
    return int(practice.list_size * float(m["population"]["births_per_person_year"][0]) * weeks / 52.18)

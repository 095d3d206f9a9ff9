"""Count events in windows of weeks around each person's index week, in one pass over unsorted rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray


def row_map(persons: NDArray[np.integer], n_people: int) -> NDArray[np.int32]:
    """Return the row of each registered person in ``persons``, -1 where not wanted; int32[n_people].

    Raises ``ValueError`` if a person stands in ``persons`` twice, since one map cannot hold both rows.
    """
    rows = np.full(n_people, -1, np.int32)
    rows[persons] = np.arange(len(persons), dtype=np.int32)
    if not np.array_equal(rows[persons], np.arange(len(persons))):
        raise ValueError("a person is listed twice: count one index week at a time")
    return rows


@njit(cache=True)
def _count(
    person: NDArray[np.int32],
    week: NDArray[np.int16],
    row_of_person: NDArray[np.int32],
    index_week: NDArray[np.int16],
    edges: NDArray[np.int64],
    counts: NDArray[np.int16],
) -> None:
    for i in range(person.size):
        row = row_of_person[person[i]]
        if row < 0:
            continue
        relative = np.int64(week[i]) - np.int64(index_week[row])
        if relative < edges[0] or relative >= edges[-1]:
            continue
        window = 0
        while relative >= edges[window + 1]:
            window += 1
        counts[row, window] += 1


@njit(cache=True)
def _sum(
    person: NDArray[np.int32],
    week: NDArray[np.int16],
    amount: NDArray[np.float64],
    row_of_person: NDArray[np.int32],
    index_week: NDArray[np.int16],
    edges: NDArray[np.int64],
    totals: NDArray[np.float64],
) -> None:
    for i in range(person.size):
        row = row_of_person[person[i]]
        if row < 0:
            continue
        relative = np.int64(week[i]) - np.int64(index_week[row])
        if relative < edges[0] or relative >= edges[-1]:
            continue
        window = 0
        while relative >= edges[window + 1]:
            window += 1
        totals[row, window] += amount[i]


def _edges(edges: Sequence[int]) -> NDArray[np.int64]:
    array = np.asarray(edges, np.int64)
    if array.size < 2 or np.any(np.diff(array) <= 0):
        raise ValueError(f"edges must be two or more increasing week numbers, not {list(edges)}")
    return array


def count_windows(
    person: NDArray[np.int32],
    week: NDArray[np.int16],
    row_of_person: NDArray[np.int32],
    n_rows: int,
    index_week: ArrayLike,
    edges: Sequence[int],
) -> NDArray[np.int16]:
    """Count events per row and window; int16[n_rows, len(edges) - 1].

    Window j holds events with ``edges[j] <= week - index_week < edges[j + 1]``, so ``(-26, 0)`` is the 26
    weeks strictly before the index week and ``(0, 26)`` the 26 from it on. ``row_of_person`` sends a person
    to a row (-1: not wanted); ``index_week`` is one week or one a row. Raises ``ValueError`` unless the edges
    increase.
    """
    counts = np.zeros((n_rows, len(edges) - 1), np.int16)
    index = np.ascontiguousarray(np.broadcast_to(np.asarray(index_week, np.int16), n_rows))
    _count(person, week, row_of_person, index, _edges(edges), counts)
    return counts


def sum_windows(
    person: NDArray[np.int32],
    week: NDArray[np.int16],
    amount: ArrayLike,
    row_of_person: NDArray[np.int32],
    index_week: NDArray[np.int16],
    edges: Sequence[int],
) -> NDArray[np.float64]:
    """Add up an amount an event (nights, pounds) per row and window; float64[len(index_week), windows].

    Windows and errors as in :func:`count_windows`; the number of rows is that of ``index_week``.
    """
    totals = np.zeros((len(index_week), len(edges) - 1))
    amounts = np.ascontiguousarray(amount, np.float64)
    index = np.ascontiguousarray(index_week, np.int16)
    _sum(person, week, amounts, row_of_person, index, _edges(edges), totals)
    return totals

"""Nearest controls within a stratum: controls sorted into bins of the first coordinate, searched outwards.

A stratum has few cases (some three hundred a wave over thirty strata) and up to hundreds of thousands of
controls, so that building a tree costs more than looking at the controls near each case.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

BINS = 256
"""Bins a stratum; the answer does not depend on it."""
_SLACK = 1e-9
"""Allowance for rounding at the edge of a bin, in SD: a bin is looked at rather once too often."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Controls near some case of their stratum, by stratum and then bin of the first coordinate.

    ``space`` float64[n, d] and ``row`` int64[n] (row among all controls) are in that order; stratum g's bin b
    is ``start[g * BINS + b]:start[g * BINS + b + 1]`` (int64[strata * BINS + 1]) and begins at coordinate
    ``low[g] + b * width[g]`` (float64[strata]).
    """

    space: NDArray[np.float64]
    row: NDArray[np.int64]
    start: NDArray[np.int64]
    low: NDArray[np.float64]
    width: NDArray[np.float64]

    def rows_of(self, stratum: int) -> slice:
        """Return where a stratum's controls stand."""
        return slice(int(self.start[stratum * BINS]), int(self.start[(stratum + 1) * BINS]))

    def size(self, stratum: int) -> int:
        """Return the number of controls in a stratum."""
        rows = self.rows_of(stratum)
        return rows.stop - rows.start


@njit(cache=True)
def _boxes(space, place, strata, low, high):  # type: ignore[no-untyped-def]
    for i in range(space.shape[0]):
        g = place[strata[i]]
        for d in range(space.shape[1]):
            low[g, d] = min(low[g, d], space[i, d])
            high[g, d] = max(high[g, d], space[i, d])


@njit(cache=True)
def _bins(space, strata, place, low, high, width):  # type: ignore[no-untyped-def]
    """Return each control's bin, -1 if its stratum holds no case or it lies outside the cases' box."""
    bins = np.full(space.shape[0], -1, np.int32)
    for i in range(space.shape[0]):
        g = place[strata[i]] if strata[i] < place.size else -1
        if g >= 0 and space[i, 0] >= low[g, 0] and space[i, 0] <= high[g, 0]:
            inside = True
            for d in range(1, space.shape[1]):
                inside &= space[i, d] >= low[g, d] and space[i, d] <= high[g, d]
            if inside:
                bins[i] = g * BINS + min(BINS - 1, np.int32((space[i, 0] - low[g, 0]) / width[g]))
    return bins


@njit(cache=True)
def _sort(bins, space, n_bins):  # type: ignore[no-untyped-def]
    start = np.zeros(n_bins + 1, np.int64)
    for b in bins:
        start[b + 1] += b >= 0
    for b in range(n_bins):
        start[b + 1] += start[b]
    used = start.copy()
    row, inside = np.empty(start[n_bins], np.int64), np.empty((start[n_bins], space.shape[1]))
    for i in range(bins.size):
        if bins[i] >= 0:
            at = used[bins[i]]
            used[bins[i]] += 1
            row[at] = i
            for d in range(space.shape[1]):
                inside[at, d] = space[i, d]
    return start, row, inside


def sort_into_bins(
    case_space: NDArray[np.float64],
    control_space: NDArray[np.float64],
    case_strata: NDArray[np.integer],
    control_strata: NDArray[np.integer],
    caliper: float,
) -> Grid:
    """Sort the controls that may lie within the caliper of a case of their stratum (spaces float64[n, d]).

    The grid's strata are those that cases occupy, in increasing order of their codes (from 0 on).
    """
    occupied = np.unique(case_strata)
    place = np.full(int(occupied[-1]) + 1, -1, np.int64)
    place[occupied] = np.arange(occupied.size)
    low = np.full((occupied.size, case_space.shape[1]), np.inf)
    high = -low
    _boxes(case_space, place, case_strata, low, high)
    low, high = low - caliper, high + caliper
    width = (high[:, 0] - low[:, 0]) / BINS
    bins = _bins(control_space, control_strata, place, low, high, width)
    start, row, inside = _sort(bins, control_space, occupied.size * BINS)
    return Grid(inside, row, start, low[:, 0].copy(), width)


@njit(cache=True, inline="always")
def _insert(at, square, row, k, used, found, squares):  # type: ignore[no-untyped-def]
    """Put a control into the list of the nearest, by distance and then row; return the list's new length."""
    place = used if used < k else k - 1
    while place > 0 and (
        squares[place - 1] > square or (squares[place - 1] == square and row[found[place - 1]] > row[at])
    ):
        squares[place], found[place] = squares[place - 1], found[place - 1]
        place -= 1
    squares[place], found[place] = square, at
    return min(used + 1, k)


@njit(cache=True)
def _search_bin(case, space, row, start, stop, k, used, within, found, squares):  # type: ignore[no-untyped-def]
    """Look at the controls of one bin; return the length of the list of the nearest."""
    bound = squares[k - 1] if used == k else within
    for i in range(start, stop):
        square = 0.0
        for d in range(case.size):
            square += (case[d] - space[i, d]) ** 2
        if square > bound or square >= within:
            continue
        if used == k and square == bound and row[i] > row[found[k - 1]]:
            continue
        used = _insert(i, square, row, k, used, found, squares)
        if used == k:
            bound = squares[k - 1]
    return used


@njit(cache=True)
def _search(cases, space, row, start, low, width, k, caliper, found, squares):  # type: ignore[no-untyped-def]
    for c in range(cases.shape[0]):
        used, value = 0, cases[c, 0]
        right = min(max(np.int64((value - low) / width), 0), BINS - 1)
        left = right - 1
        while left >= 0 or right < BINS:
            to_left = value - (low + (left + 1) * width) if left >= 0 else np.inf
            to_right = low + right * width - value if right < BINS else np.inf
            reach = math.sqrt(squares[c, k - 1]) if used == k else caliper
            if min(to_left, to_right) > reach + _SLACK:
                break
            b = left if to_left < to_right else right
            if b == left:
                left -= 1
            else:
                right += 1
            used = _search_bin(
                cases[c], space, row, start[b], start[b + 1], k, used, caliper * caliper, found[c], squares[c]
            )


def nearest(
    cases: NDArray[np.float64], grid: Grid, stratum: int, k: int, caliper: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return each case's k nearest controls in a stratum, nearer than the caliper; int64 and float64[cases, k].

    Controls are places in the grid, by distance and then row; -1 (and infinity) where there are fewer.
    """
    found = np.full((len(cases), k), -1, np.int64)
    squares = np.full((len(cases), k), np.inf)
    if k > 0:
        start = grid.start[stratum * BINS : (stratum + 1) * BINS + 1]
        low, width = grid.low[stratum], grid.width[stratum]
        _search(cases, grid.space, grid.row, start, low, width, k, caliper, found, squares)
    return found, np.sqrt(squares)

"""Matched controls: exact on very recent use, then nearest on prognostic scores, one index week at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.evaluation.features import Features
from icpsim.evaluation.neighbours import Grid, nearest, sort_into_bins
from icpsim.evaluation.prognostic import SCORES
from icpsim.evaluation.set_weights import NEIGHBOURS, expected_units

AGE_WEIGHT = 0.25
"""Weight of age beside the three scores: it already sits in each of them."""
FIRST_NEIGHBOURS = 4
"""Neighbours looked up at first, as a multiple of the controls wanted; more where cases compete."""


@dataclass(frozen=True, slots=True)
class WaveMatches:
    """Controls found in one wave: ``case`` and ``control`` are rows of the two groups, ``rank`` 0 = nearest.

    All are arrays of one length (one entry a control): int64, int64, int64 and float64 (distance in SD);
    ``expected`` float64 says for how many controls the case's set is expected to count.
    """

    case: NDArray[np.int64]
    control: NDArray[np.int64]
    rank: NDArray[np.int64]
    distance: NDArray[np.float64]
    expected: NDArray[np.float64]


EXACT = ("emergency_1_4", "female", "chemotherapy_52", "chemotherapy_12", "repeat_day_care_12")
"""Features of which case and control must agree on whether there is any."""


@njit(cache=True, inline="always")
def stratum_of(x, row, first_emergency, flags):  # type: ignore[no-untyped-def]
    """Return the code of one row of features, as :func:`exact_strata` defines it."""
    last_year = 0.0
    for k in range(first_emergency, first_emergency + 4):
        last_year += x[row, k]
    code = np.int64(min(last_year, 4.0))
    for k in flags:
        code = 2 * code + (x[row, k] > 0)
    return code


@njit(cache=True)
def _strata(values, first_emergency, flags):  # type: ignore[no-untyped-def]
    codes = np.empty(values.shape[0], np.int16)
    for i in range(values.shape[0]):
        codes[i] = stratum_of(values, i, first_emergency, flags)
    return codes


def exact_strata(people: Features) -> NDArray[np.int16]:
    """Return a code for the variables on which case and control must agree exactly; int16[n].

    Emergency admissions in the last year (0 to 4 and more) and any in the last 4 weeks, sex, any
    chemotherapy in the last year and the last 12 weeks, any repeat day care in the last 12 weeks.
    """
    flags = np.array([people.names.index(name) for name in EXACT])
    codes: NDArray[np.int16] = _strata(people.values, people.names.index("emergency_1_4"), flags)
    return codes


def with_record(strata: NDArray[np.integer], has_record: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return strata parted by whether people have a key record in the look-back; int64[n].

    People without one are sampled (``EvaluationDesign.screen_share``): kept apart, those who compete for a case
    have all had the same chance of being there.
    """
    return 2 * strata.astype(np.int64) + has_record


def matching_space(log_scores: NDArray[np.float64], age: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the unscaled coordinates in which the nearest are sought: log scores and age; float64[n, 4]."""
    return np.column_stack([log_scores, age])


def space_scale(case_space: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what to divide coordinates by, so that a distance of 1 is one SD of a score among the cases."""
    spread = case_space.std(axis=0)
    spread[spread == 0] = 1.0
    return spread / np.array([1.0] * len(SCORES) + [AGE_WEIGHT])


def match_wave(
    case_space: NDArray[np.float64],
    control_space: NDArray[np.float64],
    case_strata: NDArray[np.integer],
    control_strata: NDArray[np.integer],
    controls_per_case: int,
    caliper: float,
    units: NDArray[np.integer] | None = None,
) -> WaveMatches:
    """Find each case's nearest controls in its exact stratum, without replacement within the wave.

    Spaces are float64[n, d], already scaled; strata are codes from 0 on; ``caliper`` is the greatest distance
    allowed. Cases take turns (everyone's first control, then everyone's second), those with the highest
    emergency score first because they have the fewest twins; of two controls at one distance the earlier row
    is taken. Cases with nobody within the caliper get no control.

    ``units`` int[controls] says for how many controls each counts (by default 1; 0: not to be had). A case takes
    controls until they count for ``controls_per_case``, the last of them whole: cutting it short would leave
    those who stand for many out too often.
    """
    found: list[tuple[NDArray[np.int64], ...]] = []
    lengths: list[NDArray[np.float64]] = []
    expected: list[NDArray[np.float64]] = []
    occupied = np.unique(case_strata)
    units = np.ones(len(control_space), np.int64) if units is None else units
    control_strata = np.where(units > 0, control_strata, int(occupied[-1]) + 1)
    grid = sort_into_bins(case_space, control_space, case_strata, control_strata, caliper)
    counts = units[grid.row].astype(np.int64)
    for place, stratum in enumerate(occupied.tolist()):
        cases = np.flatnonzero(case_strata == stratum)
        cases = cases[np.argsort(-case_space[cases, 0], kind="stable")]
        here = counts[grid.rows_of(place)]
        many = 0 if here.size == 0 or here.max() == 1 else NEIGHBOURS  # 0: a set counts for what is wanted
        look = min(max(FIRST_NEIGHBOURS * controls_per_case, many), grid.size(place))
        near = nearest(case_space[cases], grid, place, look, caliper)
        pick, distance = _match_stratum(case_space[cases], grid, place, counts, controls_per_case, caliper, near)
        row, rank = np.nonzero(pick >= 0)
        found.append((cases[row], grid.row[pick[row, rank]], rank))
        lengths.append(distance[row, rank])
        sets = (
            expected_units(near[0][:, :many], counts, controls_per_case)
            if many
            else np.full(len(cases), float(controls_per_case))
        )
        expected.append(sets[row])
    case, control, rank = (np.concatenate(part) for part in zip(*found, strict=True))
    return WaveMatches(case, control, rank, np.concatenate(lengths), np.concatenate(expected))


Neighbourhood = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Each case's nearest controls and their distances, as :func:`nearest` gives them."""


def _match_stratum(
    cases: NDArray[np.float64],
    grid: Grid,
    place: int,
    counts: NDArray[np.int64],
    wanted: int,
    caliper: float,
    near: Neighbourhood,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return picks int64[cases, wanted] (-1: none) and their distances, looking further as cases compete."""
    size = grid.size(place)
    k = min(FIRST_NEIGHBOURS * wanted, size)
    while True:
        known = near if k <= near[0].shape[1] else nearest(cases, grid, place, k, caliper)
        neighbours, distances = (np.ascontiguousarray(part[:, :k]) for part in known)
        pick = np.full((len(cases), wanted), -1, np.int64)
        pick_distance = np.full((len(cases), wanted), np.nan)
        exhausted = np.zeros(len(cases), np.bool_)
        _round_robin(neighbours, distances, counts, wanted, pick, pick_distance, exhausted)
        if k == size or not (exhausted & (neighbours[:, -1] >= 0)).any():
            return pick, pick_distance
        k = min(4 * k, size)


@njit(cache=True)
def _round_robin(neighbours, distances, counts, wanted, pick, pick_distance, exhausted):  # type: ignore[no-untyped-def]
    taken = np.zeros(counts.size, np.bool_)
    place = np.zeros(neighbours.shape[0], np.int64)
    have = np.zeros(neighbours.shape[0], np.int64)
    for turn in range(wanted):
        for case in range(neighbours.shape[0]):
            if exhausted[case] or have[case] >= wanted:
                continue
            while place[case] < neighbours.shape[1]:
                control = neighbours[case, place[case]]
                if control < 0 or not taken[control]:
                    break
                place[case] += 1
            if place[case] == neighbours.shape[1] or neighbours[case, place[case]] < 0:
                exhausted[case] = True
                continue
            pick[case, turn] = neighbours[case, place[case]]
            pick_distance[case, turn] = distances[case, place[case]]
            taken[pick[case, turn]] = True
            have[case] += counts[pick[case, turn]]

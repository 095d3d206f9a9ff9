"""What the records show of the whole pool at the index weeks, worked out person by person, never all held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.evaluation.balance import Moments
from icpsim.evaluation.cohort import Pool
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.features import NAMES
from icpsim.evaluation.linear import LOG1P, log_scale, raw_slopes
from icpsim.evaluation.lookback import AT_ONCE, WIDTH, calendar_of, empty_room, events_of, look_back
from icpsim.evaluation.matching import EXACT, stratum_of
from icpsim.evaluation.prognostic import SCORES, PrognosticModel
from icpsim.records.tables import OrderedRecords

_AGE = NAMES.index("age")
_FIRST_EMERGENCY = NAMES.index("emergency_1_4")
_EXACT = np.array([NAMES.index(name) for name in EXACT])


TOP = 0.01
"""The top of the pool's emergency score whose lower edge (99th percentile) cases are held against."""


@dataclass(frozen=True, slots=True)
class PoolDescription:
    """A pool's matching coordinates float64[n, 4], exact strata int16[n], and moments of every feature.

    ``top_edge`` is the emergency score above which the top ``TOP`` of the weighted pool lies.
    """

    space: NDArray[np.float64]
    strata: NDArray[np.int16]
    moments: Moments
    top_edge: float


class _Scores(NamedTuple):
    """What turns features into log scores: slopes float64[40, 3], base float64[3]; ``logged`` bool[40]."""

    logged: NDArray[np.bool_]
    slopes: NDArray[np.float64]
    base: NDArray[np.float64]


class _Pools(NamedTuple):
    """The pools of m index weeks, one after the other: that of week k is rows ``start[k]:start[k + 1]``."""

    start: NDArray[np.int64]
    persons: NDArray[np.int32]
    weights: NDArray[np.float64]


class _Described(NamedTuple):
    """Coordinates and strata of the pools' rows; weighted sums of features and squares, float64[40, WIDTH]."""

    space: NDArray[np.float64]
    strata: NDArray[np.int16]
    first: NDArray[np.float64]
    second: NDArray[np.float64]


@njit(cache=True, inline="always")
def _to_log_scale(x, z):  # type: ignore[no-untyped-def]
    """Turn a column of counts, given as ``x`` and ``z``, into their logs in z: whole ones without a branch."""
    whole = True
    for w in range(z.size):
        i = np.int64(z[w])
        whole &= np.float64(i) == z[w] and i < LOG1P.size
        z[w] = LOG1P[i % LOG1P.size]
    if not whole:
        for w in range(z.size):
            z[w] = z[w - 1] if w > 0 and x[w] == x[w - 1] else log_scale(np.float64(x[w]), True)


@njit(cache=True, inline="always")
def _score(room, weight, scores, held, z, total, first, second):  # type: ignore[no-untyped-def]
    """Put one person's three log scores at each index week into ``total`` and add to the sums of the features.

    Some 13 of 40 features are ever not 0. Listing them first spares a mispredicted branch a feature.
    """
    n = 0
    for k in range(room.held.size):
        held[n] = k
        n += room.held[k]
    for s in range(3):
        total[s, :] = scores.base[s]
    for at in range(n):
        k = held[at]
        for w in range(z.size):
            z[w] = room.x[k, w]
        for w in range(z.size):
            first[k, w] += weight[w] * z[w]
            second[k, w] += weight[w] * z[w] * z[w]
        if scores.logged[k]:
            _to_log_scale(room.x[k], z)
        emergency, elective, outpatient = scores.slopes[k]
        for w in range(z.size):
            total[0, w] += z[w] * emergency
            total[1, w] += z[w] * elective
            total[2, w] += z[w] * outpatient


@njit(cache=True)
def _describe(people, events, calendar, room, scores, pools, found):  # type: ignore[no-untyped-def]
    m = calendar.weeks.size
    row, weight, z, total = pools.start[:-1].copy(), np.zeros(WIDTH), np.empty(WIDTH), np.empty((3, WIDTH))
    held, by_week = np.empty(room.held.size, np.int64), room.x.T
    for person in people:
        for w in range(m):
            there = row[w] < pools.start[w + 1] and pools.persons[row[w]] == person
            weight[w] = pools.weights[row[w]] if there else 0.0
        look_back(person, events, calendar, room)
        _score(room, weight, scores, held, z, total, found.first, found.second)
        for w in range(m):
            if weight[w] > 0.0:
                i = row[w]
                row[w] += 1
                for s in range(3):
                    found.space[i, s] = total[s, w]
                found.space[i, 3] = room.x[_AGE, w]
                found.strata[i] = stratum_of(by_week, w, _FIRST_EMERGENCY, _EXACT)


def describe_pools(
    source: OrderedRecords, pools: Mapping[int, Pool], prices: Prices, model: PrognosticModel
) -> dict[int, PoolDescription]:
    """Return what matching and the balance table need of the pool at each index week.

    ``pools`` maps weeks to pools whose persons increase. Everyone is looked at once for up to 15 weeks together.
    """
    weeks = sorted(pools)
    found: dict[int, PoolDescription] = {}
    for begin in range(0, len(weeks), AT_ONCE):
        some = {week: pools[week] for week in weeks[begin : begin + AT_ONCE]}
        found |= _describe_some(source, some, prices, model)
    return found


def _describe_some(
    source: OrderedRecords, pools: Mapping[int, Pool], prices: Prices, model: PrognosticModel
) -> dict[int, PoolDescription]:
    weeks, parts = np.array(list(pools)), list(pools.values())
    start = np.cumsum([0, *(part.persons.size for part in parts)])
    persons = np.concatenate([part.persons for part in parts])
    together = _Pools(start, persons, np.concatenate([part.weights for part in parts]))
    raw = raw_slopes(model.scaling, model.coefficients, model.intercepts)
    scores = _Scores(model.scaling.logged, raw.slopes, raw.base)
    calendar, sums = calendar_of(weeks), np.zeros((2, len(NAMES), WIDTH))
    space, strata = np.empty((start[-1], len(SCORES) + 1)), np.empty(start[-1], np.int16)
    found = _Described(space, strata, sums[0], sums[1])
    anywhere = np.zeros(source.records.registrations.size, np.bool_)
    anywhere[persons] = True
    people, room = np.flatnonzero(anywhere), empty_room()
    _describe(people, events_of(source, prices), calendar, room, scores, together, found)
    return {int(week): _description(found, k, start, parts[k].weights) for k, week in enumerate(weeks)}


def _description(
    found: _Described, k: int, start: NDArray[np.int64], weights: NDArray[np.float64]
) -> PoolDescription:
    rows = slice(start[k], start[k + 1])
    space, strata = found.space[rows], found.strata[rows]
    mean, square = found.first[:, k] / weights.sum(), found.second[:, k] / weights.sum()
    edge = _top_edge(space[:, 0], weights, TOP) if weights.size else np.inf
    return PoolDescription(space, strata, Moments(mean, np.maximum(square - mean**2, 0.0)), edge)


def _top_edge(score: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """Return the score above which the top ``share`` of the weighted pool lies (weights at least 1)."""
    wanted = share * weights.sum()
    most = min(score.size, int(np.ceil(wanted)) + 1)
    top = np.argpartition(score, score.size - most)[score.size - most :]
    top = top[np.argsort(-score[top], kind="stable")]
    reached = np.searchsorted(np.cumsum(weights[top]), wanted)
    return float(score[top[min(reached, most - 1)]])

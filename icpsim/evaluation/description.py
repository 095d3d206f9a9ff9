"""What the records show of the whole pool at an index week, worked out person by person, never all held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.evaluation.balance import Moments
from icpsim.evaluation.cohort import Pool
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.features import (
    NAMES,
    add_attendance,
    add_person,
    add_spell,
    read_visits,
)
from icpsim.evaluation.linear import log_scale, raw_slopes
from icpsim.evaluation.matching import EXACT, stratum_of
from icpsim.evaluation.prognostic import SCORES, PrognosticModel
from icpsim.records.schema import Table
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


class _Events(NamedTuple):
    """The tables that features are read from, and where each person's rows begin."""

    people: Table
    spells: Table
    visits: Table
    attendances: Table
    spell_start: NDArray[np.int64]
    visit_start: NDArray[np.int64]
    attendance_start: NDArray[np.int64]
    visits_in_time: bool


class _Rates(NamedTuple):
    """What turns events into costs and features into scores."""

    spell_price: NDArray[np.float64]
    visit_price: NDArray[np.float64]
    logged: NDArray[np.bool_]
    slopes: NDArray[np.float64]
    base: NDArray[np.float64]


@njit(cache=True, inline="always")
def _score(x, weight, logged, slopes, base, held, first, second):  # type: ignore[no-untyped-def]
    """Return the three log scores of the single row x and add it to the weighted sums of the features.

    Some 7 of 40 features are not 0. Listing them first (``held``) spares a mispredicted branch a feature.
    """
    n = 0
    for k in range(x.shape[1]):
        held[n] = k
        n += x[0, k] != 0
    emergency, elective, outpatient = base[0], base[1], base[2]
    for at in range(n):
        k = held[at]
        value = np.float64(x[0, k])
        z = log_scale(value, logged[k])
        emergency += z * slopes[k, 0]
        elective += z * slopes[k, 1]
        outpatient += z * slopes[k, 2]
        first[k] += weight * value
        second[k] += weight * value * value
    return emergency, elective, outpatient


@njit(cache=True)
def _describe(events, rates, persons, weights, week, space, strata, first, second):  # type: ignore[no-untyped-def]
    people, spells, visits, attendances, spell_start, visit_start, attendance_start, in_time = events
    spell_price, visit_price, logged, slopes, base = rates
    x, cost, coded = np.empty((1, first.size), np.float32), np.empty(1), np.empty(1, np.uint16)
    held = np.empty(first.size, np.int64)
    for i in range(persons.size):
        person = persons[i]
        x[0, :] = 0
        cost[0], coded[0] = 0.0, 0
        for k in range(spell_start[person], spell_start[person + 1]):
            add_spell(spells[k], week - np.int64(spells[k].admitted), spell_price, 0, x, cost, coded)
        begin, end = visit_start[person], visit_start[person + 1]
        read_visits(visits, begin, end, in_time, week, visit_price, 0, x, cost)
        for k in range(attendance_start[person], attendance_start[person + 1]):
            add_attendance(week - np.int64(attendances[k].week), 0, x)
        add_person(people[person], week, 0, x, cost, coded)
        scores = _score(x, weights[i], logged, slopes, base, held, first, second)
        space[i, 0], space[i, 1], space[i, 2] = scores
        space[i, 3] = x[0, _AGE]
        strata[i] = stratum_of(x, 0, _FIRST_EMERGENCY, _EXACT)


def describe_pool(
    source: OrderedRecords, pool: Pool, week: int, prices: Prices, model: PrognosticModel
) -> PoolDescription:
    """Return what matching and the balance table need of a pool at a week."""
    records, starts = source.records, source.starts
    events = _Events(
        records.registrations,
        records.spells,
        records.outpatient,
        records.ae,
        starts["spells"],
        starts["outpatient"],
        starts["ae"],
        source.visits_in_time,
    )
    raw = raw_slopes(model.scaling, model.coefficients, model.intercepts)
    rates = _Rates(prices.of_spells(), prices.of_visits(), model.scaling.logged, raw.slopes, raw.base)
    n = pool.persons.size
    space, strata = np.empty((n, len(SCORES) + 1)), np.empty(n, np.int16)
    first, second = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    _describe(events, rates, pool.persons, pool.weights, week, space, strata, first, second)
    mean, square = first / pool.weights.sum(), second / pool.weights.sum()
    edge = _top_edge(space[:, 0], pool.weights, TOP) if n else np.inf
    return PoolDescription(space, strata, Moments(mean, np.maximum(square - mean**2, 0.0)), edge)


def _top_edge(score: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """Return the score above which the top ``share`` of the weighted pool lies (weights at least 1)."""
    wanted = share * weights.sum()
    most = min(score.size, int(np.ceil(wanted)) + 1)
    top = np.argpartition(score, score.size - most)[score.size - most :]
    top = top[np.argsort(-score[top], kind="stable")]
    reached = np.searchsorted(np.cumsum(weights[top]), wanted)
    return float(score[top[min(reached, most - 1)]])

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
    add_visit,
    visit_prices,
)
from icpsim.evaluation.linear import add_predictors, raw_slopes
from icpsim.evaluation.matching import EXACT, stratum_of
from icpsim.evaluation.prognostic import SCORES, PrognosticModel
from icpsim.records.schema import Table
from icpsim.records.tables import OrderedRecords

_AGE = NAMES.index("age")
_FIRST_EMERGENCY = NAMES.index("emergency_1_4")
_EXACT = np.array([NAMES.index(name) for name in EXACT])


@dataclass(frozen=True, slots=True)
class PoolDescription:
    """A pool's matching coordinates float64[n, 4], exact strata int16[n], and moments of every feature."""

    space: NDArray[np.float64]
    strata: NDArray[np.int16]
    moments: Moments


class _Events(NamedTuple):
    """The tables that features are read from, and where each person's rows begin."""

    people: Table
    spells: Table
    visits: Table
    attendances: Table
    spell_start: NDArray[np.int64]
    visit_start: NDArray[np.int64]
    attendance_start: NDArray[np.int64]


class _Rates(NamedTuple):
    """What turns events into costs and features into scores."""

    spell_price: NDArray[np.float64]
    visit_price: NDArray[np.float32]
    logged: NDArray[np.bool_]
    slopes: NDArray[np.float64]


@njit(cache=True, inline="always")
def _read(events, rates, person, week, x, coded):  # type: ignore[no-untyped-def]
    """Fill the single row of features x float32[1, 40] for a person."""
    x[:] = 0
    coded[0] = 0
    for i in range(events.spell_start[person], events.spell_start[person + 1]):
        add_spell(events.spells[i], week - np.int64(events.spells[i].admitted), rates.spell_price, 0, x, coded)
    for i in range(events.visit_start[person], events.visit_start[person + 1]):
        add_visit(events.visits[i], week - np.int64(events.visits[i].week), rates.visit_price, 0, x)
    for i in range(events.attendance_start[person], events.attendance_start[person + 1]):
        add_attendance(week - np.int64(events.attendances[i].week), 0, x)
    add_person(events.people[person], week, 0, x, coded)


@njit(cache=True)
def _describe(events, rates, persons, weights, week, space, strata, first, second):  # type: ignore[no-untyped-def]
    x, coded = np.empty((1, first.size), np.float32), np.empty(1, np.uint16)
    for i in range(persons.size):
        _read(events, rates, persons[i], week, x, coded)
        add_predictors(x, 0, rates.logged, rates.slopes, space, i)
        space[i, rates.slopes.shape[1]] = x[0, _AGE]
        strata[i] = stratum_of(x, 0, _FIRST_EMERGENCY, _EXACT)
        for k in range(first.size):
            value = np.float64(x[0, k])
            if value != 0.0:
                first[k] += weights[i] * value
                second[k] += weights[i] * value * value


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
    )
    raw = raw_slopes(model.scaling, model.coefficients, model.intercepts)
    rates = _Rates(prices.of_spells(), visit_prices(prices), model.scaling.logged, raw.slopes)
    n = pool.persons.size
    space, strata = np.empty((n, len(SCORES) + 1)), np.empty(n, np.int16)
    space[:, : len(SCORES)] = raw.base
    first, second = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    _describe(events, rates, pool.persons, pool.weights, week, space, strata, first, second)
    mean, square = first / pool.weights.sum(), second / pool.weights.sum()
    return PoolDescription(space, strata, Moments(mean, np.maximum(square - mean**2, 0.0)))

"""One person's features at all index weeks together: each event is read once and counted in a run of weeks.

An event of week v is 1 to h weeks back at the index weeks after v and up to v + h: a run of them. A count is
kept as its change from each index week to the next, so that a run costs two additions, and is summed up at the
end. The definitions are those of :func:`icpsim.evaluation.features.features`; a test holds the two together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.costs import CareClass, Prices, care_class, to_grain
from icpsim.evaluation.features import LOOK_BACK, NAMES
from icpsim.records.schema import CONDITIONS, Diagnosis, Table
from icpsim.records.tables import OrderedRecords

_AGE, _FEMALE = NAMES.index("age"), NAMES.index("female")
_EMERGENCY = NAMES.index("emergency_1_4")
_EMERGENCY_SPANS = np.array([4, 12, 26, 52, 104])
_ACS, _NIGHTS = NAMES.index("acs_emergency_52"), NAMES.index("emergency_nights_52")
_ELECTIVE = np.zeros(len(CareClass), np.int64)
"""The column of each class of planned care's shorter span; that of 52 weeks follows it."""
_ELECTIVE[CareClass.ELECTIVE_ORDINARY] = NAMES.index("elective_ordinary_26")
_ELECTIVE[CareClass.DAY_CASE] = NAMES.index("day_case_26")
_ELECTIVE[CareClass.CHEMOTHERAPY] = NAMES.index("chemotherapy_12")
_ELECTIVE[CareClass.REPEAT_DAY_CARE] = NAMES.index("repeat_day_care_12")
_ELECTIVE_SPAN = np.array([0, 26, 26, 12, 12])
_OUTPATIENT, _AE = NAMES.index("outpatient_4"), NAMES.index("ae_12")
_FOLLOW_UP, _MISSED = NAMES.index("outpatient_follow_up_26"), NAMES.index("outpatient_missed_52")
_COST = NAMES.index("hospital_cost_52")
_CONDITION, _CONDITION_COUNT = NAMES.index(CONDITIONS[0]), NAMES.index("condition_count")
_N_CONDITIONS = len(CONDITIONS)
AT_ONCE = 15
"""Index weeks that are worked out together, at most."""
WIDTH = AT_ONCE + 1
"""Columns of a person's room: the index weeks, where counts end, and the rest 0. Loops over sixteen weeks
become vector instructions, loops over thirteen do not."""
_CLASS_EMERGENCY = int(CareClass.EMERGENCY)
_DIAGNOSIS_ACS = int(Diagnosis.AMBULATORY_CARE_SENSITIVE)


class Events(NamedTuple):
    """The tables that features are read from, where each person's rows begin, and prices of spells and visits."""

    people: Table
    spells: Table
    visits: Table
    attendances: Table
    spell_start: NDArray[np.int64]
    visit_start: NDArray[np.int64]
    attendance_start: NDArray[np.int64]
    visits_in_time: bool
    spell_price: NDArray[np.float64]
    visit_price: NDArray[np.float64]


class Calendar(NamedTuple):
    """Index weeks in order, int64[m]; ``reached[v - first]`` is how many of them come no later than week v."""

    weeks: NDArray[np.int64]
    first: int
    reached: NDArray[np.int64]


class Room(NamedTuple):
    """Where one person is worked out: ``x`` float32[40, WIDTH] holds a column's values at the index weeks.

    ``held`` bool[40] tells which columns may hold anything but 0; ``cost`` is float64[WIDTH], ``coded``
    (conditions) uint16[WIDTH].
    """

    x: NDArray[np.float32]
    held: NDArray[np.bool_]
    cost: NDArray[np.float64]
    coded: NDArray[np.uint16]


def events_of(source: OrderedRecords, prices: Prices) -> Events:
    """Return what is read of records that are ordered by person."""
    records, starts = source.records, source.starts
    return Events(
        records.registrations,
        records.spells,
        records.outpatient,
        records.ae,
        starts["spells"],
        starts["outpatient"],
        starts["ae"],
        source.visits_in_time,
        prices.of_spells(),
        prices.of_visits(),
    )


def calendar_of(weeks: NDArray[np.int64]) -> Calendar:
    """Return the calendar of increasing index weeks, which begins ``LOOK_BACK`` weeks before the first of them."""
    first = int(weeks[0]) - LOOK_BACK
    return Calendar(weeks, first, np.searchsorted(weeks, np.arange(first, weeks[-1] + LOOK_BACK), side="right"))


def empty_room() -> Room:
    """Return room for one person."""
    x = np.zeros((len(NAMES), WIDTH), np.float32)
    return Room(x, np.zeros(len(NAMES), np.bool_), np.zeros(WIDTH), np.zeros(WIDTH, np.uint16))


@njit(cache=True, inline="always")
def _count(room, column, begin, end, amount):  # type: ignore[no-untyped-def]
    """Count an amount at the index weeks ``begin:end``."""
    room.held[column] = True
    room.x[column, begin] += amount
    room.x[column, end] -= amount


@njit(cache=True, inline="always")
def _spend(room, begin, end, pounds):  # type: ignore[no-untyped-def]
    room.held[_COST] = True
    room.cost[begin] += pounds
    room.cost[end] -= pounds


@njit(cache=True, inline="always")
def _read_spell(spell, at, reached, price, room):  # type: ignore[no-untyped-def]
    """Count a spell admitted ``at`` weeks after the calendar's beginning."""
    begin, year = reached[at], reached[at + 52]
    for k in range(begin, reached[at + LOOK_BACK]):
        room.coded[k] |= spell.conditions
    kind = care_class(spell.method, spell.patient_class, spell.diagnosis)
    _spend(room, begin, year, to_grain(price[kind] * np.float64(spell.casemix)))
    if kind == _CLASS_EMERGENCY:
        since = begin
        for band in range(_EMERGENCY_SPANS.size):
            until = reached[at + _EMERGENCY_SPANS[band]]
            if until > since:
                _count(room, _EMERGENCY + band, since, until, 1)
            since = until
        _count(room, _NIGHTS, begin, year, spell.nights)
        if spell.diagnosis == _DIAGNOSIS_ACS:
            _count(room, _ACS, begin, year, 1)
    else:
        _count(room, _ELECTIVE[kind], begin, reached[at + _ELECTIVE_SPAN[kind]], 1)
        _count(room, _ELECTIVE[kind] + 1, begin, year, 1)


@njit(cache=True, inline="always")
def _read_visit(visit, at, reached, price, room):  # type: ignore[no-untyped-def]
    begin, half, year = reached[at], reached[at + 26], reached[at + 52]
    if not visit.attended:
        _count(room, _MISSED, begin, year, 1)
        return
    _count(room, _OUTPATIENT, begin, reached[at + 4], 1)
    _count(room, _OUTPATIENT + 1, begin, half, 1)
    _count(room, _OUTPATIENT + 2, begin, year, 1)
    if visit.first:
        _spend(room, begin, year, price[0])
    else:
        _spend(room, begin, year, price[1])
        _count(room, _FOLLOW_UP, begin, half, 1)


@njit(cache=True, inline="always")
def _read_events(person, events, calendar, room):  # type: ignore[no-untyped-def]
    """Count all events that lie in the look-back of some index week; only the last year of visits matters."""
    first, reached = calendar.first, calendar.reached
    last = calendar.weeks[-1] - first
    for i in range(events.spell_start[person], events.spell_start[person + 1]):
        at = np.int64(events.spells[i].admitted) - first
        if at >= 0 and at < last:
            _read_spell(events.spells[i], at, reached, events.spell_price, room)
    for i in range(events.visit_start[person + 1] - 1, events.visit_start[person] - 1, -1):
        at = np.int64(events.visits[i].week) - first
        if at < LOOK_BACK - 52:
            if events.visits_in_time:
                break
        elif at < last:
            _read_visit(events.visits[i], at, reached, events.visit_price, room)
    for i in range(events.attendance_start[person], events.attendance_start[person + 1]):
        at = np.int64(events.attendances[i].week) - first
        if at >= 0 and at < last:
            _count(room, _AE, reached[at], reached[at + 12], 1)
            _count(room, _AE + 1, reached[at], reached[at + 52], 1)


@njit(cache=True, inline="always")
def _read_conditions(m, room):  # type: ignore[no-untyped-def]
    ever = 0
    for w in range(m):
        ever |= room.coded[w]
    if ever == 0:
        return
    room.held[_CONDITION_COUNT] = True
    for k in range(_N_CONDITIONS):
        if (ever >> k) & 1:
            room.held[_CONDITION + k] = True
            for w in range(m):
                has = (np.int64(room.coded[w]) >> k) & 1
                room.x[_CONDITION + k, w] = has
                room.x[_CONDITION_COUNT, w] += has


@njit(cache=True)
def look_back(person, events, calendar, room):  # type: ignore[no-untyped-def]
    """Put a person's features at every index week w into ``room.x[:, w]``."""
    weeks, m, who = calendar.weeks, calendar.weeks.size, events.people[person]
    room.x[:] = 0
    room.held[:] = False
    room.cost[:] = 0
    room.coded[:] = 0
    _read_events(person, events, calendar, room)
    for k in range(_EMERGENCY, _CONDITION):
        if room.held[k]:
            for w in range(1, WIDTH):
                room.x[k, w] += room.x[k, w - 1]
    total = 0.0
    for w in range(m):
        total += room.cost[w]
        room.x[_COST, w] = total
        room.x[_AGE, w] = (np.float64(weeks[w]) - np.float64(who.birth_week)) / WEEKS_PER_YEAR
        room.x[_FEMALE, w] = who.sex
        if who.imd >= 2:
            room.x[who.imd, w] = 1
    room.held[_AGE], room.held[_FEMALE] = True, who.sex != 0
    if who.imd >= 2:
        room.held[who.imd] = True
    _read_conditions(m, room)

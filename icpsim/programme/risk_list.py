"""The pilots' people with what records show of each over the look-back windows, kept up from one look to the next.

The numbers are those of ``evaluation.features`` at the week of the look. Four weeks on, most events are in the
windows they were in: only new events and those that have crossed a window's edge are gone through.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.row_access import trailing_zeros
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.features import LOOK_BACK, NAMES, add_spell, visit_counts
from icpsim.evaluation.linear import log_scale
from icpsim.records.schema import CONDITIONS, GPRecords, HospitalRecords, Table

_FIRST = NAMES.index("emergency_1_4")
_COST = NAMES.index("hospital_cost_52")
_COUNTED = _COST - _FIRST
"""The columns from the first to before the cost, which count things; age, sex and deprivation stand before."""
_VISITS = tuple(
    NAMES.index(name) - _FIRST
    for name in (
        "outpatient_missed_52",
        "outpatient_4",
        "outpatient_26",
        "outpatient_52",
        "outpatient_follow_up_26",
    )
)
_AE = NAMES.index("ae_12") - _FIRST, NAMES.index("ae_52") - _FIRST
_CONDITION_COUNT = NAMES.index("condition_count")
_N_CONDITIONS = len(CONDITIONS)
_ONE = np.uint64(1)
_LONG_AGO = -32768
_WHEN = {"spells": "admitted", "outpatient": "week", "ae": "week", "contacts": "week"}
_EDGES = {
    "spells": (0, 4, 12, 26, 52, LOOK_BACK),
    "outpatient": (0, 4, 26, 52),
    "ae": (0, 12, 52),
    "contacts": (0, 12, 52),
}
"""Weeks back at which an event enters a window, goes on to the next or leaves the last."""

SEEN = np.dtype(
    [
        ("held", np.uint64),
        ("cost", np.float64),
        ("log_cost", np.float64),
        ("counts", np.uint16, (_COUNTED,)),
        ("coded", np.uint16, (_N_CONDITIONS,)),
        ("emergencies", np.uint16),
        ("conditions", np.uint8),
        ("changed", np.uint8),
    ],
    align=True,
)
"""What records show of a person at the last look: cost in pounds, the counted columns, on how many spells each
condition is coded. When not ``changed`` since the last sums, ``held``
has a bit for each column from the first counted that is not 0, and ``log_cost``, ``emergencies`` (of the last
year) and ``conditions`` follow from the rest."""


@dataclass(frozen=True, slots=True)
class _ByWeek:
    """Rows of a table in order of week: those of week w are ``starts[w - first]`` up to the next."""

    rows: Table
    starts: NDArray[np.int64]
    first: int


class RiskList:
    """People, rows of the ``register``, with what records showed of them at the last look.

    ``seen`` has a row (SEEN) a person; ``contacts`` uint16[people, 2] counts GP contacts of the last 12 and 52
    weeks; ``registered`` uint16[people] holds masks of registered conditions.
    """

    def __init__(self, register: Table, prices: Prices) -> None:
        self.register = register
        self.seen = np.zeros(len(register), SEEN)
        self.contacts = np.zeros((len(register), 2), np.uint16)
        self.registered = np.zeros(len(register), np.uint16)
        self._prices = prices.of_spells(), prices.of_visits()
        self._week = _LONG_AGO
        self._rows_read = dict.fromkeys(_WHEN, 0)
        self._events: dict[str, list[_ByWeek]] = {name: [] for name in _WHEN}

    def look(self, records: HospitalRecords, gp: GPRecords, week: int) -> None:
        """Bring all counts to this week, not before that of the last look.

        Tables hold at their head, unchanged, the rows they held at the last look.
        """
        tables = {
            "spells": records.spells,
            "outpatient": records.outpatient,
            "ae": records.ae,
            "contacts": gp.contacts,
        }
        for name, table in tables.items():
            crossed = self._crossed(name, week)
            for events in self._events[name]:
                self._move(name, events, crossed, self._week, week)
            reach = _EDGES[name][-1]
            new = _by_week(table[self._rows_read[name] :], _WHEN[name], len(self.register), week - reach)
            self._rows_read[name] = len(table)
            if new is not None:
                self._move(name, new, new.first + np.arange(len(new.starts) - 1), _LONG_AGO, week)
                self._events[name].append(new)
        self.registered = gp.registered_conditions
        self._week = week

    def sums(
        self, rows: NDArray[np.int64], logged: NDArray[np.bool_], slopes: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Return the features of people times each of two ``slopes`` float64[40, 2], and last year's emergencies.

        Features are taken on the (log1p) scale; the sums float64[len(rows)] are, bit for bit, those of
        ``weighted_sums``.
        """
        return _sums(rows, self.register, self._week, self.seen, logged, slopes)  # type: ignore[no-any-return]

    def counted(self, rows: NDArray[np.int64], name: str) -> NDArray[np.uint16]:
        """Return one of the counted features (``emergency_1_4`` ... ``ae_52``) of people; uint16[len(rows)]."""
        found: NDArray[np.uint16] = self.seen["counts"][rows, NAMES.index(name) - _FIRST]
        return found

    def _crossed(self, name: str, week: int) -> NDArray[np.int64]:
        """Return the weeks whose events are now in another window of this table than at the last look."""
        if self._week == _LONG_AGO:
            return np.empty(0, np.int64)
        return np.unique([np.arange(self._week, week) - edge for edge in _EDGES[name]])

    def _move(self, name: str, events: _ByWeek, weeks: NDArray[np.int64], before: int, now: int) -> None:
        inside = weeks[(weeks >= events.first) & (weeks < events.first + len(events.starts) - 1)] - events.first
        if len(inside) == 0:
            return
        where = events.rows, events.starts, inside, (before - events.first, now - events.first)
        if name == "spells":
            _move_spells(*where, self.seen, self._prices[0])
        elif name == "outpatient":
            _move_visits(*where, self.seen, self._prices[1])
        elif name == "ae":
            _move_attendances(*where, self.seen)
        else:
            _move_contacts(*where, self.contacts)


def _by_week(table: Table, when: str, people: int, first: int) -> _ByWeek | None:
    """Return the rows of the first ``people`` from week ``first`` on, by week."""
    weeks = table[when]
    starts = _starts_of_weeks(table["person"], weeks, people, first)
    if starts[-1] == 0:
        return None
    rows = np.empty(starts[-1], table.dtype)
    _put_by_week(table, weeks, people, first, starts.copy(), rows)
    return _ByWeek(rows, starts, first)


@njit(cache=True)
def _starts_of_weeks(person, weeks, people, first):  # type: ignore[no-untyped-def]
    """Return where the rows of each week, from ``first`` on, begin; one value more than weeks."""
    last = first
    for i in range(weeks.size):
        last = max(last, np.int64(weeks[i]))
    starts = np.zeros(last - first + 2, np.int64)
    for i in range(weeks.size):
        if person[i] < people and weeks[i] >= first:
            starts[weeks[i] - first + 1] += 1
    for k in range(1, starts.size):
        starts[k] += starts[k - 1]
    return starts


@njit(cache=True)
def _put_by_week(table, weeks, people, first, at, rows):  # type: ignore[no-untyped-def]
    for i in range(table.size):
        if table[i].person < people and weeks[i] >= first:
            k = weeks[i] - first
            rows[at[k]] = table[i]
            at[k] += 1


@njit(cache=True, inline="always")
def _within(lag, weeks):  # type: ignore[no-untyped-def]
    return np.int64(1 <= lag <= weeks)


@njit(cache=True)
def _move_spells(rows, starts, weeks, looks, seen, price):  # type: ignore[no-untyped-def]
    x, spent, mask = np.zeros((1, _COST), np.float32), np.zeros(1), np.zeros(1, np.uint16)
    for week in weeks:
        before, now = looks[0] - week, looks[1] - week
        turned = _within(now, LOOK_BACK) - _within(before, LOOK_BACK)
        for i in range(starts[week], starts[week + 1]):
            spell, person = rows[i], seen[rows[i].person]
            x[:], spent[0] = 0, 0
            add_spell(spell, before, price, 0, x, spent, mask)
            x *= np.float32(-1)
            spent[0] *= -1
            add_spell(spell, now, price, 0, x, spent, mask)
            for k in range(_COUNTED):
                person.counts[k] += np.int16(x[0, _FIRST + k])
            person.cost += spent[0]
            person.changed = 1
            if turned and spell.conditions:
                for k in range(_N_CONDITIONS):
                    person.coded[k] += turned * ((np.int64(spell.conditions) >> k) & 1)


@njit(cache=True)
def _move_visits(rows, starts, weeks, looks, seen, price):  # type: ignore[no-untyped-def]
    for week in weeks:
        before, now = looks[0] - week, looks[1] - week
        gone, come = _within(before, 52), _within(now, 52)
        for i in range(starts[week], starts[week + 1]):
            visit, person = rows[i], seen[rows[i].person]
            less, more = visit_counts(visit, before), visit_counts(visit, now)
            for k in range(len(_VISITS)):
                person.counts[_VISITS[k]] += come * more[k] - gone * less[k]
            person.cost += (come * more[3] - gone * less[3]) * (price[0] if visit.first else price[1])
            person.changed = 1


@njit(cache=True)
def _move_attendances(rows, starts, weeks, looks, seen):  # type: ignore[no-untyped-def]
    for week in weeks:
        before, now = looks[0] - week, looks[1] - week
        in_12, in_52 = _within(now, 12) - _within(before, 12), _within(now, 52) - _within(before, 52)
        for i in range(starts[week], starts[week + 1]):
            person = seen[rows[i].person]
            person.counts[_AE[0]] += in_12
            person.counts[_AE[1]] += in_52
            person.changed = 1


@njit(cache=True)
def _move_contacts(rows, starts, weeks, looks, contacts):  # type: ignore[no-untyped-def]
    for week in weeks:
        before, now = looks[0] - week, looks[1] - week
        in_12, in_52 = _within(now, 12) - _within(before, 12), _within(now, 52) - _within(before, 52)
        for i in range(starts[week], starts[week + 1]):
            contacts[rows[i].person, 0] += in_12
            contacts[rows[i].person, 1] += in_52


@njit(cache=True)
def _note_changes(person):  # type: ignore[no-untyped-def]
    """Work out again what follows from a person's counts."""
    held, conditions = np.uint64(person.cost != 0) << np.uint64(_COUNTED), 0
    for k in range(_COUNTED):
        held |= np.uint64(person.counts[k] != 0) << np.uint64(k)
    for k in range(_N_CONDITIONS):
        has = person.coded[k] != 0
        held |= np.uint64(has) << np.uint64(_COUNTED + 1 + k)
        conditions += has
    person.held, person.conditions = held, conditions
    person.log_cost = log_scale(np.float64(np.float32(person.cost)), True)
    person.emergencies = person.counts[0] + person.counts[1] + person.counts[2] + person.counts[3]
    person.changed = 0


@njit(cache=True)
def _sums(rows, register, week, seen, logged, slopes):  # type: ignore[no-untyped-def]
    """Add up each person's columns that are not 0, in their order."""
    first, second = np.empty(rows.size), np.empty(rows.size)
    emergencies = np.empty(rows.size, np.int64)
    for i in range(rows.size):
        who, person = register[rows[i]], seen[rows[i]]
        if person.changed:
            _note_changes(person)
        age = np.float64(np.float32((np.float64(week) - np.float64(who.birth_week)) / WEEKS_PER_YEAR))
        a, b = age * slopes[0, 0] + who.sex * slopes[1, 0], age * slopes[0, 1] + who.sex * slopes[1, 1]
        if who.imd >= 2:
            a, b = a + slopes[who.imd, 0], b + slopes[who.imd, 1]
        left = person.held
        while left:
            k = trailing_zeros(left)
            left &= left - _ONE
            z = person.log_cost
            if k < _COUNTED:
                z = log_scale(np.float64(person.counts[k]), logged[_FIRST + k])
            elif k > _COUNTED:
                z = 1.0
            a, b = a + z * slopes[_FIRST + k, 0], b + z * slopes[_FIRST + k, 1]
        if person.conditions:
            z = log_scale(np.float64(person.conditions), True)
            a, b = a + z * slopes[_CONDITION_COUNT, 0], b + z * slopes[_CONDITION_COUNT, 1]
        first[i], second[i] = a, b
        emergencies[i] = person.emergencies
    return first, second, emergencies

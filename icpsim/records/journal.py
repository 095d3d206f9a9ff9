"""Where care is written down as it happens: growing HES-shaped columns that compiled rules append to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.compiled import rule
from icpsim.base.row_access import address, row_reader
from icpsim.records.reused_memory import room_for
from icpsim.records.schema import AE, DEATH, GP_CONTACT, OUTPATIENT, SPELL

SPELLS, APPOINTMENTS, ATTENDANCES, DEATHS, CONTACTS = range(5)
_NAMES = ("spells", "appointments", "attendances", "deaths", "contacts")
_TYPES = (SPELL, OUTPATIENT, AE, DEATH, GP_CONTACT)
TIMES = ("admitted", "week", "week", "week", "week")
"""Column of each table that says when its row was written."""
_PER_PERSON_YEAR = (1.2, 5.0, 1.2, 0.2, 0.0)
_CONTACTS_PER_YEAR = 20.0
MOST_A_WEEK = 16
"""No rule writes more than this many rows of one table for one person in one week."""


_SPELL_AT = row_reader(SPELL)
_APPOINTMENT_AT = row_reader(OUTPATIENT)
_ATTENDANCE_AT = row_reader(AE)
_DEATH_AT = row_reader(DEATH)
_CONTACT_AT = row_reader(GP_CONTACT)

PAGES = [
    (f"{name}_{part}", np.int64)
    for name in ("spells", "appointments", "attendances", "deaths", "contacts")
    for part in ("address", "used", "room")
]
"""Fields of the world's record that say where each table lies, how many rows are written and fit."""


class Journal:
    """Owns the pages and lengthens them; rows stay in the order in which they were written."""

    def __init__(self, people: int, weeks: int, whose_contacts_are_read: int = 0) -> None:
        """Make room for about twice what so many people need in so many weeks; unused room takes no memory."""
        years = weeks / WEEKS_PER_YEAR
        rows = [people * years * rate for rate in _PER_PERSON_YEAR]
        rows[CONTACTS] = whose_contacts_are_read * years * _CONTACTS_PER_YEAR
        self._tables = [room_for(max(1024, int(n)), kind) for n, kind in zip(rows, _TYPES, strict=True)]
        self._used = [0] * len(_TYPES)
        self._marks: list[tuple[int, tuple[int, ...]]] = []

    def copy(self) -> Journal:
        """Return a journal with the same rows (and as much room), to be written on separately."""
        other = object.__new__(Journal)
        other._tables = [room_for(len(table), table.dtype) for table in self._tables]
        for new, old, used in zip(other._tables, self._tables, self._used, strict=True):
            new[:used] = old[:used]
        other._used, other._marks = list(self._used), list(self._marks)
        return other

    def open(self, w: NDArray[np.void]) -> None:
        """Tell the world's record where the pages lie."""
        for k, name in enumerate(_NAMES):
            w[f"{name}_address"] = address(self._tables[k])
            w[f"{name}_used"] = self._used[k]
            w[f"{name}_room"] = len(self._tables[k])

    def close(self, w: NDArray[np.void], weeks: int) -> None:
        """Note how far the rules wrote, and make room for at least one more person's ``weeks``."""
        for k, name in enumerate(_NAMES):
            used = self._used[k] = int(w[f"{name}_used"][0])
            if len(self._tables[k]) - used <= MOST_A_WEEK * weeks:
                self._lengthen(k, MOST_A_WEEK * weeks * 64)

    def take_over(self, table: int, rows: NDArray[np.void]) -> None:
        """Append rows of one table that were written elsewhere."""
        used, needed = self._used[table], self._used[table] + len(rows)
        if needed > len(self._tables[table]):
            self._lengthen(table, needed - len(self._tables[table]))
        self._tables[table][used:needed] = rows
        self._used[table] = needed

    def _lengthen(self, table: int, by: int) -> None:
        used = self._used[table]
        longer = room_for(int(len(self._tables[table]) * 1.5) + by, _TYPES[table])
        longer[:used] = self._tables[table][:used]
        self._tables[table] = longer

    def mark(self, week: int) -> None:
        """Note that all that is written from now on happens in this week or later."""
        self._marks.append((week, tuple(self._used)))

    def unmark(self) -> None:
        """Forget all marks: rows no longer stand in the order of writing."""
        self._marks = []

    def written(self, table: int, since: int = 0) -> NDArray[np.void]:
        """Return the filled rows of one table (a view).

        Rows before week ``since`` may be left out, as far as marks allow; none from it on ever is.
        """
        first = max((used[table] for week, used in self._marks if week <= since), default=0)
        return self._tables[table][first : self._used[table]]


@rule
def has_room(w: np.void, weeks: int) -> bool:
    """Whether every table can take one more person's ``weeks``."""
    need = MOST_A_WEEK * weeks
    return (
        w.spells_room - w.spells_used > need
        and w.appointments_room - w.appointments_used > need
        and w.attendances_room - w.attendances_used > need
        and w.deaths_room - w.deaths_used > need
        and w.contacts_room - w.contacts_used > need
    )


@rule
def write_spell(
    w: np.void,
    person: int,
    week: int,
    nights: int,
    provider: int,
    conditions: int,
    method: int,
    patient_class: int,
    diagnosis: int,
    casemix: float,
) -> None:
    """Append an inpatient spell."""
    row = _SPELL_AT(w.spells_address, w.spells_used)
    row.person = person
    row.admitted = week
    row.nights = nights
    row.provider = provider
    row.conditions = conditions
    row.method = method
    row.patient_class = patient_class
    row.diagnosis = diagnosis
    row.casemix = casemix
    w.spells_used += 1


@rule
def write_appointment(w: np.void, person: int, week: int, first: int, attended: int) -> None:
    """Append an outpatient appointment."""
    row = _APPOINTMENT_AT(w.appointments_address, w.appointments_used)
    row.person = person
    row.week = week
    row.first = first
    row.attended = attended
    w.appointments_used += 1


@rule
def write_attendance(w: np.void, person: int, week: int, admitted: int) -> None:
    """Append an A&E attendance."""
    row = _ATTENDANCE_AT(w.attendances_address, w.attendances_used)
    row.person = person
    row.week = week
    row.admitted = admitted
    row.spare = 0
    w.attendances_used += 1


@rule
def write_death(w: np.void, person: int, week: int) -> None:
    """Append a death."""
    row = _DEATH_AT(w.deaths_address, w.deaths_used)
    row.person = person
    row.week = week
    w.deaths_used += 1


@rule
def write_contact(w: np.void, person: int, week: int) -> None:
    """Append a GP-practice consultation."""
    row = _CONTACT_AT(w.contacts_address, w.contacts_used)
    row.person = person
    row.week = week
    w.contacts_used += 1


def finished(table: NDArray[np.void], people: int, in_place: bool = False) -> NDArray[np.void]:
    """Return a table's rows ordered by person, keeping each person's rows in the order of writing.

    People whose lives were written in one go, one after the other, already lie in order at the end of it;
    with ``in_place`` they stay where they are and the rows before them are ordered there, without a copy.
    """
    ordered_from = _ordered_from(table["person"])
    ordered = table if in_place else table.copy()
    if ordered_from > 0:
        start = np.zeros(people + 1, np.int64)
        order: Any = np.empty(ordered_from, np.int64)
        _counting_order(table["person"][:ordered_from], start, order)
        width = table.dtype.itemsize // 4
        words, out = (part.view(np.int32).reshape(len(part), width) for part in (table, ordered))
        out[:ordered_from] = words[:ordered_from].take(order, axis=0)
    return ordered


@rule
def _ordered_from(person: NDArray[np.int32]) -> int:
    """Return the row from which rows are ordered by person and follow upon everyone before it."""
    k = len(person) - 1
    while k > 0 and person[k - 1] <= person[k]:
        k -= 1
    last = -1
    for i in range(k):
        last = max(last, person[i])
    while k < len(person) and k > 0 and person[k] <= last:
        k += 1
    return max(k, 0)


@rule
def _counting_order(person: NDArray[np.int32], start: NDArray[np.int64], order: NDArray[np.int64]) -> None:
    for i in range(len(person)):
        start[person[i] + 1] += 1
    for k in range(1, len(start)):
        start[k] += start[k - 1]
    for i in range(len(person)):
        order[start[person[i]]] = i
        start[person[i]] += 1

"""Put record tables together and take people out of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.records.schema import HospitalRecords, Table

EVENT_TABLES = ("spells", "outpatient", "ae", "deaths", "enrolments", "allocations")


@dataclass(frozen=True, slots=True)
class OrderedRecords:
    """Records whose events lie together by person: those of person p are rows ``starts[p]:starts[p + 1]``.

    ``starts`` maps the name of each event table to int64[people + 1]; ``visits_in_time`` tells whether each
    person's outpatient appointments stand in order of time.
    """

    records: HospitalRecords
    starts: Mapping[str, NDArray[np.int64]]
    visits_in_time: bool


def concatenate(tables: Sequence[Table], dtype: np.dtype[np.void]) -> Table:
    """Return the rows of all tables, one after the other; an empty table of ``dtype`` if there are none.

    Raises ``ValueError`` if a table has another type, because numpy would silently convert it.
    """
    for place, table in enumerate(tables):
        if table.dtype != dtype:
            raise ValueError(f"table {place} has type {table.dtype}, expected {dtype}")
    return np.concatenate(tables) if tables else np.empty(0, dtype)


def join(parts: Sequence[HospitalRecords]) -> HospitalRecords:
    """Return one set of records from parts with separate people and practices, both renumbered in order.

    Raises ``ValueError`` if there is no part, or the parts cover different numbers of weeks or differ in kind.
    """
    kinds = {part.extract for part in parts}
    if len(kinds) > 1:
        raise ValueError(f"parts must be one kind of extract, not {' and '.join(sorted(kinds))}")
    weeks = {part.weeks for part in parts}
    if len(weeks) != 1:
        raise ValueError(f"parts must cover the same number of weeks, not {sorted(weeks)}")
    people = np.cumsum([0, *(part.registrations.size for part in parts)])
    practices = np.cumsum([0, *(part.practices.size for part in parts)])
    tables: dict[str, Table] = {
        "practices": np.concatenate([part.practices for part in parts]),
        "registrations": np.concatenate(
            [_shifted(p.registrations, "practice", int(s)) for p, s in zip(parts, practices, strict=False)]
        ),
    }
    for name in EVENT_TABLES:
        shifted = [_shifted(getattr(p, name), "person", int(s)) for p, s in zip(parts, people, strict=False)]
        tables[name] = np.concatenate(shifted)
    return HospitalRecords(weeks=weeks.pop(), extract=kinds.pop(), **tables)


def _shifted(table: Table, column: str, by: int) -> Table:
    moved = table.copy()
    moved[column] += by
    return moved


@dataclass(frozen=True, slots=True)
class PeopleFirst:
    """An ordered table whose first people are these: those of person p are rows ``starts[p]:starts[p + 1]``.

    ``ends[p]`` is the row at which those of person p before some week end.
    """

    table: Table
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def before(self, persons: NDArray[np.integer]) -> Table:
        """Return (a copy of) the rows of these people before the week, person after person."""
        rows, _ = _rows_of(persons, self.starts, self.ends)
        return _take(self.table, rows)

    def with_replaced(self, replaced: NDArray[np.bool_], new: Table) -> Table:
        """Return the table with the rows of people ``replaced`` (bool[first people]) those of ``new`` instead.

        ``new`` is ordered by person and holds rows of these people only; those after them are copied as they are.
        """
        new_starts, _ = _starts(new["person"], replaced.size)
        cut = int(self.starts[-1])
        taken = int(np.where(replaced, np.diff(new_starts), np.diff(self.starts)).sum())
        merged = np.empty(taken + self.table.size - cut, self.table.dtype)
        old, own, out = (_as_words(part) for part in (self.table, new, merged))
        _copy_people(old, own, out, self.starts, new_starts, replaced)
        out[taken:] = old[cut:]
        return merged


def first_rows(table: Table, when: str, people: int, week: int) -> PeopleFirst:
    """Return where the rows of the first ``people`` lie, and those before a week by column ``when``.

    The table is ordered by person, and each person's rows by time.
    """
    cut = first_row(table["person"], people)
    starts, _ = _starts(table["person"][:cut], people)
    return PeopleFirst(table, starts, _ends_before(table[when], starts, week))


@njit(cache=True)
def _ends_before(time, starts, week):  # type: ignore[no-untyped-def]
    ends = starts[1:].copy()
    for p in range(ends.size):
        while ends[p] > starts[p] and time[ends[p] - 1] >= week:
            ends[p] -= 1
    return ends


@njit(cache=True)
def first_row(person, wanted):  # type: ignore[no-untyped-def]
    """Return the first row of an ordered table that belongs to person ``wanted`` or somebody later."""
    low, high = 0, person.size
    while low < high:
        middle = (low + high) // 2
        if person[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True)
def _copy_people(old, new, out, old_start, new_start, replaced):  # type: ignore[no-untyped-def]
    """Copy the rows (as words) of people side by side from the one table or the other, piece after piece."""
    at = p = 0
    while p < replaced.size:
        first = p
        while p < replaced.size and replaced[p] == replaced[first]:
            p += 1
        source, start = (new, new_start) if replaced[first] else (old, old_start)
        piece = source[start[first] : start[p]]
        out[at : at + len(piece)] = piece
        at += len(piece)


@njit(cache=True)
def _order_by_person(person, wanted):  # type: ignore[no-untyped-def]
    """Return the rows of wanted people, by person and then as they stood: a counting sort."""
    start = np.zeros(wanted.size + 1, np.int64)
    for i in range(person.size):
        if wanted[person[i]]:
            start[person[i] + 1] += 1
    for p in range(wanted.size):
        start[p + 1] += start[p]
    order = np.empty(start[wanted.size], np.int64)
    for i in range(person.size):
        p = person[i]
        if wanted[p]:
            order[start[p]] = i
            start[p] += 1
    return order


def _take(table: Table, order: NDArray[np.int64]) -> Table:
    """Return rows in an order, as whole words: several times faster than numpy's copy of records."""
    if table.dtype.itemsize % 4 or not table.flags.c_contiguous:
        return table[order]
    return _as_words(table).take(order, axis=0).reshape(-1).view(table.dtype)


def _as_words(table: Table) -> NDArray[np.int32]:
    return table.view(np.int32).reshape(table.size, table.dtype.itemsize // 4)


@njit(cache=True)
def _starts(person, n_people):  # type: ignore[no-untyped-def]
    """Return where each person's rows begin, and whether rows are ordered by person at all."""
    starts = np.empty(n_people + 1, np.int64)
    begun = 0
    for i in range(person.size):
        if person[i] + 1 < begun:
            return starts, False
        while begun <= person[i]:
            starts[begun] = i
            begun += 1
    starts[begun:] = person.size
    return starts, True


def ordered(records: HospitalRecords, wanted: NDArray[np.bool_]) -> OrderedRecords:
    """Return the records with where each person's events begin; tables in order are not copied.

    A table in another order is sorted into a copy that leaves out people not ``wanted`` (bool[people]) and
    keeps each person's rows as they stood. Raises ``ValueError`` if ``wanted`` has another length than the
    registrations.
    """
    n = records.registrations.size
    if wanted.shape != (n,):
        raise ValueError(f"wanted has {wanted.size} entries for {n} people")
    tables: dict[str, Any] = {}
    all_starts = {}
    for name in EVENT_TABLES:
        table = getattr(records, name)
        starts, in_order = _starts(table["person"], n)
        if not in_order:
            table = _take(table, _order_by_person(table["person"], wanted))
            starts, _ = _starts(table["person"], n)
        tables[name], all_starts[name] = table, starts
    visits = tables["outpatient"]
    return OrderedRecords(replace(records, **tables), all_starts, _in_time(visits["person"], visits["week"]))


@njit(cache=True)
def _in_time(person, week):  # type: ignore[no-untyped-def]
    """Tell whether each person's rows, which lie together, stand in order of time."""
    for i in range(1, person.size):
        if person[i] == person[i - 1] and week[i] < week[i - 1]:
            return False
    return True


@njit(cache=True)
def _rows_of(persons, starts, ends):  # type: ignore[no-untyped-def]
    """Return the rows of these people, person after person, and each row's place in ``persons``."""
    total = 0
    for person in persons:
        total += ends[person] - starts[person]
    rows, places = np.empty(total, np.int64), np.empty(total, np.int32)
    used = 0
    for place in range(persons.size):
        for row in range(starts[persons[place]], ends[persons[place]]):
            rows[used], places[used] = row, place
            used += 1
    return rows, places


def study_of(source: OrderedRecords, persons: NDArray[np.integer]) -> HospitalRecords:
    """Return a study of these people alone: person k of it is ``persons[k]``, who may be listed repeatedly.

    Practice numbers stay. It holds copies, so it is meant for samples rather than whole populations.
    """
    own: dict[str, Any] = {"registrations": source.records.registrations[persons]}
    for name, starts in source.starts.items():
        rows, places = _rows_of(persons, starts, starts[1:])
        own[name] = _take(getattr(source.records, name), rows)
        own[name]["person"] = places
    return replace(source.records, **own)

"""Deterministic samples of people, so that the same records always give the same evaluation."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from icpsim.records.schema import HospitalRecords

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, inline="always")
def _mixed(z):  # type: ignore[no-untyped-def]
    """SplitMix64's finaliser (Steele, Lea and Flood 2014, OOPSLA)."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True)
def _mix_all(z):  # type: ignore[no-untyped-def]
    for i in range(z.size):
        z[i] = _mixed(z[i])


@njit(cache=True)
def _add_events(z, person, week, kind, before):  # type: ignore[no-untyped-def]
    """Add every event before a week to its person's number; a sum does not depend on the order of events."""
    for i in range(person.size):
        if week[i] >= before:
            continue
        event = (np.uint64(week[i]) << np.uint64(8)) | np.uint64(kind)
        z[person[i]] += _mixed((event + np.uint64(1)) * _GOLDEN)


def to_unit(z: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return numbers in [0, 1) from 64 random bits each; float64[n]."""
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def person_hash(persons: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return a number in [0, 1) that depends on the person's number alone; float64[persons].

    Keeping those below a share gives nested samples: a smaller share is a subset of a larger one.
    """
    z = (persons.astype(np.uint64) + np.uint64(1)) * _GOLDEN
    _mix_all(z)
    return to_unit(z)


def record_hash(records: HospitalRecords, before: int) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each person from what the records hold of them before a week; float64[people].

    Neither a person's number nor the order of rows matters: whoever is sampled by it is sampled however people
    are numbered. People of whom the records hold just the same have the same number. Samples are nested.
    """
    people = records.registrations
    z = np.zeros(people.size, np.uint64)
    for name in ("birth_week", "sex", "imd", "from_week"):
        z = (z ^ people[name].astype(np.int64).astype(np.uint64)) * _GOLDEN
        _mix_all(z)
    events = (records.spells, "admitted"), (records.outpatient, "week"), (records.ae, "week")
    for kind, (table, column) in enumerate(events):
        _add_events(z, table["person"], table[column], kind, before)
    _mix_all(z)
    return to_unit(z)

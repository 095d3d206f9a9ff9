"""Checks that a study's tables agree with the schema and with each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from icpsim.records.schema import CONDITIONS, NEVER, Diagnosis, HospitalRecords, Method, PatientClass, TrialArm

_EVENTS = (
    ("spells", "admitted"),
    ("outpatient", "week"),
    ("ae", "week"),
    ("deaths", "week"),
    ("enrolments", "week"),
    ("allocations", "week"),
)


def check(records: HospitalRecords) -> list[str]:
    """Return what is wrong with the records, one sentence a kind of fault with the number of rows; [] if none.

    A record in the week of death is allowed: the order of events within a week is not recorded.
    """
    unknown = list(_unknown_people(records))
    if unknown:
        return unknown
    found = [
        *_outside_weeks(records),
        *_after_death(records),
        *_registrations(records),
        *_codes(records),
        *_enrolments(records),
        *_allocations(records),
    ]
    return found


def _fault(bad: NDArray[np.bool_], table: str, what: str) -> Iterator[str]:
    if bad.any():
        yield f"{table}: {int(bad.sum())} rows {what} (first: row {int(np.argmax(bad))})"


def _unknown_people(records: HospitalRecords) -> Iterator[str]:
    n = records.registrations.size
    for name, _ in _EVENTS:
        person = getattr(records, name)["person"]
        yield from _fault((person < 0) | (person >= n), name, f"of people who are not among the {n} registered")
    practice = records.registrations["practice"]
    yield from _fault(practice >= records.practices.size, "registrations", "with an unknown practice")


def _outside_weeks(records: HospitalRecords) -> Iterator[str]:
    for name, column in _EVENTS:
        week = getattr(records, name)[column]
        bad = (week < 0) | (week >= records.weeks)
        yield from _fault(bad, name, f"outside weeks 0 to {records.weeks - 1}")


def _after_death(records: HospitalRecords) -> Iterator[str]:
    deaths = records.deaths
    died, times = np.unique(deaths["person"], return_counts=True)
    if died.size < deaths.size:
        yield f"deaths: {int((times > 1).sum())} people die more than once"
    death_week = records.death_weeks()
    for name, column in _EVENTS:
        table = getattr(records, name)
        yield from _fault(table[column] > death_week[table["person"]], name, "after the person's death")
    late = (records.registrations["to_week"] > np.minimum(death_week.astype(np.int32) + 1, NEVER))[died]
    if late.any():
        yield f"registrations: {int(late.sum())} people stay registered after their death"


def _registrations(records: HospitalRecords) -> Iterator[str]:
    people = records.registrations
    yield from _fault(people["to_week"] < people["from_week"], "registrations", "that end before they begin")
    yield from _fault(people["sex"] > 1, "registrations", "with sex neither 0 nor 1")
    yield from _fault((people["imd"] < 1) | (people["imd"] > 5), "registrations", "with imd outside 1 to 5")


def _codes(records: HospitalRecords) -> Iterator[str]:
    spells = records.spells
    for column, codes in (("method", Method), ("patient_class", PatientClass), ("diagnosis", Diagnosis)):
        yield from _fault(spells[column] >= len(codes), "spells", f"with an unknown {column}")
    yield from _fault(spells["conditions"] >> len(CONDITIONS) > 0, "spells", "with an unknown condition")
    yield from _fault(~(spells["casemix"] >= 0), "spells", "with a casemix that is negative or not a number")
    day_case = spells["patient_class"] == PatientClass.DAY_CASE
    yield from _fault(day_case & (spells["nights"] > 0), "spells", "that are day cases with nights in hospital")


def _enrolments(records: HospitalRecords) -> Iterator[str]:
    enrolled = records.enrolments
    _, times = np.unique(enrolled["person"], return_counts=True)
    if (times > 1).any():
        yield f"enrolments: {int((times > 1).sum())} people are enrolled more than once"
    yield from _fault(enrolled["discharged"] < enrolled["week"], "enrolments", "discharged before enrolment")
    site = records.practices["site"][records.registrations["practice"][enrolled["person"]]]
    yield from _fault(site != enrolled["site"], "enrolments", "at a site other than the practice's")
    yield from _while_away(records, "enrolments")


def _allocations(records: HospitalRecords) -> Iterator[str]:
    allocated = records.allocations
    _, times = np.unique(allocated["person"], return_counts=True)
    if (times > 1).any():
        yield f"allocations: {int((times > 1).sum())} people are allocated more than once"
    yield from _fault(allocated["arm"] >= len(TrialArm), "allocations", "with an unknown arm")
    site = records.practices["site"][records.registrations["practice"][allocated["person"]]]
    yield from _fault(site != allocated["site"], "allocations", "at a site other than the practice's")
    yield from _while_away(records, "allocations")


def _while_away(records: HospitalRecords, table: str) -> Iterator[str]:
    """Find rows of people who are yet to join their practice or have left it; who dies in that week has not."""
    rows = getattr(records, table)
    person, week = rows["person"], rows["week"]
    people, death = records.registrations[person], records.death_weeks()[person]
    joins, leaves = people["from_week"], people["to_week"]
    yield from _fault(week < joins, table, "before the person joins the practice, registrations.from_week")
    left = (week >= leaves) & ~((leaves >= death) & (week == death))
    yield from _fault(left, table, "when the person has left the practice, registrations.to_week")

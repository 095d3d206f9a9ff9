"""What hospital records show about a person before an index week, over the windows evaluators use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.costs import CareClass, Prices, care_class, to_grain
from icpsim.evaluation.windows import row_map
from icpsim.records.schema import CONDITIONS, Diagnosis, HospitalRecords

LOOK_BACK = 104
"""Weeks before the index week over which diagnoses are read; longest of the windows."""

NAMES = (
    "age", "female", "imd_2", "imd_3", "imd_4", "imd_5",
    "emergency_1_4", "emergency_5_12", "emergency_13_26", "emergency_27_52", "emergency_53_104",
    "acs_emergency_52", "elective_ordinary_26", "elective_ordinary_52", "day_case_26", "day_case_52",
    "chemotherapy_12", "chemotherapy_52", "repeat_day_care_12", "repeat_day_care_52",
    "outpatient_4", "outpatient_26", "outpatient_52", "outpatient_follow_up_26", "outpatient_missed_52",
    "ae_12", "ae_52", "emergency_nights_52", "hospital_cost_52",
    *CONDITIONS, "condition_count",
)  # fmt: skip
"""Columns of :func:`features`. Numbers are weeks before the index week: ``emergency_5_12`` counts weeks 5 to
12, ``outpatient_26`` weeks 1 to 26."""

_COLUMN = {name: k for k, name in enumerate(NAMES)}
_EMERGENCY_1_4 = _COLUMN["emergency_1_4"]
_ACS = _COLUMN["acs_emergency_52"]
_ORDINARY_26 = _COLUMN["elective_ordinary_26"]
_DAY_CASE_26 = _COLUMN["day_case_26"]
_CHEMOTHERAPY_12 = _COLUMN["chemotherapy_12"]
_REPEAT_12 = _COLUMN["repeat_day_care_12"]
_OUTPATIENT_4 = _COLUMN["outpatient_4"]
_FOLLOW_UP = _COLUMN["outpatient_follow_up_26"]
_MISSED = _COLUMN["outpatient_missed_52"]
_AE_12 = _COLUMN["ae_12"]
_NIGHTS = _COLUMN["emergency_nights_52"]
_COST = _COLUMN["hospital_cost_52"]
_CONDITION = _COLUMN[CONDITIONS[0]]
_N_CONDITIONS = len(CONDITIONS)
_CONDITION_COUNT = _COLUMN["condition_count"]
_CLASS_EMERGENCY = int(CareClass.EMERGENCY)
_CLASS_ORDINARY = int(CareClass.ELECTIVE_ORDINARY)
_CLASS_DAY_CASE = int(CareClass.DAY_CASE)
_CLASS_CHEMOTHERAPY = int(CareClass.CHEMOTHERAPY)
_DIAGNOSIS_ACS = int(Diagnosis.AMBULATORY_CARE_SENSITIVE)


@dataclass(frozen=True, slots=True)
class Features:
    """Named columns about n people; ``values`` is float32[n, len(names)]."""

    names: tuple[str, ...]
    values: NDArray[np.float32]

    def column(self, name: str) -> NDArray[np.float32]:
        """Return one column; float32[n]. Raises ``ValueError`` for a name that is not there."""
        values: NDArray[np.float32] = self.values[:, self.names.index(name)]
        return values

    def emergencies(self, weeks: int) -> NDArray[np.float32]:
        """Return emergency admissions in the last 4, 12, 26, 52 or 104 weeks; float32[n]."""
        last = {4: 1, 12: 2, 26: 3, 52: 4, 104: 5}[weeks]
        start = self.names.index("emergency_1_4")
        total: NDArray[np.float32] = self.values[:, start : start + last].sum(axis=1)
        return total

    def with_columns(self, names: Sequence[str], values: ArrayLike) -> Features:
        """Return these features with further columns, such as GP contacts, appended; values [n, len(names)]."""
        return Features((*self.names, *names), np.hstack([self.values, np.asarray(values, np.float32)]))


def is_count(name: str) -> bool:
    """Tell whether a column is a count or an amount, which the models take on the log1p scale."""
    flag = name in ("age", "female", *CONDITIONS) or name.startswith(("imd_", "registered_", "has_"))
    return not flag


@njit(cache=True, inline="always")
def add_spell(spell, lag, price, row, x, cost, coded):  # type: ignore[no-untyped-def]
    """Add a spell ``lag`` weeks before the index week to a row of features, cost and coded conditions."""
    if lag >= 1 and lag <= LOOK_BACK:
        coded[row] |= spell.conditions
        kind = care_class(spell.method, spell.patient_class, spell.diagnosis)
        if kind == _CLASS_EMERGENCY:
            x[row, _EMERGENCY_1_4 + (lag > 4) + (lag > 12) + (lag > 26) + (lag > 52)] += 1
        if lag <= 52:
            cost[row] += to_grain(price[kind] * np.float64(spell.casemix))
            if kind == _CLASS_EMERGENCY:
                x[row, _ACS] += spell.diagnosis == _DIAGNOSIS_ACS
                x[row, _NIGHTS] += spell.nights
            elif kind <= _CLASS_DAY_CASE:
                first = _ORDINARY_26 if kind == _CLASS_ORDINARY else _DAY_CASE_26
                x[row, first] += lag <= 26
                x[row, first + 1] += 1
            else:
                first = _CHEMOTHERAPY_12 if kind == _CLASS_CHEMOTHERAPY else _REPEAT_12
                x[row, first] += lag <= 12
                x[row, first + 1] += 1


@njit(cache=True, inline="always")
def visit_counts(visit, lag):  # type: ignore[no-untyped-def]
    """Return what an appointment ``lag`` weeks (1 to 52) back adds to missed, 4, 26, 52 weeks and follow-ups."""
    attended = np.int64(visit.attended != 0)
    in_26 = attended & np.int64(lag <= 26)
    return 1 - attended, attended & np.int64(lag <= 4), in_26, attended, in_26 & np.int64(visit.first == 0)


@njit(cache=True, inline="always")
def add_attendance(lag, row, x):  # type: ignore[no-untyped-def]
    """Add an A&E attendance ``lag`` weeks before the index week to a row of features."""
    if lag >= 1 and lag <= 52:
        x[row, _AE_12] += lag <= 12
        x[row, _AE_12 + 1] += 1


@njit(cache=True, inline="always")
def add_person(who, index_week, row, x, cost, coded):  # type: ignore[no-untyped-def]
    """Put age, sex, deprivation, cost and coded conditions into a row of features."""
    x[row, _COST] = cost[row]
    x[row, 0] = (np.float64(index_week) - np.float64(who.birth_week)) / WEEKS_PER_YEAR
    x[row, 1] = who.sex
    if who.imd >= 2:
        x[row, who.imd] = 1
    count = 0
    for k in range(_N_CONDITIONS):
        has = (np.int64(coded[row]) >> k) & 1
        x[row, _CONDITION + k] = has
        count += has
    x[row, _CONDITION_COUNT] = count


@njit(cache=True)
def _read_spells(spells, row_of_person, index_week, price, x, cost, coded):  # type: ignore[no-untyped-def]
    for i in range(spells.size):
        spell = spells[i]
        row = row_of_person[spell.person]
        if row >= 0:
            add_spell(spell, np.int64(index_week[row]) - np.int64(spell.admitted), price, row, x, cost, coded)


@njit(cache=True)
def _read_outpatient(visits, row_of_person, index_week, price, x, cost):  # type: ignore[no-untyped-def]
    for i in range(visits.size):
        visit = visits[i]
        row = row_of_person[visit.person]
        if row < 0:
            continue
        lag = np.int64(index_week[row]) - np.int64(visit.week)
        if lag >= 1 and lag <= 52:
            missed, in_4, in_26, in_52, follow_up = visit_counts(visit, lag)
            x[row, _MISSED] += missed
            x[row, _OUTPATIENT_4] += in_4
            x[row, _OUTPATIENT_4 + 1] += in_26
            x[row, _OUTPATIENT_4 + 2] += in_52
            x[row, _FOLLOW_UP] += follow_up
            if in_52:
                cost[row] += price[0] if visit.first else price[1]


@njit(cache=True)
def _read_ae(attendances, row_of_person, index_week, x):  # type: ignore[no-untyped-def]
    for i in range(attendances.size):
        row = row_of_person[attendances[i].person]
        if row >= 0:
            add_attendance(np.int64(index_week[row]) - np.int64(attendances[i].week), row, x)


@njit(cache=True)
def _read_people(people, persons, index_week, x, cost, coded):  # type: ignore[no-untyped-def]
    for row in range(persons.size):
        add_person(people[persons[row]], index_week[row], row, x, cost, coded)


def features(
    records: HospitalRecords,
    persons: NDArray[np.integer],
    index_week: ArrayLike,
    prices: Prices,
    room: NDArray[np.float32] | None = None,
) -> Features:
    """Describe each person from records strictly before the index week; values float32[len(persons), 40].

    ``persons`` are distinct row numbers of ``records.registrations`` and ``index_week`` one week or one a
    person. Cost is inpatient and outpatient only. ``room`` float32[len(persons), 40] is used for the values when
    given: for callers who ask often and keep nothing. Raises ``ValueError`` if a person is listed twice.
    """
    n = len(persons)
    index = np.ascontiguousarray(np.broadcast_to(np.asarray(index_week, np.int16), n))
    rows = row_map(persons, records.registrations.size)
    x = np.empty((n, len(NAMES)), np.float32) if room is None else room
    x[:] = 0
    cost, coded = np.zeros(n), np.zeros(n, np.uint16)
    _read_spells(records.spells, rows, index, prices.of_spells(), x, cost, coded)
    _read_outpatient(records.outpatient, rows, index, prices.of_visits(), x, cost)
    _read_ae(records.ae, rows, index, x)
    _read_people(records.registrations, np.asarray(persons, np.int64), index, x, cost, coded)
    return Features(NAMES, x)

"""What an area's people did in the counted year, added up by practice; one row a practice, one column a quantity.

Compiled loops over the journal's rows, so that no record outlives its area.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.compiled import rule
from icpsim.evaluation.costs import Prices, outpatient_costs, spell_costs
from icpsim.model.region import Region
from icpsim.records.schema import Diagnosis, Method, PatientClass

PRACTICE_TALLY = np.dtype(
    [
        ("people_at_start", np.int64),
        ("births", np.int64),
        ("deaths", np.int64),
        ("people_at_end", np.int64),
        ("people_65_over", np.int64),
        ("person_weeks", np.int64),
        ("emergency_admissions", np.int64),
        ("emergency_admissions_65_over", np.int64),
        ("sensitive_admissions", np.int64),
        ("elective_admissions", np.int64),
        ("day_cases", np.int64),
        ("chemotherapy", np.int64),
        ("bed_days", np.int64),
        ("outpatient_attendances", np.int64),
        ("outpatient_first", np.int64),
        ("outpatient_not_attended", np.int64),
        ("ae_attendances", np.int64),
        ("ae_admitted", np.int64),
        ("consultations", np.int64),
        ("emergency_cost", np.float64),
        ("sensitive_cost", np.float64),
        ("elective_cost", np.float64),
        ("outpatient_cost", np.float64),
    ]
)
"""``people_65_over`` is as of the middle week; ``person_weeks`` are weeks alive; ``sensitive`` ambulatory-care-
sensitive emergencies; ``elective_admissions`` include day cases and these chemotherapy and repeat day care;
``bed_days`` nights spent in the counted weeks whenever admitted; costs in pounds, without A&E."""

_EMERGENCY, _DAY_CASE = int(Method.EMERGENCY), int(PatientClass.DAY_CASE)
_SENSITIVE, _CHEMOTHERAPY = int(Diagnosis.AMBULATORY_CARE_SENSITIVE), int(Diagnosis.CHEMOTHERAPY)


class Tallies(Protocol):
    """The tally's columns as compiled rules see one row."""

    people_at_start: int
    births: int
    deaths: int
    people_at_end: int
    people_65_over: int
    person_weeks: int
    emergency_admissions: int
    emergency_admissions_65_over: int
    sensitive_admissions: int
    elective_admissions: int
    day_cases: int
    chemotherapy: int
    bed_days: int
    outpatient_attendances: int
    outpatient_first: int
    outpatient_not_attended: int
    ae_attendances: int
    ae_admitted: int
    emergency_cost: float
    sensitive_cost: float
    elective_cost: float
    outpatient_cost: float


def tally(region: Region, window: tuple[int, int], prices: Prices) -> NDArray[np.void]:
    """Return what each practice's people did in the weeks ``window`` (from, up to); PRACTICE_TALLY[practices]."""
    out = np.zeros(len(region.practices), PRACTICE_TALLY)
    records, people = region.open_records(), region.people
    count_people(people, window, out)
    count_spells(records.spells, spell_costs(records.spells, prices), people, window, out)
    count_appointments(records.outpatient, outpatient_costs(records.outpatient, prices), people, window, out)
    count_attendances(records.ae, people, window, out)
    out["consultations"] = region.practice_weeks["given"][:, window[0] : window[1]].sum(axis=1)
    return out


@rule
def aged_65(birth_week: int, week: int) -> bool:
    """Whether somebody born in this week is 65 or over."""
    return (week - birth_week) / WEEKS_PER_YEAR >= 65.0


@rule
def count_people(people: NDArray[np.void], window: tuple[int, int], out: NDArray[Any]) -> None:
    """Count who lives, is born and dies; a person lives from ``birth_week`` up to ``death_week``."""
    start, end = window
    middle = (start + end) // 2
    for person in people:
        t: Tallies = out[person.practice]
        born, died = int(person.birth_week), int(person.death_week)
        if died <= born:
            continue
        t.people_at_start += born < start <= died
        t.births += start <= born < end
        t.deaths += start <= died < end
        t.people_at_end += born < end <= died
        t.people_65_over += born <= middle < died and aged_65(born, middle)
        t.person_weeks += max(0, min(died, end) - max(born, start))


@rule
def count_spells(
    spells: NDArray[np.void],
    costs: NDArray[np.float64],
    people: NDArray[np.void],
    window: tuple[int, int],
    out: NDArray[Any],
) -> None:
    """Count admissions and their costs in the week of admission, and nights in the weeks they are spent in."""
    start, end = window
    for i in range(len(spells)):
        spell = spells[i]
        person = people[spell.person]
        t: Tallies = out[person.practice]
        first_night = int(spell.admitted) * 7
        t.bed_days += max(0, min(first_night + int(spell.nights), end * 7) - max(first_night, start * 7))
        if not start <= spell.admitted < end:
            continue
        if spell.method == _EMERGENCY:
            t.emergency_admissions += 1
            t.emergency_admissions_65_over += aged_65(person.birth_week, spell.admitted)
            t.emergency_cost += costs[i]
            if spell.diagnosis == _SENSITIVE:
                t.sensitive_admissions += 1
                t.sensitive_cost += costs[i]
        else:
            t.elective_admissions += 1
            t.day_cases += spell.patient_class == _DAY_CASE
            t.chemotherapy += spell.diagnosis == _CHEMOTHERAPY
            t.elective_cost += costs[i]


@rule
def count_appointments(
    appointments: NDArray[np.void],
    costs: NDArray[np.float64],
    people: NDArray[np.void],
    window: tuple[int, int],
    out: NDArray[Any],
) -> None:
    """Count outpatient appointments, attended and not, and what they cost."""
    start, end = window
    for i in range(len(appointments)):
        row = appointments[i]
        if start <= row.week < end:
            t: Tallies = out[people[row.person].practice]
            t.outpatient_attendances += row.attended
            t.outpatient_first += row.attended * row.first
            t.outpatient_not_attended += 1 - row.attended
            t.outpatient_cost += costs[i]


@rule
def count_attendances(
    attendances: NDArray[np.void], people: NDArray[np.void], window: tuple[int, int], out: NDArray[Any]
) -> None:
    """Count A&E attendances and those that ended in admission."""
    start, end = window
    for row in attendances:
        if start <= row.week < end:
            t: Tallies = out[people[row.person].practice]
            t.ae_attendances += 1
            t.ae_admitted += row.admitted

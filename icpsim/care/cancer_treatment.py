"""Cancer treatment: a course of about six months of day-case chemotherapy and outpatient visits, then stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw
from icpsim.care.effects import session_is_given, visit_stays_in_hospital
from icpsim.care.providers import hospital_week, practice_of
from icpsim.care.services import FOLLOW_UPS
from icpsim.care.weekly_rates import by_age
from icpsim.data.tables import AgeCurve
from icpsim.records.journal import write_appointment, write_spell
from icpsim.records.schema import NEVER, Diagnosis, Method, PatientClass

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

COURSE_BEGINS = REGISTRY.decision("cancer treatment begins this year")
COURSE_WEEK = REGISTRY.decision("week in which cancer treatment begins")
EARLY_DEATH = REGISTRY.decision("death soon after cancer treatment")
EARLY_DEATH_WEEK = REGISTRY.decision("weeks from treatment to death")
CHEMOTHERAPY = REGISTRY.decision("course of treatment includes chemotherapy")
SESSION = REGISTRY.decision("chemotherapy session")
SESSION_GIVEN = REGISTRY.decision("session is given after planning")
CLINIC = REGISTRY.decision("cancer clinic visit")
CLINIC_STAYS = REGISTRY.decision("cancer clinic visit stays in hospital")

_NEVER = int(NEVER)
_CANCER_BIT = 6
_ELECTIVE, _DAY_CASE = int(Method.ELECTIVE), int(PatientClass.DAY_CASE)
_CHEMOTHERAPY = int(Diagnosis.CHEMOTHERAPY)


class CancerParameters(NamedTuple):
    """Table cancer.csv."""

    incidence: AgeCurve
    relapse_rate: float
    course_weeks: float
    chemotherapy_share: float
    session_weekly: float
    clinic_weekly: float
    early_death_share: float


@rule
def course_risk(p: np.void, age: float, c: CancerParameters) -> float:
    """Return the chance that a course begins in the coming year, for somebody who is in none."""
    risk = by_age(c.incidence, age)
    if (p.conditions >> _CANCER_BIT) & 1:
        risk += c.relapse_rate
    return risk


@rule
def begin_course(p: np.void, birthday: int, age: float, keyed_week: int, c: CancerParameters) -> None:
    """On a birthday, decide whether and when a course of treatment begins in the coming year."""
    if p.cancer_until > birthday and p.cancer_from < _NEVER:
        return
    if draw(p.key, COURSE_BEGINS, keyed_week) >= course_risk(p, age, c):
        return
    begins = birthday + int(draw(p.key, COURSE_WEEK, keyed_week) * 52.0)
    p.cancer_from = begins
    p.cancer_until = begins + int(c.course_weeks)
    if draw(p.key, EARLY_DEATH, keyed_week) < c.early_death_share:
        dies = begins + 20 + int(draw(p.key, EARLY_DEATH_WEEK, keyed_week) * 52.0)
        p.death_week = min(int(p.death_week), max(dies, int(p.hospital_until) + 1))


@rule
def diagnose(p: np.void, week: int) -> bool:
    """Put cancer among the person's conditions, and on the GP register, once treatment begins; tell whether now.

    Nobody knows of it sooner: a register that did would show risk tools the future.
    """
    if p.cancer_from > week or (p.registered_conditions >> _CANCER_BIT) & 1:
        return False
    p.conditions |= 1 << _CANCER_BIT
    p.registered_conditions |= 1 << _CANCER_BIT
    return True


@rule
def gets_chemotherapy(p: np.void, c: CancerParameters) -> bool:
    """Tell whether this person's course includes chemotherapy; the same answer all through the course."""
    return bool(draw(p.key, CHEMOTHERAPY, np.int64(p.cancer_from)) < c.chemotherapy_share)


@rule
def have_treatment(p: np.void, person: int, week: int, w: World) -> None:
    """Have this week's chemotherapy session and clinic visit while a course runs."""
    hospital = practice_of(p, w).hospital
    planned = gets_chemotherapy(p, w.cancer) and draw(p.key, SESSION, week) < w.cancer.session_weekly
    if planned and session_is_given(p, SESSION_GIVEN, week, w):
        write_spell(w, person, week, 0, hospital, 1 << _CANCER_BIT, _ELECTIVE, _DAY_CASE, _CHEMOTHERAPY, 1.0)
        hospital_week(w, hospital, week).elective += 1
    if draw(p.key, CLINIC, week) < w.cancer.clinic_weekly and visit_stays_in_hospital(
        p, CLINIC_STAYS, FOLLOW_UPS, week, w
    ):
        write_appointment(w, person, week, 0, 1)
        hospital_week(w, hospital, week).outpatient += 1

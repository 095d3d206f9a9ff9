"""Repeat day care: the second class of heavy planned-care users (transfusion, infusion, dialysis-like).

Without it the elective baseline of the case-management cohort cannot be reached
(docs/natural-history.md#elective-use-before-enrolment-is-too-low).
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw, geometric_weeks
from icpsim.care.hospital_stay import skewed
from icpsim.care.providers import hospital_week, practice_of
from icpsim.care.weekly_rates import by_age, for_conditions
from icpsim.data.tables import AgeCurve
from icpsim.records.journal import write_spell
from icpsim.records.schema import NEVER, Diagnosis, Method, PatientClass

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

REPEAT_BEGINS = REGISTRY.decision("repeat day care begins this year")
REPEAT_WEEK = REGISTRY.decision("week in which repeat day care begins")
REPEAT_LENGTH = REGISTRY.decision("weeks that repeat day care lasts")
REPEAT_VISIT = REGISTRY.decision("repeat day-care visit")
REPEAT_CASEMIX = REGISTRY.decision("casemix of repeat day care")

_NEVER = int(NEVER)
_ELECTIVE, _DAY_CASE = int(Method.ELECTIVE), int(PatientClass.DAY_CASE)
_REPEAT = int(Diagnosis.REPEAT_DAY_CARE)


class RepeatDayCareParameters(NamedTuple):
    """Table repeat_day_care.csv."""

    incidence: AgeCurve
    frailty_power: float
    condition_ratio: float
    course_weeks: float
    visit_weekly: float
    casemix_sd_log: float


@rule
def yearly_incidence(p: np.void, age: float, c: RepeatDayCareParameters) -> float:
    """Return the chance that repeat day care begins in the year from this age."""
    rate = by_age(c.incidence, age) * exp(c.frailty_power * p.log_frailty)
    return min(rate * for_conditions(c.condition_ratio, p.conditions), 0.5)


@rule
def begin_repeat(p: np.void, birthday: int, age: float, keyed_week: int, c: RepeatDayCareParameters) -> None:
    """On a birthday, decide whether and when repeat day care begins in the coming year."""
    if p.repeat_from < _NEVER and p.repeat_until > birthday:
        return
    if draw(p.key, REPEAT_BEGINS, keyed_week) < yearly_incidence(p, age, c):
        p.repeat_from = birthday + int(draw(p.key, REPEAT_WEEK, keyed_week) * 52.0)
        length = geometric_weeks(draw(p.key, REPEAT_LENGTH, keyed_week), c.course_weeks)
        p.repeat_until = min(p.repeat_from + length, _NEVER - 1)


@rule
def have_repeat_care(p: np.void, person: int, week: int, w: World) -> None:
    """Have this week's day-care visit while the course runs."""
    if draw(p.key, REPEAT_VISIT, week) < w.repeat_day_care.visit_weekly:
        hospital = practice_of(p, w).hospital
        casemix = skewed(draw(p.key, REPEAT_CASEMIX, week), w.repeat_day_care.casemix_sd_log)
        write_spell(
            w,
            person,
            week,
            0,
            hospital,
            p.registered_conditions,
            _ELECTIVE,
            _DAY_CASE,
            _REPEAT,
            casemix,
        )
        hospital_week(w, hospital, week).elective += 1

"""Outpatient care: first attendances by referral, a course of follow-ups, and appointments not attended."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw, geometric_weeks
from icpsim.care.effects import visit_stays_in_hospital
from icpsim.care.providers import hospital_week, practice_of, practice_week, programme_state
from icpsim.care.services import FIRST_VISITS, FOLLOW_UPS
from icpsim.care.weekly_rates import by_band, for_conditions, for_sex, happens
from icpsim.data.tables import AgeCurve
from icpsim.records.journal import write_appointment, write_contact

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

REFERRED = REGISTRY.decision("first outpatient appointment")
GP_REFERRAL = REGISTRY.decision("referral is by the GP")
REFERRAL_MADE = REGISTRY.decision("GP can make the referral this week")
ATTENDED_FIRST = REGISTRY.decision("first appointment is attended")
FIRST_STAYS = REGISTRY.decision("first appointment stays in hospital")
COURSE = REGISTRY.decision("follow-ups after a first attendance")
FOLLOWED_UP = REGISTRY.decision("follow-up appointment")
ATTENDED = REGISTRY.decision("follow-up is attended")
FOLLOW_UP_STAYS = REGISTRY.decision("follow-up stays in hospital")
REPLACED = REGISTRY.decision("hospital visit is replaced by a community contact")


class OutpatientParameters(NamedTuple):
    """Table outpatient.csv."""

    base_rate: AgeCurve
    men_ratio: AgeCurve
    women_ratio: AgeCurve
    frailty_power: float
    condition_ratio: float
    workup_ratio: float
    gp_referral_share: float
    follow_ups_per_first: float
    follow_up_weekly: float
    not_attended_share: float
    workup_weeks: float


@rule
def first_rate(p: np.void, age: float, o: OutpatientParameters) -> float:
    """Return first outpatient appointments a year outside a work-up."""
    rate = by_band(o.base_rate, age) * exp(o.frailty_power * p.log_frailty)
    rate *= for_sex(p.sex, o.men_ratio, o.women_ratio, age)
    return rate * for_conditions(o.condition_ratio, p.conditions) * p.outpatient_propensity


@rule
def be_referred(p: np.void, r: np.void, person: int, week: int, w: World) -> None:
    """Go to a first appointment, in a week that the screen lets through, when the referral can be made."""
    if not happens(draw(p.key, REFERRED, week), r.first_outpatient, r.first_outpatient_screen):
        return
    access = practice_of(p, w).access
    if access < 1.0 and draw(p.key, GP_REFERRAL, week) < w.outpatient.gp_referral_share:
        if draw(p.key, REFERRAL_MADE, week) >= access:
            return
    first_visit(p, r, person, week, w)


@rule
def be_followed_up(p: np.void, person: int, week: int, w: World) -> None:
    """Go to a follow-up that is due, in a week that the screen lets through."""
    if not happens(draw(p.key, FOLLOWED_UP, week), w.outpatient.follow_up_weekly, w.follow_up_screen):
        return
    p.follow_ups -= 1
    if visit_stays_in_hospital(p, FOLLOW_UP_STAYS, FOLLOW_UPS, week, w):
        attended = draw(p.key, ATTENDED, week) >= w.outpatient.not_attended_share
        write_appointment(w, person, week, 0, 1 if attended else 0)
        hospital_week(w, practice_of(p, w).hospital, week).outpatient += 1
    else:
        meet_in_community(p, person, week, w)


@rule
def meet_in_community(p: np.void, person: int, week: int, w: World) -> None:
    """Replace an enrolled patient's hospital visit by a contact with the GP practice or team."""
    if p.enrolled <= week and practice_of(p, w).read_by_programme:
        contacts = programme_state(w, p.programme).contacts_per_substitution
        whole = int(contacts)
        more = draw(p.key, REPLACED, week) < contacts - whole
        for _ in range(whole + more):
            write_contact(w, person, week)


@rule
def follow_ups_brought(p: np.void, week: int, o: OutpatientParameters) -> int:
    """Return how many follow-ups a first visit attended this week brings."""
    return geometric_weeks(draw(p.key, COURSE, week), o.follow_ups_per_first + 1.0) - 1


@rule
def first_visit(p: np.void, r: np.void, person: int, week: int, w: World) -> None:
    """Hold a first appointment: begins a work-up and a course of follow-ups when attended.

    One first visit a week covers whatever else would have led to one.
    """
    if r.visited_week == week:
        return
    r.visited_week = week
    if not visit_stays_in_hospital(p, FIRST_STAYS, FIRST_VISITS, week, w):
        meet_in_community(p, person, week, w)
        return
    o = w.outpatient
    attended = draw(p.key, ATTENDED_FIRST, week) >= o.not_attended_share
    write_appointment(w, person, week, 1, 1 if attended else 0)
    hospital_week(w, practice_of(p, w).hospital, week).outpatient += 1
    practice_week(w, p.practice, week).referred += 1
    if attended:
        p.workup_until = max(int(p.workup_until), week + int(o.workup_weeks))
        p.follow_ups = min(p.follow_ups + follow_ups_brought(p, week, o), 250)
        r.next_change = week + 1

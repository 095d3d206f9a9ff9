"""A&E attendances and emergency admissions: how one happens, in one scalar rule (``seek_emergency_care``).

An admission is a weekly chance set by age, deprivation, conditions, frailty and phase; part of it is
ambulatory-care-sensitive and may be avoided by a programme; two thirds come through A&E.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw
from icpsim.care.effects import continuity_loss, emergencies_removed, happens_in_spite, sensitive_avoided
from icpsim.care.health import after_discharge
from icpsim.care.hospital_stay import (
    casemix_of_length,
    coded_conditions,
    emergency_stay,
    hold_bed,
    nights_alive,
    shortened,
    skewed,
)
from icpsim.care.providers import hospital_state, hospital_week, practice_of
from icpsim.care.replacement_care import be_seen_instead
from icpsim.care.services import (
    AE_ATTENDANCES,
    FLARES,
    OTHER_EMERGENCIES,
    SENSITIVE_EMERGENCIES,
    in_its_place,
)
from icpsim.care.weekly_rates import (
    by_age,
    by_band,
    count_conditions,
    for_conditions,
    for_deprivation,
    for_sex,
    happens,
)
from icpsim.data.tables import AgeCurve
from icpsim.records.journal import write_attendance, write_spell
from icpsim.records.schema import Diagnosis, Method, PatientClass

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

ADMITTED = REGISTRY.decision("emergency admission")
SENSITIVE = REGISTRY.decision("emergency is ambulatory-care-sensitive")
AVOIDED = REGISTRY.decision("sensitive emergency is avoided")
OTHER_AVOIDED = REGISTRY.decision("other emergency is avoided")
CONTINUITY_LOST = REGISTRY.decision("sensitive emergency for want of continuity")
THROUGH_AE = REGISTRY.decision("emergency admission through A&E")
ATTENDS = REGISTRY.decision("A&E attendance without admission")
ATTENDANCE_AVOIDED = REGISTRY.decision("A&E attendance is avoided")
FLARE_PREVENTED = REGISTRY.decision("flare after discharge is prevented")
NO_NIGHT = REGISTRY.decision("emergency stay without a night")
SENT_HOME = REGISTRY.decision("short emergency is sent home under pressure")
CASEMIX = REGISTRY.decision("casemix of an emergency spell")
FRAILTY_STEP = REGISTRY.decision("frailty steps up after an emergency")
FOLLOW_UP = REGISTRY.decision("outpatient course after an emergency")

LAST_YEAR, LAST_HALF_YEAR, LAST_QUARTER = 1, 2, 3
GOES_AHEAD = -1
"""Nothing takes an emergency's place: it was not avoided."""

_EMERGENCY, _ORDINARY = int(Method.EMERGENCY), int(PatientClass.ORDINARY)
_OTHER, _SENSITIVE = int(Diagnosis.OTHER), int(Diagnosis.AMBULATORY_CARE_SENSITIVE)


class EmergencyParameters(NamedTuple):
    """Table emergency.csv."""

    base_rate: AgeCurve
    men_ratio: AgeCurve
    women_ratio: AgeCurve
    ae_base_rate: AgeCurve
    condition_ratio_under_65: float
    condition_ratio_65_over: float
    deprivation_ratio: AgeCurve
    ae_deprivation_ratio: float
    care_home_ratio: float
    flare_ratio: float
    ae_flare_ratio: float
    ae_frailty_power: float
    last_year_ratio: float
    last_half_year_ratio: float
    last_quarter_ratio: float
    cancer_treatment_ratio: float
    sensitive_share_base: float
    sensitive_share_per_condition: float
    sensitive_share_max: float
    continuity_reference: float
    continuity_ratio: float
    through_ae_share: float
    no_night_share: float
    mean_nights: AgeCurve
    nights_sd_log: float
    delayed_share: float
    delayed_nights: float
    casemix_sd_log: float
    casemix_nights_power: float
    casemix_age: AgeCurve
    coding_share: float
    follow_up_share: float
    workup_weeks: float


@rule
def admission_rate(p: np.void, age: float, e: EmergencyParameters) -> float:
    """Return emergency admissions a year while stable."""
    young = age < 65.0
    ratio = e.condition_ratio_under_65 if young else e.condition_ratio_65_over
    rate = by_band(e.base_rate, age) * exp(p.log_frailty) * for_conditions(ratio, p.conditions)
    rate *= for_sex(p.sex, e.men_ratio, e.women_ratio, age)
    rate *= for_deprivation(by_age(e.deprivation_ratio, age), p.imd)
    return rate * e.care_home_ratio if p.care_home else rate


@rule
def attendance_rate(p: np.void, age: float, e: EmergencyParameters) -> float:
    """Return A&E attendances a year that do not end in admission, while stable."""
    rate = by_band(e.ae_base_rate, age) * exp(e.ae_frailty_power * p.log_frailty)
    return rate * for_deprivation(e.ae_deprivation_ratio, p.imd)


@rule
def sensitive_share(p: np.void, e: EmergencyParameters) -> float:
    """Return the share of this person's emergencies that is ambulatory-care-sensitive.

    Continuity with a usual professional lowers it (Barker et al. 2017, BMJ 356:j84).
    """
    share = e.sensitive_share_base + e.sensitive_share_per_condition * count_conditions(p.conditions)
    share *= e.continuity_ratio ** ((p.continuity / 100.0 - e.continuity_reference) / 0.2)
    return min(share, e.sensitive_share_max)


@rule
def stage_of_dying(p: np.void, week: int) -> int:
    """Return LAST_QUARTER, LAST_HALF_YEAR or LAST_YEAR of life, or 0 before them."""
    left = p.death_week - week
    if left <= 12:
        return LAST_QUARTER
    if left <= 26:
        return LAST_HALF_YEAR
    return LAST_YEAR if left <= 52 else 0


@rule
def phase_ratio(p: np.void, week: int, e: EmergencyParameters) -> float:
    """Return the factor on emergency admission of the person's phase this week."""
    ratio = e.flare_ratio if p.flare_until > week else 1.0
    stage = stage_of_dying(p, week)
    if stage == LAST_QUARTER:
        ratio *= e.last_quarter_ratio
    elif stage == LAST_HALF_YEAR:
        ratio *= e.last_half_year_ratio
    elif stage == LAST_YEAR:
        ratio *= e.last_year_ratio
    if p.cancer_from <= week < p.cancer_until:
        ratio *= e.cancer_treatment_ratio
    return ratio


@rule
def attend_ae(p: np.void, r: np.void, person: int, week: int, w: World) -> None:
    """Attend A&E without being admitted, in a week that the screen lets through."""
    attends = happens(draw(p.key, ATTENDS, week), r.ae, r.ae_screen)
    if attends and happens_in_spite(p, ATTENDANCE_AVOIDED, AE_ATTENDANCES, week, w):
        write_attendance(w, person, week, 0)
        hospital_week(w, practice_of(p, w).hospital, week).ae += 1


@rule
def seek_emergency_care(p: np.void, r: np.void, person: int, week: int, w: World) -> None:
    """Be admitted as an emergency, in a week that the screen lets through, unless a programme avoids it.

    Something else may then take its place.
    """
    if not happens(draw(p.key, ADMITTED, week), r.emergency, r.emergency_screen):
        return
    rate = kind_of_emergency(p, week, w)
    place = instead_of_emergency(p, rate, week, w)
    if place == GOES_AHEAD:
        admit(p, r, person, week, _SENSITIVE if rate == SENSITIVE_EMERGENCIES else _OTHER, w)
    else:
        be_seen_instead(p, r, person, week, place, w)


@rule
def kind_of_emergency(p: np.void, week: int, w: World) -> int:
    """Return the named rate that this week's emergency counts under."""
    sensitive = draw(p.key, SENSITIVE, week) < sensitive_share(p, w.emergency)
    return SENSITIVE_EMERGENCIES if sensitive else OTHER_EMERGENCIES


@rule
def instead_of_emergency(p: np.void, rate: int, week: int, w: World) -> int:
    """Return GOES_AHEAD, or what takes the place of this week's emergency, which the programme avoids."""
    sensitive = rate == SENSITIVE_EMERGENCIES
    removed = emergencies_removed(p, rate, week, w)
    u = draw(p.key, AVOIDED if sensitive else OTHER_AVOIDED, week) if removed > 0.0 else 1.0
    if u >= removed:
        return GOES_AHEAD
    avoided = sensitive_avoided(p, week, w) if sensitive else 0.0
    return in_its_place(p, rate, avoided, u, week, w)


@rule
def lose_continuity(p: np.void, r: np.void, person: int, week: int, w: World) -> None:
    """Be admitted with a sensitive condition because a new team broke continuity with the usual one."""
    if draw(p.key, CONTINUITY_LOST, week) < continuity_chance(p, r, week, w):
        admit(p, r, person, week, _SENSITIVE, w)


@rule
def continuity_chance(p: np.void, r: np.void, week: int, w: World) -> float:
    """Return the chance of a sensitive emergency for want of continuity."""
    return r.emergency * sensitive_share(p, w.emergency) * continuity_loss(p, week, w)


@rule
def admit(p: np.void, r: np.void, person: int, week: int, diagnosis: int, w: World) -> None:
    """Admit as an emergency: A&E record, spell, bed nights, and what follows discharge.

    One stay a week covers whatever else would have led to one.
    """
    if r.admitted_week == week:
        return
    r.admitted_week = week
    e = w.emergency
    hospital = practice_of(p, w).hospital
    total = hospital_week(w, hospital, week)
    through_ae = draw(p.key, THROUGH_AE, week) < e.through_ae_share
    short = draw(p.key, NO_NIGHT, week) < e.no_night_share
    open_share = hospital_state(w, hospital).short_stay_admitted
    turned_away = short and open_share < 1.0 and draw(p.key, SENT_HOME, week) >= open_share
    if through_ae:
        write_attendance(w, person, week, 0 if turned_away else 1)
        total.ae += 1
    if turned_away:
        total.sent_home += 1
        return
    age = (week - p.birth_week) / WEEKS_PER_YEAR
    nights, delay = (0, 0) if short else emergency_stay(p, week, age, hospital_state(w, hospital).delay_factor, w)
    nights, delay = shortened(p, week, nights, delay, w)
    casemix = skewed(draw(p.key, CASEMIX, week), e.casemix_sd_log)
    casemix *= casemix_of_length(nights, age, w) * by_band(e.casemix_age, age)
    coded = coded_conditions(p, week, e.coding_share)
    nights = min(nights, nights_alive(p, week))
    delay = min(delay, nights_alive(p, week) - nights)
    write_spell(w, person, week, nights + delay, hospital, coded, _EMERGENCY, _ORDINARY, diagnosis, casemix)
    total.emergency += 1
    hold_bed(w, hospital, week, nights + delay, delay)
    follow_discharge(p, r, week, week + (nights + delay) // 7, age, w)


@rule
def follow_discharge(p: np.void, r: np.void, week: int, home: int, age: float, w: World) -> None:
    """Set what follows an emergency stay: weeks in hospital, flare risk, work-up, follow-up, frailty."""
    p.hospital_until = max(int(p.hospital_until), home)
    if happens_in_spite(p, FLARE_PREVENTED, FLARES, week, w):
        after_discharge(p, week, home, w.health)
    p.workup_until = max(int(p.workup_until), home + int(w.emergency.workup_weeks))
    if draw(p.key, FOLLOW_UP, week) < w.emergency.follow_up_share:
        p.follow_ups = min(p.follow_ups + 1, 250)
    if age >= 65.0 and draw(p.key, FRAILTY_STEP, week) < w.health.frailty_step_chance:
        p.log_frailty = min(p.log_frailty + log(w.health.frailty_step_ratio), 3.4)
        r.base_of_week = -10000
    r.next_change = week + 1

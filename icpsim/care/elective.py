"""Elective care: listing, waiting, admission or day case, cancelled when beds are short.

Who was cancelled for want of a bed stays on the list for a stay with a night.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw
from icpsim.care.effects import listing_goes_ahead
from icpsim.care.hospital_stay import coded_conditions, hold_bed, nights_alive, skewed
from icpsim.care.providers import hospital_state, hospital_week, practice_of
from icpsim.care.weekly_rates import by_band, for_conditions, for_sex, happens
from icpsim.data.tables import AgeCurve
from icpsim.records.journal import write_spell
from icpsim.records.schema import Diagnosis, Method, PatientClass

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

LISTED = REGISTRY.decision("listed for an elective admission")
DEFERRED = REGISTRY.decision("listing is deferred")
CALLED = REGISTRY.decision("called from the elective list")
CANCELLED = REGISTRY.decision("elective admission is cancelled for want of a bed")
DAY_CASE = REGISTRY.decision("elective admission is a day case")
CANCER_RELATED = REGISTRY.decision("elective admission is for cancer")
ELECTIVE_NIGHTS = REGISTRY.decision("nights of an elective stay")
ELECTIVE_CASEMIX = REGISTRY.decision("casemix of an elective spell")

_ELECTIVE = int(Method.ELECTIVE)
_ORDINARY, _DAY_CASE = int(PatientClass.ORDINARY), int(PatientClass.DAY_CASE)
_CANCELLED_ONCE = 2
_OTHER, _CANCER = int(Diagnosis.OTHER), int(Diagnosis.CANCER)


class ElectiveParameters(NamedTuple):
    """Table elective.csv."""

    base_rate: AgeCurve
    men_ratio: AgeCurve
    women_ratio: AgeCurve
    frailty_power: float
    condition_ratio: float
    workup_ratio: float
    wait_weeks: float
    day_case_share: float
    cancer_share: float
    mean_nights: float
    nights_sd_log: float
    casemix_sd_log: float


@rule
def listing_rate(p: np.void, age: float, e: ElectiveParameters) -> float:
    """Return listings a year outside a work-up."""
    rate = by_band(e.base_rate, age) * exp(e.frailty_power * p.log_frailty)
    rate *= for_sex(p.sex, e.men_ratio, e.women_ratio, age)
    return rate * for_conditions(e.condition_ratio, p.conditions) * p.elective_propensity


@rule
def join_list(p: np.void, r: np.void, week: int, w: World) -> None:
    """Join the elective list, in a week that the screen lets through, unless the listing is deferred."""
    listed = happens(draw(p.key, LISTED, week), r.listing, r.listing_screen)
    if listed and listing_goes_ahead(p, DEFERRED, week, w):
        p.waiting = 1
        hospital_week(w, practice_of(p, w).hospital, week).listed += 1


@rule
def call_chance(e: ElectiveParameters) -> float:
    """Return the chance a week of being called from the list."""
    return 1.0 / e.wait_weeks


@rule
def have_elective_care(p: np.void, person: int, week: int, w: World) -> None:
    """While on the list, in a week that the screen lets through: be called, and be admitted when a bed is free."""
    e = w.elective
    if not happens(draw(p.key, CALLED, week), call_chance(e), w.called_screen):
        return
    hospital = practice_of(p, w).hospital
    day_case = p.waiting != _CANCELLED_ONCE and draw(p.key, DAY_CASE, week) < e.day_case_share
    bed_open = hospital_state(w, hospital).elective_open
    if not day_case and bed_open < 1.0 and draw(p.key, CANCELLED, week) >= bed_open:
        hospital_week(w, hospital, week).cancelled += 1
        p.waiting = _CANCELLED_ONCE
        return
    p.waiting = 0
    nights = 0
    if not day_case:
        nights = max(1, int(e.mean_nights * skewed(draw(p.key, ELECTIVE_NIGHTS, week), e.nights_sd_log) + 0.5))
        nights = min(nights, nights_alive(p, week))
    cancer = draw(p.key, CANCER_RELATED, week) < e.cancer_share
    casemix = skewed(draw(p.key, ELECTIVE_CASEMIX, week), e.casemix_sd_log)
    coded = coded_conditions(p, week, w.emergency.coding_share)
    kind = _DAY_CASE if day_case else _ORDINARY
    diagnosis = _CANCER if cancer else _OTHER
    write_spell(w, person, week, nights, hospital, coded, _ELECTIVE, kind, diagnosis, casemix)
    hospital_week(w, hospital, week).elective += 1
    hold_bed(w, hospital, week, nights, 0)
    p.hospital_until = max(int(p.hospital_until), week + nights // 7)

"""A person's weekly chances: worked out when a state changes, and only then.

``change_health`` is the one place where phase and chances change; ``next_change`` is the week in which the next
of them is due by itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.compiled import rule
from icpsim.care.cancer_treatment import begin_course, diagnose
from icpsim.care.condition_onset import gain_condition
from icpsim.care.deaths import decide_death
from icpsim.care.elective import listing_rate
from icpsim.care.emergency import admission_rate, attendance_rate, phase_ratio
from icpsim.care.health import change_phase
from icpsim.care.outpatient import first_rate
from icpsim.care.primary_care import consultation_rate
from icpsim.care.providers import practice_of
from icpsim.care.repeat_day_care import begin_repeat
from icpsim.care.rule_inputs import World
from icpsim.care.weekly_rates import screen_of, weekly_chance

NEVER_BASE = -10000


@rule
def forget(r: np.void) -> None:
    """Have the rates worked out anew at the next week lived."""
    r.base_of_week = NEVER_BASE
    r.next_change = NEVER_BASE
    r.admitted_week = NEVER_BASE
    r.visited_week = NEVER_BASE


@rule
def forget_all(rates: NDArray[np.void]) -> None:
    """Have the rates of many people worked out anew at the next week that each lives."""
    for i in range(len(rates)):
        forget(rates[i])


@rule
def last_birthday(p: np.void, week: int) -> int:
    """Return the latest week, at or before this one, at which the person's year of age began."""
    return week - (week - p.birth_week) % 52


@rule
def make_base(p: np.void, r: np.void, birthday: int, w: World) -> None:
    """Work out the yearly base rates as of the last birthday; consultations only where somebody reads them."""
    age = (birthday - p.birth_week) / WEEKS_PER_YEAR
    r.base_emergency = admission_rate(p, age, w.emergency)
    r.base_ae = attendance_rate(p, age, w.emergency)
    r.base_first_outpatient = first_rate(p, age, w.outpatient)
    r.base_listing = listing_rate(p, age, w.elective)
    consults = w.everyone_consults > 0 or practice_of(p, w).read_by_programme > 0
    r.base_consultation = consultation_rate(p, age, w.primary_care) if consults else 0.0
    r.base_of_week = birthday


@rule
def sooner(at: int, week: int, soonest: int) -> int:
    """Return ``at`` when it lies ahead and before ``soonest``, else ``soonest``."""
    return at if week < at < soonest else soonest


@rule
def next_change(p: np.void, week: int, birthday: int) -> int:
    """Return the next week in which any rate of this person changes by itself."""
    soonest = birthday + 52
    soonest = sooner(p.flare_until, week, soonest)
    soonest = sooner(p.next_flare, week, soonest)
    soonest = sooner(p.cancer_from, week, soonest)
    soonest = sooner(p.repeat_from, week, soonest)
    soonest = sooner(p.cancer_until, week, soonest)
    soonest = sooner(p.workup_until, week, soonest)
    for before in (52, 26, 12):
        soonest = sooner(p.death_week - before, week, soonest)
    return soonest


@rule
def change_health(p: np.void, r: np.void, week: int, w: World) -> None:
    """Bring phase and weekly chances up to date; the only place where they change."""
    birthday = last_birthday(p, week)
    age = (birthday - p.birth_week) / WEEKS_PER_YEAR
    if birthday == week:
        gain_condition(p, birthday, age, w.onset)
        decide_death(p, birthday, age, week, w.deaths)
        begin_course(p, birthday, age, week, w.cancer)
        begin_repeat(p, birthday, age, week, w.repeat_day_care)
    change_phase(p, week, age, w.health)
    if diagnose(p, week) or r.base_of_week != birthday:
        make_base(p, r, birthday, w)
    set_chances(p, r, week, w)
    r.next_change = next_change(p, week, birthday)


@rule
def set_chances(p: np.void, r: np.void, week: int, w: World) -> None:
    """Turn base rates into this week's chances and screens, by the person's phase."""
    flare = p.flare_until > week
    workup = p.workup_until > week
    chance = weekly_chance(r.base_ae * (w.emergency.ae_flare_ratio if flare else 1.0))
    r.ae_screen = screen_of(chance)
    r.ae = chance
    chance = weekly_chance(r.base_emergency * phase_ratio(p, week, w.emergency))
    r.emergency_screen = screen_of(chance)
    r.emergency = chance
    chance = weekly_chance(r.base_listing * (w.elective.workup_ratio if workup else 1.0))
    r.listing_screen = screen_of(chance)
    r.listing = chance
    chance = weekly_chance(r.base_first_outpatient * (w.outpatient.workup_ratio if workup else 1.0))
    r.first_outpatient_screen = screen_of(chance)
    r.first_outpatient = chance
    r.consultation_screen = 0
    if r.base_consultation > 0.0:
        chance = weekly_chance(r.base_consultation * (w.primary_care.flare_ratio if flare else 1.0))
        r.consultation_screen = screen_of(chance)
        r.consultation = chance

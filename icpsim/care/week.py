"""A person's week, in order, and the loop that lives many weeks of many people.

The order is that of icpsim/plan.py: health, primary care, A&E and emergency admissions, reviews, elective and
outpatient care, deaths. People do not meet: what couples them (appointments, beds) enters through the
providers' rows of ``World``, fixed for the week.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.care.cancer_treatment import begin_course, have_treatment
from icpsim.care.deaths import decide_death
from icpsim.care.elective import have_elective_care, listing_rate
from icpsim.care.emergency import (
    admission_rate,
    attendance_rate,
    phase_ratio,
    seek_emergency_care,
    sensitive_share,
)
from icpsim.care.health import change_phase
from icpsim.care.outpatient import attend_outpatients, first_rate
from icpsim.care.primary_care import consult, consultation_rate
from icpsim.care.rates import RATES, weekly_chance
from icpsim.care.repeat_day_care import begin_repeat, have_repeat_care
from icpsim.care.world import World
from icpsim.compiled import rule
from icpsim.interventions.case_management import review
from icpsim.records.journal import has_room, write_death

_NEVER_BASE = -10000


@rule
def last_birthday(p: np.void, week: int) -> int:
    """Return the latest week, at or before this one, at which the person's year of age began."""
    return week - (week - p.birth_week) % 52


@rule
def make_base(p: np.void, r: np.void, birthday: int, w: World) -> None:
    """Work out the yearly base rates as of the last birthday."""
    age = (birthday - p.birth_week) / 52.18
    r.base_emergency = admission_rate(p, age, w.emergency)
    r.base_ae = attendance_rate(p, age, w.emergency)
    r.base_consultation = consultation_rate(p, age, w.primary_care)
    r.base_first_outpatient = first_rate(p, age, w.outpatient)
    r.base_listing = listing_rate(p, age, w.elective)
    r.sensitive_share = sensitive_share(p, w.emergency)
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
    soonest = sooner(p.cancer_until, week, soonest)
    soonest = sooner(p.workup_until, week, soonest)
    for before in (52, 26, 12):
        soonest = sooner(p.death_week - before, week, soonest)
    return soonest


@rule
def change_health(p: np.void, r: np.void, week: int, w: World) -> None:
    """Bring phase and weekly chances up to date; the only place where they change."""
    birthday = last_birthday(p, week)
    age = (birthday - p.birth_week) / 52.18
    if birthday == week:
        decide_death(p, birthday, age, week, w.deaths)
        begin_course(p, birthday, age, week, w.cancer)
        begin_repeat(p, birthday, age, week, w.repeat_day_care)
    change_phase(p, week, age, w.health)
    if r.base_of_week != birthday:
        make_base(p, r, birthday, w)
    flare = p.flare_until > week
    workup = p.workup_until > week
    r.emergency = weekly_chance(r.base_emergency * phase_ratio(p, week, w.emergency))
    r.ae = weekly_chance(r.base_ae * (w.emergency.ae_flare_ratio if flare else 1.0))
    r.consultation = weekly_chance(r.base_consultation * (w.primary_care.flare_ratio if flare else 1.0))
    r.first_outpatient = weekly_chance(r.base_first_outpatient * (w.outpatient.workup_ratio if workup else 1.0))
    r.listing = weekly_chance(r.base_listing * (w.elective.workup_ratio if workup else 1.0))
    r.next_change = next_change(p, week, birthday)


@rule
def live_week(p: np.void, r: np.void, person: int, week: int, w: World) -> None:
    """Live one week of one person."""
    if week >= r.next_change:
        change_health(p, r, week, w)
    if week < p.hospital_until:
        return
    consult(p, r, person, week, w)
    seek_emergency_care(p, r, person, week, w)
    if p.enrolled <= week:
        review(p, r, person, week, w)
    have_elective_care(p, r, person, week, w)
    attend_outpatients(p, r, person, week, w)
    if p.cancer_from <= week < p.cancer_until:
        have_treatment(p, person, week, w)
    if p.repeat_from <= week < p.repeat_until:
        have_repeat_care(p, person, week, w)


@rule
def live(
    people: NDArray[np.void], rows: NDArray[np.int64], begin: int, span: tuple[int, int], world: NDArray[np.void]
) -> int:
    """Live the weeks ``span`` (from, to) of the people in ``rows[begin:]``.

    Returns how far it came: less than ``len(rows)`` when the journal is full before the next person.
    """
    w = world[0]
    from_week, to_week = span
    scratch = np.zeros(1, RATES)
    r = scratch[0]
    for k in range(begin, len(rows)):
        if not has_room(w, to_week - from_week):
            return k
        person = rows[k]
        p = people[person]
        r.base_of_week = _NEVER_BASE
        r.next_change = from_week
        for week in range(max(from_week, p.birth_week), to_week):
            if week >= p.death_week:
                if week == p.death_week:
                    write_death(w, person, week)
                break
            live_week(p, r, person, week, w)
    return len(rows)

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
from icpsim.care.elective import have_elective_care, join_list, listing_rate
from icpsim.care.emergency import (
    admission_rate,
    attend_ae,
    attendance_rate,
    lose_continuity,
    phase_ratio,
    seek_emergency_care,
)
from icpsim.care.health import change_phase
from icpsim.care.outpatient import be_followed_up, be_referred, first_rate
from icpsim.care.primary_care import consult, consultation_rate
from icpsim.care.providers import practice_of
from icpsim.care.rates import RATES, lets_through, screen_of, share_of_screen, weekly_chance
from icpsim.care.repeat_day_care import begin_repeat, have_repeat_care
from icpsim.care.world import World
from icpsim.compiled import rule
from icpsim.interventions.case_management import review
from icpsim.randomness import REGISTRY, bits
from icpsim.records.journal import has_room, write_death

WEEK_SCREEN = REGISTRY.decision("screen of a week's contacts")
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
    soonest = sooner(p.enrolled, week, soonest)
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
    r.consultation = weekly_chance(r.base_consultation * (w.primary_care.flare_ratio if flare else 1.0))
    chance = weekly_chance(r.base_ae * (w.emergency.ae_flare_ratio if flare else 1.0))
    r.ae_screen = screen_of(chance)
    r.ae = share_of_screen(chance, r.ae_screen)
    chance = weekly_chance(r.base_emergency * phase_ratio(p, week, w.emergency))
    r.emergency_screen = screen_of(chance)
    r.emergency = share_of_screen(chance, r.emergency_screen)
    chance = weekly_chance(r.base_listing * (w.elective.workup_ratio if workup else 1.0))
    r.listing_screen = screen_of(chance)
    r.listing = share_of_screen(chance, r.listing_screen)
    chance = weekly_chance(r.base_first_outpatient * (w.outpatient.workup_ratio if workup else 1.0))
    r.first_outpatient_screen = screen_of(chance)
    r.first_outpatient = share_of_screen(chance, r.first_outpatient_screen)
    r.next_change = next_change(p, week, birthday)


@rule
def live_week(p: np.void, r: np.void, person: int, week: int, consults: bool, w: World) -> None:
    """Live one week of one person; one draw screens the four contacts that most weeks do not bring."""
    if week >= r.next_change:
        change_health(p, r, week, w)
    if week < p.hospital_until:
        return
    if consults:
        consult(p, r, person, week, w)
    this_week = bits(p.key, WEEK_SCREEN, week)
    if lets_through(this_week, 0, r.ae_screen):
        attend_ae(p, r, person, week, w)
    if lets_through(this_week, 1, r.emergency_screen):
        seek_emergency_care(p, r, person, week, w)
    if p.enrolled <= week:
        lose_continuity(p, r, person, week, w)
        review(p, r, person, week, w)
    if p.waiting:
        have_elective_care(p, person, week, w)
    elif lets_through(this_week, 2, r.listing_screen):
        join_list(p, r, week, w)
    if lets_through(this_week, 3, r.first_outpatient_screen):
        be_referred(p, r, person, week, w)
    if p.follow_ups > 0:
        be_followed_up(p, person, week, w)
    if p.cancer_from <= week < p.cancer_until:
        have_treatment(p, person, week, w)
    if p.repeat_from <= week < p.repeat_until:
        have_repeat_care(p, person, week, w)


@rule
def is_quiet(p: np.void, week: int) -> bool:
    """Whether only the four screened contacts can happen to this person until the next change."""
    return (
        p.follow_ups == 0
        and not p.waiting
        and p.enrolled > week
        and p.hospital_until <= week
        and not p.cancer_from <= week < p.cancer_until
        and not p.repeat_from <= week < p.repeat_until
    )


@rule
def next_contact(p: np.void, r: np.void, week: int, until: int) -> int:
    """Return the first week, before ``until``, whose screen lets some contact through; else ``until``.

    Saves nothing but time: the weeks passed over are those in which ``live_week`` would have done nothing.
    """
    key = p.key
    ae, emergency = r.ae_screen, r.emergency_screen
    listing, outpatient = r.listing_screen, r.first_outpatient_screen
    for at in range(week, until):
        this_week = bits(key, WEEK_SCREEN, at)
        if (
            lets_through(this_week, 0, ae)
            or lets_through(this_week, 1, emergency)
            or lets_through(this_week, 2, listing)
            or lets_through(this_week, 3, outpatient)
        ):
            return at
    return until


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
        r.admitted_week = _NEVER_BASE
        r.visited_week = _NEVER_BASE
        consults = w.everyone_consults > 0 or practice_of(p, w).read_by_programme > 0
        week = max(from_week, int(p.birth_week))
        while week < to_week:
            if week >= p.death_week:
                if week == p.death_week:
                    write_death(w, person, week)
                break
            if week < r.next_change and not consults and is_quiet(p, week):
                week = next_contact(p, r, week, min(to_week, int(p.death_week), int(r.next_change)))
                if week >= min(to_week, int(p.death_week), int(r.next_change)):
                    continue
            live_week(p, r, person, week, consults, w)
            week += 1
    return len(rows)

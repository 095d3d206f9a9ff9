"""A person's week, in order, and the loop that lives many weeks of many people.

The order is that of icpsim/model/weekly_plan.py: health, primary care, A&E and emergency admissions, reviews,
elective and outpatient care, deaths. People do not meet: what couples them (appointments, beds) enters through the
providers' rows of ``World``, fixed for the week.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.compiled import rule
from icpsim.base.row_access import trailing_zeros
from icpsim.care.cancer_treatment import have_treatment
from icpsim.care.elective import have_elective_care, join_list
from icpsim.care.emergency import attend_ae, lose_continuity, seek_emergency_care
from icpsim.care.outpatient import be_followed_up, be_referred
from icpsim.care.primary_care import consult
from icpsim.care.repeat_day_care import have_repeat_care
from icpsim.care.rule_inputs import World
from icpsim.care.weekly_chances import change_health, forget
from icpsim.care.weekly_screen import (
    BLOCK,
    is_quiet,
    lets_through,
    screens_of,
    under_way_screen,
    week_screen,
    weeks_let_through,
)
from icpsim.programme.unmet_need_reviews import review
from icpsim.records.journal import has_room, write_death


@rule
def live_week(p: np.void, r: np.void, person: int, week: int, w: World) -> None:
    """Live one week of one person; two draws screen what most weeks do not bring."""
    if week >= r.next_change:
        change_health(p, r, week, w)
    if week < p.hospital_until:
        return
    new, under_way = week_screen(p, week), under_way_screen(p, week)
    if lets_through(under_way, 2, r.consultation_screen):
        consult(p, r, person, week, w)
    if lets_through(new, 0, r.ae_screen):
        attend_ae(p, r, person, week, w)
    if lets_through(new, 1, r.emergency_screen):
        seek_emergency_care(p, r, person, week, w)
    if p.enrolled <= week:
        lose_continuity(p, r, person, week, w)
        review(p, r, person, week, w)
    if stays_in_hospital(p, week):
        return
    wait_or_join(p, r, person, week, (new, under_way), w)
    if stays_in_hospital(p, week):
        return
    if lets_through(new, 3, r.first_outpatient_screen):
        be_referred(p, r, person, week, w)
    if p.follow_ups > 0 and lets_through(under_way, 0, w.follow_up_screen):
        be_followed_up(p, person, week, w)
    if p.cancer_from <= week < p.cancer_until:
        have_treatment(p, person, week, w)
    if p.repeat_from <= week < p.repeat_until:
        have_repeat_care(p, person, week, w)


@rule
def stays_in_hospital(p: np.void, week: int) -> bool:
    """Whether somebody admitted this week stays beyond it: an inpatient has no planned care elsewhere."""
    return bool(p.hospital_until > week)


@rule
def wait_or_join(
    p: np.void, r: np.void, person: int, week: int, screens: tuple[np.uint64, np.uint64], w: World
) -> None:
    """Wait on the elective list and be called, or join it; ``screens`` are the week's two draws."""
    if p.waiting:
        if lets_through(screens[1], 1, w.called_screen):
            have_elective_care(p, person, week, w)
    elif lets_through(screens[0], 2, r.listing_screen):
        join_list(p, r, week, w)


@rule
def live_quiet(p: np.void, r: np.void, person: int, span: tuple[int, int], w: World) -> int:
    """Live weeks in which only screened contacts can happen; return the week up to which they are lived.

    That is ``span[1]``, or sooner when something changed what the screens let through.
    """
    week, until = span
    s = screens_of(p, r, w)
    while week < until:
        hits = weeks_let_through(p.key, week, s)
        while hits:
            at = week + trailing_zeros(hits)
            if at >= until:
                return until
            waiting, followed = p.waiting, p.follow_ups > 0
            live_week(p, r, person, at, w)
            other_list = p.waiting != waiting or (p.follow_ups > 0) != followed
            if other_list or r.next_change <= at + 1 or p.hospital_until > at + 1:
                return at + 1
            hits &= hits - np.uint64(1)
        week += BLOCK
    return until


@rule
def live_weeks(p: np.void, r: np.void, person: int, span: tuple[int, int], w: World) -> None:
    """Live one person's weeks from ``span[0]`` up to ``span[1]``, passing over those in which nothing happens."""
    week = max(span[0], int(p.birth_week))
    end = min(span[1], int(p.death_week))
    while week < end:
        until = min(end, int(r.next_change))
        if week < until and week < p.hospital_until:
            week = min(until, int(p.hospital_until))
        elif week < until and is_quiet(p, week):
            week = live_quiet(p, r, person, (week, min(until, int(p.enrolled))), w)
        else:
            live_week(p, r, person, week, w)
            end = min(span[1], int(p.death_week))
            week += 1
    if p.death_week < span[1] and p.death_week >= max(span[0], int(p.birth_week)):
        write_death(w, person, p.death_week)


@rule
def live(
    people: NDArray[np.void],
    rates: NDArray[np.void],
    rows: NDArray[np.int64],
    begin: int,
    span: tuple[int, int],
    world: NDArray[np.void],
) -> int:
    """Live the weeks ``span`` (from, to) of the people in ``rows[begin:]``.

    ``rates`` holds everyone's rates as they were left, or a single row: then they are worked out anew.
    Returns how far it came: less than ``len(rows)`` when the journal is full before the next person.
    """
    w = world[0]
    kept = len(rates) > 1
    for k in range(begin, len(rows)):
        if not has_room(w, span[1] - span[0]):
            return k
        person = rows[k]
        r = rates[person if kept else 0]
        if not kept:
            forget(r)
        live_weeks(people[person], r, person, span, w)
    return len(rows)

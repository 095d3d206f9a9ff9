"""What staff make possible: posts that are filled, places on the caseload, contacts, and the dose that follows."""

from __future__ import annotations

from math import exp

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_MONTH, WEEKS_PER_YEAR
from icpsim.base.randomness import REGISTRY, combine, draw
from icpsim.data.mechanisms import MechanismParameters

STAFF_LEAVES = REGISTRY.decision("a member of staff leaves")

STEPS = 10
"""Steps in which staff come into post, and places open, over the ramp."""


def ramp_step(weeks_since_start: int, ramp_weeks: int) -> int:
    """Return how many of ten steps of the ramp are done after so many weeks."""
    if ramp_weeks <= 0:
        return STEPS
    return min(STEPS, 1 + int(STEPS * max(weeks_since_start, 0) / ramp_weeks))


def opened(all_places: int, weeks_since_start: int, ramp_weeks: int) -> int:
    """Return how many of these places are open after so many weeks."""
    return all_places * ramp_step(weeks_since_start, ramp_weeks) // STEPS


def places(case_managers: int, caseload: int, weeks_since_start: int, ramp_weeks: int) -> int:
    """Return places open after so many weeks; they open in ten steps over the ramp."""
    return opened(case_managers * caseload, weeks_since_start, ramp_weeks)


def posts_in_place(posts: int, weeks_since_start: int, ramp_weeks: int) -> int:
    """Return how many posts exist after so many weeks of the ramp, of which some may be vacant."""
    return -(-posts * ramp_step(weeks_since_start, ramp_weeks) // STEPS)


def appointments_lost(meeting_hours: float, mechanisms: MechanismParameters) -> float:
    """Return the GP appointments of a week that MDT meetings of so many hours take."""
    return mechanisms.capacity_drag * meeting_hours


def hours_worked(
    key: np.uint64,
    posts: int,
    weeks: int,
    turnover_per_year: float,
    replace_weeks: int,
    training_weeks: int,
    training_share: float,
) -> NDArray[np.float64]:
    """Return the share of full hours that each post gives to patients, float64[posts, weeks]: 0 while vacant.

    ``key`` is the site's. Whoever holds a post leaves in a week with chance 1 - exp(-turnover / 52.18), drawn by
    site, post and week; the post is then vacant for ``replace_weeks``, and for ``training_weeks`` after that gives
    ``training_share``. First holders are trained. A post's history does not depend on how many posts there are.
    """
    shares = np.ones((posts, weeks))
    leaves = 1.0 - exp(-turnover_per_year / WEEKS_PER_YEAR)
    if leaves <= 0.0:
        return shares
    for post in range(posts):
        own_key, week = np.uint64(combine(key, np.uint64(post))), 0
        while week < weeks:
            if draw(own_key, STAFF_LEAVES, week) >= leaves:
                week += 1
                continue
            filled = week + replace_weeks
            shares[post, week:filled] = 0.0
            shares[post, filled : filled + training_weeks] = training_share
            week = max(filled, week + 1)
    return shares


def contacts_delivered(
    wanted_per_month: float, patients: int, staff: float, hours_per_week: float, hours_per_contact: float
) -> float:
    """Return contacts per patient per month that the hours of ``staff`` (full-time posts) allow."""
    if patients == 0:
        return wanted_per_month
    possible = staff * hours_per_week / hours_per_contact * WEEKS_PER_MONTH / patients
    return min(wanted_per_month, possible)


def service_dose(patients: int, hours_per_week: float, hours_per_patient_month: float) -> tuple[float, float]:
    """Return the share of what so many patients need that a service's hours give, and the hours used a week."""
    needed = patients * hours_per_patient_month / WEEKS_PER_MONTH
    return (1.0, needed) if needed <= hours_per_week else (hours_per_week / needed, hours_per_week)


def dose(contacts_per_month: float, contacts_for_full_dose: float) -> float:
    """Return the share of full effect that this many contacts bring."""
    return min(1.0, contacts_per_month / contacts_for_full_dose)

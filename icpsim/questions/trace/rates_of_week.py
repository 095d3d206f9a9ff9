"""How one person stands in one week, asked of the rules: chances, shares a programme removes, and joined draws.

A contact's screen and its own draw are joined into one number here: uniform, and below the chance exactly when
the contact happens.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.compiled import rule
from icpsim.base.randomness import draw
from icpsim.care.cancer_treatment import course_risk
from icpsim.care.condition_onset import onset_chance
from icpsim.care.deaths import yearly_risk
from icpsim.care.effects import emergencies_removed, listings_removed, sessions_removed, strength, visits_removed
from icpsim.care.elective import CALLED, LISTED, call_chance
from icpsim.care.emergency import (
    ADMITTED,
    ATTENDS,
    continuity_chance,
    instead_of_emergency,
    kind_of_emergency,
    phase_ratio,
    sensitive_share,
    stage_of_dying,
)
from icpsim.care.outpatient import FOLLOWED_UP, REFERRED, follow_ups_brought
from icpsim.care.primary_care import CONSULTS
from icpsim.care.repeat_day_care import yearly_incidence
from icpsim.care.rule_inputs import World
from icpsim.care.services import (
    AE_ATTENDANCES,
    FIRST_VISITS,
    FLARES,
    FOLLOW_UPS,
    OTHER_EMERGENCIES,
    SENSITIVE_EMERGENCIES,
    together,
)
from icpsim.care.weekly_chances import change_health, forget, last_birthday
from icpsim.care.weekly_rates import RATES, happens
from icpsim.care.weekly_screen import lets_through, under_way_screen, week_screen
from icpsim.model.region import Region
from icpsim.programme.unmet_need_reviews import need_chance, need_leads_to

MOST_NEEDS = 3
"""Unmet needs that anybody has at a time (population/draw_people.py)."""

STANDING = np.dtype(
    [
        (name, np.float64)
        for name in (
            "consultation", "consultation_draw", "ae", "ae_draw", "emergency", "emergency_draw",
            "listing", "listing_draw", "first", "first_draw", "follow_up", "follow_up_draw",
            "called", "called_draw",
            "phase_ratio", "sensitive_share", "strength",
            "removed_emergency", "removed_other", "removed_ae", "removed_listing", "removed_session",
            "removed_first", "removed_follow_up", "removed_flare", "in_its_place",
            "continuity_chance", "need_chance", "follow_ups_brought", "stage_of_dying", "last_year_risk",
            "course_risk", "repeat_risk", "onset_risk",
        )
    ]
    + [("need_leads_to", np.int64, MOST_NEEDS)]
)  # fmt: skip
"""One row: chances a week with their joined draws; the emergency chance's factor of phase; the share of
emergencies that is ambulatory-care-sensitive; a programme's strength; the shares that it and its services remove,
and what takes the place of the week's emergency should they remove it (care/services.py); the chance that lost
continuity, or a review (a need), brings something; yearly risks decided on birthdays."""


def stand(region: Region, people: NDArray[np.void], week: int) -> tuple[np.void, NDArray[np.void]]:
    """Return how a person (one row) stands in a week, and the row after that week's changes of health."""
    region.rates_of(people, week)  # points the world's record at this region's tables
    now, rates, out = people.copy(), np.zeros(1, RATES), np.zeros(1, STANDING)
    _stand(now, rates, out, week, region._world)
    return out[0], now


@rule
def joined(bits: np.uint64, part: int, screen: int, u: float, chance: float) -> float:
    """Return a screen's part and a contact's own draw as one number below the chance if the contact happens.

    Uniform whatever the chance, and hardly moved by it: two worlds with other chances see the same number to
    about one part in ``screen``.
    """
    at = np.float64((bits >> np.uint64(16 * part)) & np.uint64(0xFFFF))
    if not lets_through(bits, part, screen):
        return (at + u) / 65536.0
    accepted = chance * 65536.0 / screen
    if happens(u, chance, screen):
        return min((at * accepted + u) / 65536.0, chance * (1.0 - 1e-12))
    return max(chance + (at * (1.0 - accepted) + (u - accepted)) / 65536.0, chance)


@rule
def _stand(
    now: NDArray[np.void], rates: NDArray[np.void], out: NDArray[np.void], week: int, world: NDArray[np.void]
) -> None:
    p, r, s, w = now[0], rates[0], out[0], world[0]
    forget(r)
    age = (last_birthday(p, week) - p.birth_week) / WEEKS_PER_YEAR
    s.onset_risk = onset_chance(p, age, w.onset)
    s.last_year_risk = yearly_risk(p, age, w.deaths)
    s.course_risk = course_risk(p, age, w.cancer)
    change_health(p, r, week, w)
    s.repeat_risk = yearly_incidence(p, age, w.repeat_day_care)
    _stand_for_contacts(p, r, s, week, w)
    s.phase_ratio = phase_ratio(p, week, w.emergency)
    s.stage_of_dying = stage_of_dying(p, week)
    s.sensitive_share = sensitive_share(p, w.emergency)
    s.follow_ups_brought = follow_ups_brought(p, week, w.outpatient)
    s.removed_first = visits_removed(p, FIRST_VISITS, week, w)
    s.removed_follow_up = visits_removed(p, FOLLOW_UPS, week, w)
    if p.enrolled <= week:
        _stand_for_programme(p, r, s, week, w)


@rule
def _stand_for_contacts(p: np.void, r: np.void, s: np.void, week: int, w: World) -> None:
    new, under_way = week_screen(p, week), under_way_screen(p, week)
    s.ae, s.ae_draw = r.ae, joined(new, 0, r.ae_screen, draw(p.key, ATTENDS, week), r.ae)
    s.emergency = r.emergency
    s.emergency_draw = joined(new, 1, r.emergency_screen, draw(p.key, ADMITTED, week), r.emergency)
    s.listing, s.listing_draw = r.listing, joined(new, 2, r.listing_screen, draw(p.key, LISTED, week), r.listing)
    s.first = r.first_outpatient
    s.first_draw = joined(new, 3, r.first_outpatient_screen, draw(p.key, REFERRED, week), r.first_outpatient)
    s.follow_up = w.outpatient.follow_up_weekly
    s.follow_up_draw = joined(
        under_way, 0, w.follow_up_screen, draw(p.key, FOLLOWED_UP, week), w.outpatient.follow_up_weekly
    )
    s.called = call_chance(w.elective)
    s.called_draw = joined(under_way, 1, w.called_screen, draw(p.key, CALLED, week), s.called)
    s.consultation = r.consultation
    s.consultation_draw = joined(under_way, 2, r.consultation_screen, draw(p.key, CONSULTS, week), r.consultation)


@rule
def _stand_for_programme(p: np.void, r: np.void, s: np.void, week: int, w: World) -> None:
    s.strength = strength(p, week, w)
    s.removed_emergency = emergencies_removed(p, SENSITIVE_EMERGENCIES, week, w)
    s.removed_other = emergencies_removed(p, OTHER_EMERGENCIES, week, w)
    s.removed_ae = together(p, AE_ATTENDANCES, 0.0, week, w)
    s.removed_flare = together(p, FLARES, 0.0, week, w)
    s.removed_listing = listings_removed(p, week, w)
    s.in_its_place = instead_of_emergency(p, kind_of_emergency(p, week, w), week, w)
    s.removed_session = sessions_removed(p, week, w)
    s.continuity_chance = continuity_chance(p, r, week, w)
    s.need_chance = need_chance(p, week, w)
    for need in range(MOST_NEEDS):
        s.need_leads_to[need] = need_leads_to(p, need, week, w)


__all__ = ["STANDING", "joined", "stand"]

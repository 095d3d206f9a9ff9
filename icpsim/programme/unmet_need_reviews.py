"""Reviews of an enrolled patient uncover needs that had not been met, and what is found leads to care.

"The supply of new services tends to uncover previously unmet needs" (BJGP editorial on the pilots, 2012).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw
from icpsim.care.emergency import admit
from icpsim.care.outpatient import first_visit
from icpsim.care.providers import practice_of, programme_state
from icpsim.records.journal import write_contact
from icpsim.records.schema import Diagnosis

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

NEED_FOUND = REGISTRY.decision("a review finds an unmet need", width=4)
NEED_LEADS_TO = REGISTRY.decision("what a need that was found leads to", width=4)

ADMISSION, FIRST_VISIT, CONTACT = range(3)
"""What a need that was found leads to."""

_OTHER = int(Diagnosis.OTHER)


@rule
def need_chance(p: np.void, week: int, w: World) -> float:
    """Return the chance that this week's review finds a given need.

    It is ``unmet_need_detection`` over 12 weeks at full dose, until the review weeks end, and does not wait for
    the onset of other effects: looking is what the first weeks are for.
    """
    g = programme_state(w, p.programme)
    if week - p.enrolled >= g.review_weeks or week >= p.discharged:
        return 0.0
    return 1.0 - (1.0 - min(g.unmet_need_detection * p.dose * g.effects, 0.999)) ** (1.0 / 12.0)


@rule
def need_leads_to(p: np.void, need: int, week: int, w: World) -> int:
    """Return what a need leads to when it is found this week; ``need`` is its number, from 0."""
    g = programme_state(w, p.programme)
    u = draw(p.key, NEED_LEADS_TO + np.uint64(need), week)
    if u < g.need_emergency_share:
        return ADMISSION
    return FIRST_VISIT if u < g.need_emergency_share + g.need_outpatient_share else CONTACT


@rule
def review(p: np.void, r: np.void, person: int, week: int, w: World) -> None:
    """Look for unmet need in the review weeks after enrolment; what is found leads to care.

    Each need leads to an emergency admission, an outpatient referral or a GP contact.
    """
    if p.unmet_need == 0:
        return
    weekly, found = need_chance(p, week, w), 0
    for k in range(p.unmet_need):
        if draw(p.key, NEED_FOUND + np.uint64(k), week) >= weekly:
            continue
        found += 1
        place = need_leads_to(p, k, week, w)
        if place == ADMISSION:
            admit(p, r, person, week, _OTHER, w)
        elif place == FIRST_VISIT:
            first_visit(p, r, person, week, w)
        elif practice_of(p, w).read_by_programme:
            write_contact(w, person, week)
    p.unmet_need -= found

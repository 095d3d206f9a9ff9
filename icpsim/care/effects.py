"""How a programme multiplies the named rates of an enrolled patient, with onset, dose and decay.

Each effect is a share of a named rate removed: the event is drawn as without the programme and then goes
ahead with the remaining share, by a draw of its own. At zero dose every event goes ahead, so the world is the
same byte for byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import draw
from icpsim.care.list_wide_effects import spillover
from icpsim.care.providers import practice_of, programme_state
from icpsim.care.services import LISTINGS, SENSITIVE_EMERGENCIES, together

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World


@rule
def strength(p: np.void, week: int, w: World) -> float:
    """Return the strength (0 to 1) at which this person's programme works this week.

    It rises to full over ``onset_weeks`` from enrolment and falls to nothing over ``decay_weeks`` from
    discharge. Case-manager contacts bring all but ``mdt_share`` of it, in proportion to their dose; discussion
    at an MDT meeting brings the rest.
    """
    if p.enrolled > week:
        return 0.0
    g = programme_state(w, p.programme)
    now = min(1.0, (week - p.enrolled + 1.0) / g.onset_weeks)
    if week >= p.discharged:
        now *= max(0.0, 1.0 - (week - p.discharged) / g.decay_weeks)
    discussed = 1.0 if p.mdt_week <= week else 0.0
    return now * g.effects * (p.dose * (1.0 - g.mdt_share) + discussed * g.mdt_share)


@rule
def sensitive_avoided(p: np.void, week: int, w: World) -> float:
    """Return the share of ambulatory-care-sensitive emergencies that the programme avoids, without services."""
    if p.enrolled > week:
        return 0.0
    return programme_state(w, p.programme).avoidable_reduction * strength(p, week, w)


@rule
def listings_removed(p: np.void, week: int, w: World) -> float:
    """Return the share of elective listings that is deferred, or not made because of a service."""
    if p.enrolled > week:
        return 0.0
    deferred = programme_state(w, p.programme).elective_deferral * strength(p, week, w)
    return together(p, LISTINGS, deferred, week, w)


@rule
def emergencies_removed(p: np.void, rate: int, week: int, w: World) -> float:
    """Return the share of emergencies (SENSITIVE_EMERGENCIES or OTHER_EMERGENCIES) that do not happen."""
    avoided = sensitive_avoided(p, week, w) if rate == SENSITIVE_EMERGENCIES else 0.0
    return together(p, rate, avoided, week, w)


@rule
def continuity_loss(p: np.void, week: int, w: World) -> float:
    """Return the rise, as a share, in sensitive emergencies from a new team breaking continuity."""
    return programme_state(w, p.programme).continuity_loss * strength(p, week, w)


@rule
def listing_goes_ahead(p: np.void, decision: np.uint64, week: int, w: World) -> bool:
    """Whether an elective listing is made rather than deferred."""
    removed = listings_removed(p, week, w)
    return removed == 0.0 or draw(p.key, decision, week) >= removed


@rule
def sessions_removed(p: np.void, week: int, w: World) -> float:
    """Return the share of chemotherapy sessions that is dropped after planning."""
    if p.enrolled > week:
        return 0.0
    return programme_state(w, p.programme).treatment_deescalation * strength(p, week, w)


@rule
def session_is_given(p: np.void, decision: np.uint64, week: int, w: World) -> bool:
    """Whether a chemotherapy session is given rather than dropped after planning."""
    removed = sessions_removed(p, week, w)
    return removed == 0.0 or draw(p.key, decision, week) >= removed


@rule
def visits_removed(p: np.void, rate: int, week: int, w: World) -> float:
    """Return the share of outpatient visits (FIRST_VISITS or FOLLOW_UPS) that do not take place in hospital.

    Enrolled patients' visits are replaced by community contacts; in a pilot practice everyone's visits fall
    by the list-wide spill-over, as far as the programme reaches the list (list_wide_effects.py).
    """
    removed = 0.0
    if p.enrolled <= week:
        removed = programme_state(w, p.programme).outpatient_substitution * strength(p, week, w)
    practice = practice_of(p, w)
    if practice.programme < w.programme_count and week >= practice.programme_start:
        g = programme_state(w, practice.programme)
        removed = 1.0 - (1.0 - removed) * (1.0 - spillover(practice, g, week))
    return together(p, rate, removed, week, w)


@rule
def visit_stays_in_hospital(p: np.void, decision: np.uint64, rate: int, week: int, w: World) -> bool:
    """Whether an outpatient visit takes place in hospital."""
    removed = visits_removed(p, rate, week, w)
    return removed == 0.0 or draw(p.key, decision, week) >= removed


@rule
def happens_in_spite(p: np.void, decision: np.uint64, rate: int, week: int, w: World) -> bool:
    """Whether something that services alone can remove happens; drawn only where they remove a share of it."""
    removed = together(p, rate, 0.0, week, w)
    return removed == 0.0 or draw(p.key, decision, week) >= removed

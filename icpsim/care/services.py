"""Services of a programme as rules see them: whom each reaches, what it removes, and what takes its place.

A service removes a share of named rates of the eligible people on the caseload. An event is drawn as without it
and then goes ahead with what all of them leave, 1 - prod(1 - share x strength), so services combine as a product
and at zero dose nothing is drawn and nothing changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.compiled import rule
from icpsim.base.row_access import row_reader
from icpsim.care.providers import practice_of, programme_state
from icpsim.care.service_state import REMOVABLE, SERVICE_STATE

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

(
    SENSITIVE_EMERGENCIES,
    OTHER_EMERGENCIES,
    AE_ATTENDANCES,
    FIRST_VISITS,
    FOLLOW_UPS,
    LISTINGS,
    FLARES,
    NIGHTS_OF_STAY,
    DELAYS,
) = range(len(REMOVABLE))

NOTHING, CONTACT, VISIT = range(3)
"""What takes the place of an emergency that was removed."""

_service_at = row_reader(SERVICE_STATE)


@rule
def eligible(p: np.void, service: np.void, week: int) -> bool:
    """Whether a service is meant for this person, as professionals know the person this week."""
    if service.conditions != 0 and (p.registered_conditions & service.conditions) == 0:
        return False
    if (service.care_home and not p.care_home) or (service.last_year and p.death_week - week > 52):
        return False
    return (week - p.birth_week) / WEEKS_PER_YEAR >= service.youngest_age


@rule
def share_removed(p: np.void, service: np.void, rate: int, week: int, effects: float) -> float:
    """Return the share of a named rate that one service removes from an enrolled person this week.

    It rises to full over ``onset_weeks`` from enrolment and falls to nothing over ``decay_weeks`` from discharge.
    """
    full = service.removed[rate] * service.dose * effects
    if full <= 0.0 or not eligible(p, service, week):
        return 0.0
    now = min(1.0, (week - p.enrolled + 1.0) / service.onset_weeks)
    if week >= p.discharged:
        now *= max(0.0, 1.0 - (week - p.discharged) / service.decay_weeks)
    return min(1.0, full * now)


@rule
def together(p: np.void, rate: int, removed: float, week: int, w: World) -> float:
    """Return the share of a named rate removed by the programme (``removed``) and its services together."""
    if p.enrolled > week:
        return removed
    practice = practice_of(p, w)
    if practice.services == 0:
        return removed
    effects = programme_state(w, p.programme).effects
    for k in range(practice.services):
        share = share_removed(p, _service_at(w.services, practice.first_service + k), rate, week, effects)
        if share > 0.0:
            removed = 1.0 - (1.0 - removed) * (1.0 - share)
    return removed


@rule
def in_its_place(p: np.void, rate: int, removed: float, u: float, week: int, w: World) -> int:
    """Return what takes the place of an emergency that was removed: NOTHING, CONTACT or VISIT.

    ``u`` is the draw that removed it and ``removed`` the share of the programme without its services. Which
    service it was, and where in its part of the share the draw fell, say what takes the emergency's place.
    """
    if p.enrolled > week or u < removed:
        return NOTHING
    practice = practice_of(p, w)
    effects = programme_state(w, p.programme).effects
    for k in range(practice.services):
        service = _service_at(w.services, practice.first_service + k)
        share = share_removed(p, service, rate, week, effects)
        if share > 0.0:
            so_far = removed
            removed = 1.0 - (1.0 - removed) * (1.0 - share)
            if u < removed:
                at = (u - so_far) / (removed - so_far)
                if at < service.contact_instead:
                    return CONTACT
                return VISIT if at < service.contact_instead + service.visit_instead else NOTHING
    return NOTHING


@rule
def count_eligible(
    people: NDArray[np.void], rows: NDArray[np.int64], services: NDArray[np.void], service: int, week: int
) -> int:
    """Return how many of the people in these rows one of the services is meant for."""
    count = 0
    for k in range(len(rows)):
        count += eligible(people[rows[k]], services[service], week)
    return count

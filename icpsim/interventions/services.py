"""Services: their tables, made from a scenario, and what takes the place of an emergency that they remove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from icpsim.care.outpatient import first_visit
from icpsim.care.providers import practice_of, practice_week
from icpsim.care.services import CONTACT, REMOVABLE, SERVICE_STATE, VISIT
from icpsim.compiled import rule
from icpsim.intervention_part import DiseaseCare, Service
from icpsim.interventions.parameters import InterventionParameters
from icpsim.records.journal import write_contact
from icpsim.records.schema import CONDITIONS

if TYPE_CHECKING:
    from icpsim.care.world import World


class Meant(NamedTuple):
    """Whom a service is meant for, besides an age: people with any of these conditions, in these places."""

    conditions: tuple[str, ...] = ()
    care_home: bool = False
    last_year: bool = False


MEANT_FOR = {
    "self_management_support": Meant(conditions=CONDITIONS),
    "care_home_alignment": Meant(care_home=True),
    "end_of_life_planning": Meant(last_year=True),
    "mental_health_liaison": Meant(conditions=("severe_mental_illness", "depression", "substance_misuse")),
}
"""Services that are not meant for everyone on the caseload; disease care is for its own condition."""


def service_rows(
    services: Sequence[Service | DiseaseCare], site: int, parameters: InterventionParameters
) -> NDArray[np.void]:
    """Return one row (SERVICE_STATE) for each service of a site, still without a dose."""
    rows = np.zeros(len(services), SERVICE_STATE)
    for row, service in zip(rows, services, strict=True):
        meant = MEANT_FOR.get(service.kind, Meant())
        conditions = (service.condition,) if isinstance(service, DiseaseCare) else meant.conditions
        row["site"] = site
        row["conditions"] = sum(1 << CONDITIONS.index(name) for name in conditions)
        row["care_home"], row["last_year"] = meant.care_home, meant.last_year
        for name, value in parameters.service(service.kind).items():
            if name in REMOVABLE:
                row["removed"][REMOVABLE.index(name)] = value
            else:
                row[name] = value
    return rows


@rule
def be_seen_instead(p: np.void, r: np.void, person: int, week: int, place: int, w: World) -> None:
    """Have what takes the place of an emergency: a GP contact within the practice's hours, or a first visit."""
    if place == VISIT:
        first_visit(p, r, person, week, w)
    elif place == CONTACT:
        total = practice_week(w, p.practice, week)
        total.wanted += 1
        total.given += 1
        if practice_of(p, w).read_by_programme:
            write_contact(w, person, week)

"""What takes the place of an emergency that a service removes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from icpsim.base.compiled import rule
from icpsim.care.outpatient import first_visit
from icpsim.care.providers import practice_of, practice_week
from icpsim.care.services import CONTACT, VISIT
from icpsim.records.journal import write_contact

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World


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

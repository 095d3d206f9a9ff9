"""GP-practice consultations within the practice's weekly appointments."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw
from icpsim.care.providers import hospital_week, practice_of, practice_week
from icpsim.care.weekly_rates import by_band, for_conditions, happens
from icpsim.data.tables import AgeCurve
from icpsim.records.journal import write_attendance, write_contact

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

CONSULTS = REGISTRY.decision("wants a GP consultation")
GETS_APPOINTMENT = REGISTRY.decision("an appointment is free")
GOES_TO_AE = REGISTRY.decision("goes to A&E for want of an appointment")


class PrimaryCareParameters(NamedTuple):
    """Table primary_care.csv."""

    base_rate: AgeCurve
    frailty_power: float
    condition_ratio: float
    flare_ratio: float
    refused_to_ae: float


@rule
def consultation_rate(p: np.void, age: float, g: PrimaryCareParameters) -> float:
    """Return consultations a year while stable."""
    rate = by_band(g.base_rate, age) * exp(g.frailty_power * p.log_frailty)
    return rate * for_conditions(g.condition_ratio, p.conditions)


@rule
def consult(p: np.void, r: np.void, person: int, week: int, w: World) -> None:
    """Ask the practice for a consultation, in a week that the screen lets through.

    Without a free appointment some go to A&E instead.
    """
    practice = practice_of(p, w)
    if not happens(draw(p.key, CONSULTS, week), r.consultation, r.consultation_screen):
        return
    total = practice_week(w, p.practice, week)
    total.wanted += 1
    if practice.access >= 1.0 or draw(p.key, GETS_APPOINTMENT, week) < practice.access:
        total.given += 1
        if practice.read_by_programme:
            write_contact(w, person, week)
    elif draw(p.key, GOES_TO_AE, week) < w.primary_care.refused_to_ae:
        write_attendance(w, person, week, 0)
        hospital_week(w, practice.hospital, week).ae += 1

"""Health phase: stable, flare, last year of life; the hidden state that clinicians see and records do not.

Flares begin at a rate set by age, conditions and frailty, last some weeks, and are likelier after discharge.
Regression to the mean comes from here: people are found while ill and most recover (Roland et al. 2005, BMJ
330:289).
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw, geometric_weeks
from icpsim.care.weekly_rates import by_age, for_conditions
from icpsim.data.tables import AgeCurve
from icpsim.records.schema import NEVER

FLARE_WAIT = REGISTRY.decision("weeks until the next flare")
FLARE_LENGTH = REGISTRY.decision("weeks a flare lasts")
AFTER_DISCHARGE = REGISTRY.decision("flare after discharge")
AFTER_DISCHARGE_LENGTH = REGISTRY.decision("weeks a flare after discharge lasts")

_NEVER = int(NEVER)


class HealthParameters(NamedTuple):
    """Table health.csv."""

    flare_onset: float
    flare_age: AgeCurve
    flare_frailty_power: float
    flare_condition_ratio: float
    flare_weeks: float
    discharge_flare_share: float
    discharge_flare_weeks: float
    frailty_step_chance: float
    frailty_step_ratio: float


@rule
def flare_onset(p: np.void, age: float, h: HealthParameters) -> float:
    """Return the chance a week that a stable person's flare begins."""
    rate = h.flare_onset * by_age(h.flare_age, age)
    rate *= exp(h.flare_frailty_power * p.log_frailty) * for_conditions(h.flare_condition_ratio, p.conditions)
    return min(rate, 0.5)


@rule
def change_phase(p: np.void, week: int, age: float, h: HealthParameters) -> None:
    """Begin or end a flare that is due, and fix when the next one begins."""
    if p.next_flare <= week and p.flare_until <= week:
        p.flare_until = min(week + geometric_weeks(draw(p.key, FLARE_LENGTH, week), h.flare_weeks), _NEVER - 1)
        p.next_flare = _NEVER
    elif p.next_flare == _NEVER and p.flare_until <= week:
        wait = geometric_weeks(draw(p.key, FLARE_WAIT, week), 1.0 / flare_onset(p, age, h))
        p.next_flare = min(week + wait, _NEVER - 1)


@rule
def after_discharge(p: np.void, week: int, home: int, h: HealthParameters) -> None:
    """Let a discharge in week ``home`` be followed by a flare (readmission risk)."""
    if draw(p.key, AFTER_DISCHARGE, week) < h.discharge_flare_share:
        length = geometric_weeks(draw(p.key, AFTER_DISCHARGE_LENGTH, week), h.discharge_flare_weeks)
        p.flare_until = min(max(int(p.flare_until), home + length), _NEVER - 1)
        p.next_flare = _NEVER

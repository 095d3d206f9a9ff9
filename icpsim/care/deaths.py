"""Death, and the last year of life before it.

Each birthday decides whether the person's last year of life begins during the coming year; death follows 52
weeks after it begins, so that use rises towards death (Georghiou 2014, Nuffield Trust; Marie Curie cohort).
"""

from __future__ import annotations

from math import exp, sqrt
from typing import NamedTuple

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw
from icpsim.care.weekly_rates import between, for_conditions, for_deprivation, place_of
from icpsim.data.tables import AgeCurve
from icpsim.records.schema import FEMALE, NEVER

LAST_YEAR = REGISTRY.decision("last year of life begins this year")
LAST_YEAR_WEEK = REGISTRY.decision("week in which the last year of life begins")

_NEVER = int(NEVER)


class DeathParameters(NamedTuple):
    """Table deaths.csv."""

    base_rate: AgeCurve
    frailty_power: float
    condition_ratio: float
    care_home_ratio: float
    men_ratio: AgeCurve
    women_ratio: AgeCurve
    deprivation_ratio: AgeCurve


@rule
def of_deprivation(ratio: float, imd: int) -> float:
    """Return the factor of a deprivation fifth when most to least is ``ratio``; its mean over the fifths is 1."""
    half = sqrt(ratio)
    quarter = sqrt(half)
    return 5.0 * for_deprivation(ratio, imd) / (half + quarter + 1.0 + 1.0 / quarter + 1.0 / half)


@rule
def yearly_risk(p: np.void, age: float, d: DeathParameters) -> float:
    """Return the chance that this person's last year of life begins in the year from this age."""
    knot, share = place_of(age)
    risk = between(d.base_rate, knot, share) * exp(d.frailty_power * p.log_frailty)
    risk *= between(d.women_ratio if p.sex == FEMALE else d.men_ratio, knot, share)
    risk *= of_deprivation(between(d.deprivation_ratio, knot, share), p.imd)
    risk *= for_conditions(d.condition_ratio, p.conditions)
    if p.care_home:
        risk *= d.care_home_ratio
    return min(risk, 0.9)


@rule
def decide_death(p: np.void, birthday: int, age: float, keyed_week: int, d: DeathParameters) -> None:
    """On a birthday, decide whether and when this person dies in the year after next."""
    if p.death_week < _NEVER:
        return
    if draw(p.key, LAST_YEAR, keyed_week) < yearly_risk(p, age, d):
        begins = birthday + int(draw(p.key, LAST_YEAR_WEEK, keyed_week) * 52.0)
        p.death_week = begins + 52

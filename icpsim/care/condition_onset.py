"""Onset of long-term conditions as people age: without it the living would lose conditions to those who die.

Each birthday decides whether one more condition comes on in the year. People liable to one condition are liable
to all (the clustering that multimorbidity shows; Barnett et al. 2012, Lancet 380:37), and the deprived get them
earlier.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw
from icpsim.care.hospital_stay import skewed
from icpsim.care.weekly_rates import between, place_of
from icpsim.data.tables import AgeCurve
from icpsim.records.schema import CONDITIONS

LIABILITY = REGISTRY.decision("liability to all conditions")
COMES_ON = REGISTRY.decision("a condition comes on this year")
WHICH = REGISTRY.decision("which condition comes on")
FOUND = REGISTRY.decision("new condition is diagnosed")

MOST_LIABLE = 6.0
"""Highest factor of one person's liability on onset (the law puts one in 500 above it)."""


class OnsetParameters(NamedTuple):
    """Table onset.csv: conditions that come on a person-year, by age."""

    rate: AgeCurve


class Onset(NamedTuple):
    """What onset needs at run time: the table's rates, and what the population's tables say of conditions."""

    rate: AgeCurve
    prevalence: NDArray[np.float64]
    diagnosed_share: NDArray[np.float64]
    clustering_sd_under_65: float
    clustering_sd_65_over: float
    age_shift: float


def onset_of(rooms: Mapping[str, Any]) -> Onset:
    """Return onset's parameters from the model's rooms; prevalence is float64[condition, age knot]."""
    population, prevalence = rooms["population"], rooms["prevalence"]
    return Onset(
        rooms["onset"].rate,
        np.stack([getattr(prevalence, name) for name in CONDITIONS]),
        population.diagnosed_share,
        population.condition_clustering_sd_under_65,
        population.condition_clustering_sd_65_over,
        population.deprivation_age_shift,
    )


@rule
def onset_chance(p: np.void, age: float, o: Onset) -> float:
    """Return the chance that one more condition comes on in the year from this age."""
    knot, share = place_of(age + o.age_shift * (p.imd - 3) / 4.0)
    sd = o.clustering_sd_under_65 if age < 65.0 else o.clustering_sd_65_over
    return between(o.rate, knot, share) * min(skewed(draw(p.key, LIABILITY, 0), sd), MOST_LIABLE)


@rule
def gain_condition(p: np.void, birthday: int, age: float, o: Onset) -> None:
    """On a birthday, decide whether one more condition comes on, which, and whether it is diagnosed."""
    knot, share = place_of(age + o.age_shift * (p.imd - 3) / 4.0)
    u = draw(p.key, COMES_ON, birthday)
    if u >= between(o.rate, knot, share) * MOST_LIABLE or u >= onset_chance(p, age, o):
        return
    left = draw(p.key, WHICH, birthday) * others(p.conditions, knot, share, o)
    for k in range(10):
        if not (p.conditions >> k) & 1 and left >= 0.0:
            left -= between(o.prevalence[k], knot, share)
            if left < 0.0:
                p.conditions |= 1 << k
                if draw(p.key, FOUND, birthday) < o.diagnosed_share[k]:
                    p.registered_conditions |= 1 << k
                else:
                    p.unmet_need = min(p.unmet_need + 1, 3)


@rule
def others(held: int, knot: int, share: float, o: Onset) -> float:
    """Return the summed prevalence at this age of the conditions that are not held."""
    total = 0.0
    for k in range(10):
        if not (held >> k) & 1:
            total += between(o.prevalence[k], knot, share)
    return total

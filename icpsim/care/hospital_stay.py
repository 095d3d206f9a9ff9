"""A stay in hospital: nights, delayed discharge, the bed it holds, the casemix it is paid by."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw, normal_quantile
from icpsim.care.effects import happens_in_spite
from icpsim.care.providers import hospital_week
from icpsim.care.services import DELAYS, NIGHTS_OF_STAY, together
from icpsim.care.weekly_rates import by_age

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

CODED = REGISTRY.decision("a condition is coded on a spell", width=16)
NIGHTS = REGISTRY.decision("nights of an emergency stay")
DELAYED = REGISTRY.decision("discharge waits on social care")
DELAY_NIGHTS = REGISTRY.decision("nights that a discharge waits")
NIGHTS_SAVED = REGISTRY.decision("nights of an emergency stay are saved")
DELAY_SAVED = REGISTRY.decision("wait on social care is saved")

OLDEST = 110
"""Age (years) from which stays are no longer told apart by age."""
NIGHTS_OF_LAST_WEEK = 3
"""Nights in the week of death: it comes in the middle of a week (as evaluations count time at risk)."""
_POINTS = 1024


class StayParameters(NamedTuple):
    """What follows from table emergency.csv: ``mean_length_factor`` float64[ages 0 to OLDEST]."""

    mean_length_factor: NDArray[np.float64]


def stays_of(rooms: Mapping[str, Any]) -> StayParameters:
    """Return what rules read about stays, worked out from the parameters of emergency care."""
    e = rooms["emergency"]
    curve = np.asarray(e.mean_nights, dtype=np.float64)
    factors = np.empty(OLDEST + 1)
    fill_mean_length_factors(curve, e.no_night_share, e.nights_sd_log, e.casemix_nights_power, factors)
    return StayParameters(factors)


@rule
def skewed(u: float, sd_log: float) -> float:
    """Return a log-normal number with mean 1 from a uniform one."""
    return exp(sd_log * normal_quantile(u) - 0.5 * sd_log * sd_log)


@rule
def coded_conditions(p: np.void, week: int, share: float) -> int:
    """Return the mask of the person's conditions that the hospital codes on this spell."""
    mask = 0
    for k in range(10):
        if (p.conditions >> k) & 1 and draw(p.key, CODED + np.uint64(k), week) < share:
            mask |= 1 << k
    return mask


@rule
def hold_bed(w: World, hospital: int, week: int, nights: int, delayed: int) -> None:
    """Count a stay's nights in the weeks in which they are spent."""
    hospital_week(w, hospital, week).delayed_nights += delayed
    left = nights
    at = week
    while left > 0 and at < w.weeks:
        now = min(left, 7)
        hospital_week(w, hospital, at).bed_nights += now
        left -= now
        at += 1


@rule
def nights_of_care(mean: float, no_night_share: float, sd_log: float, u: float) -> int:
    """Return the nights of a stay of at least one, where stays last ``mean`` nights on average, none included."""
    return min(max(1, int(mean / (1.0 - no_night_share) * skewed(u, sd_log) + 0.5)), 365)


@rule
def emergency_stay(p: np.void, week: int, age: float, delay_factor: float, w: World) -> tuple[int, int]:
    """Return nights of care and nights of waiting on social care, for a stay of at least a night.

    ``delayed_share`` is of all stays; nobody waits who stays no night.
    """
    e = w.emergency
    nights = nights_of_care(
        by_age(e.mean_nights, age), e.no_night_share, e.nights_sd_log, draw(p.key, NIGHTS, week)
    )
    delay = 0
    if age >= 65.0 and draw(p.key, DELAYED, week) < delayed_chance(e) * delay_factor:
        delay = int(2.0 * e.delayed_nights * draw(p.key, DELAY_NIGHTS, week) + 0.5)
    return nights, delay


@rule
def delayed_chance(e: np.void) -> float:
    """Return the chance that the discharge waits on social care, after a stay of at least a night."""
    return min(e.delayed_share / (1.0 - e.no_night_share), 1.0)


@rule
def shortened(p: np.void, week: int, nights: int, delay: int, w: World) -> tuple[int, int]:
    """Return nights of care and of waiting after what services save of them.

    Of nights a share is saved, to the night by a draw; a wait on social care is saved whole or not at all.
    """
    saved = together(p, NIGHTS_OF_STAY, 0.0, week, w)
    if nights > 0 and saved > 0.0:
        nights = int(nights * (1.0 - saved) + draw(p.key, NIGHTS_SAVED, week))
    if delay > 0 and not happens_in_spite(p, DELAY_SAVED, DELAYS, week, w):
        delay = 0
    return nights, delay


@rule
def nights_alive(p: np.void, week: int) -> int:
    """Return the nights from this week to the person's death: no stay goes on longer."""
    return 7 * (p.death_week - week) + NIGHTS_OF_LAST_WEEK


@rule
def length_factor(nights: int, mean: float, power: float) -> float:
    """Return how a stay's cost rises with its nights; its mean over stays is not 1."""
    return ((nights + 1.0) / (mean + 1.0)) ** power


@rule
def fill_mean_length_factors(
    curve: NDArray[np.float64], no_night_share: float, sd_log: float, power: float, out: NDArray[np.float64]
) -> None:
    """Write the mean of ``length_factor`` over emergency stays at each age, 0 to OLDEST, into ``out``."""
    for age in range(len(out)):
        mean, total = by_age(curve, float(age)), 0.0
        for i in range(_POINTS):
            nights = nights_of_care(mean, no_night_share, sd_log, (i + 0.5) / _POINTS)
            total += length_factor(nights, mean, power)
        with_nights = total / _POINTS
        out[age] = no_night_share * length_factor(0, mean, power) + (1.0 - no_night_share) * with_nights


@rule
def casemix_of_length(nights: int, age: float, w: World) -> float:
    """Return the factor of a stay's length on its casemix: 1 on average over emergency stays at this age."""
    e, factors = w.emergency, w.stays.mean_length_factor
    factor = length_factor(nights, by_age(e.mean_nights, age), e.casemix_nights_power)
    year = min(int(age), len(factors) - 2)
    mean = factors[year] + min(age - year, 1.0) * (factors[year + 1] - factors[year])
    return factor / mean

"""A stay in hospital: nights, delayed discharge, the bed it holds, the casemix it is paid by."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, draw, normal_quantile
from icpsim.care.providers import hospital_week

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

CODED = REGISTRY.decision("a condition is coded on a spell", width=16)


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

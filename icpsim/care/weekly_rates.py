"""The named weekly rates of one person, and how age and chance enter them."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.compiled import rule
from icpsim.records.schema import FEMALE

BAND_ENDS = np.array([5.0, 15.0, 45.0, 65.0, 75.0, 85.0])
"""Ages (years) at which age bands end; levels that are fitted to a rate by age band are flat within it."""
AGE_KNOTS = np.array([2.0, 10.0, 30.0, 55.0, 70.0, 80.0, 90.0])
"""Ages (years) at which an age curve's seven values stand; between them it is a straight line."""
_PER_YEAR_BETWEEN = 1.0 / np.diff(AGE_KNOTS)

RATES = np.dtype(
    [
        ("emergency", np.float32),
        ("ae", np.float32),
        ("first_outpatient", np.float32),
        ("listing", np.float32),
        ("consultation", np.float32),
        ("base_emergency", np.float32),
        ("base_ae", np.float32),
        ("base_first_outpatient", np.float32),
        ("base_listing", np.float32),
        ("base_consultation", np.float32),
        ("emergency_screen", np.uint16),
        ("ae_screen", np.uint16),
        ("first_outpatient_screen", np.uint16),
        ("listing_screen", np.uint16),
        ("consultation_screen", np.uint16),
        ("base_of_week", np.int16),
        ("admitted_week", np.int16),
        ("visited_week", np.int16),
        ("next_change", np.int16),
    ],
    align=True,
)
"""Chances a week of each contact, as they stand now, and the yearly base rates they are made from.

One draw a week screens each contact: it may happen only when its bits of that draw lie below its ``_screen``,
and then happens by a draw of its own (``happens``).
``admitted_week`` and ``visited_week`` are the last weeks of an emergency admission and a first visit (a week
holds one of each at most). ``base_of_week`` is the birthday the base was made at; nothing in the row changes
before week ``next_change``. The row follows from the patient's and is worked out again when nobody kept it.
"""


@rule
def place_of(age: float) -> tuple[int, float]:
    """Return the knot before this age and how far the age is towards the next (0 to 1; flat beyond the ends)."""
    knot = 0
    for k in range(1, len(AGE_KNOTS) - 1):
        knot += age > AGE_KNOTS[k]
    share = (age - AGE_KNOTS[knot]) * _PER_YEAR_BETWEEN[knot]
    return knot, min(max(share, 0.0), 1.0)


@rule
def between(curve: NDArray[np.float64], knot: int, share: float) -> float:
    """Return a curve's value at a place found by ``place_of``."""
    return curve[knot] + share * (curve[knot + 1] - curve[knot])


@rule
def by_age(curve: NDArray[np.float64], age: float) -> float:
    """Return an age curve's value at this age (flat beyond the outer knots)."""
    knot, share = place_of(age)
    return between(curve, knot, share)


@rule
def by_band(curve: NDArray[np.float64], age: float) -> float:
    """Return the value of the age band (0-4, 5-14, 15-44, 45-64, 65-74, 75-84, 85+) that this age is in."""
    band = 0
    for k in range(len(BAND_ENDS)):
        band += age >= BAND_ENDS[k]
    return curve[band]


@rule
def for_sex(sex: int, men: NDArray[np.float64], women: NDArray[np.float64], age: float) -> float:
    """Return the factor of sex at this age, by age band; its mean over people of the age is 1."""
    return by_band(women if sex == FEMALE else men, age)


@rule
def weekly_chance(rate_per_year: float) -> float:
    """Return the chance of at least one event in a week at this yearly rate (to 1e-9 when small)."""
    x = rate_per_year * (1.0 / WEEKS_PER_YEAR)
    if x < 0.02:
        return x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x / 24.0)))
    return 1.0 - exp(-x)


@rule
def screen_of(chance: float) -> int:
    """Return the 16-bit threshold below which a week's screen lets a contact of this chance through."""
    return min(int(chance * 65536.0) + 1, 65535)


@rule
def happens(u: float, chance: float, screen: int) -> bool:
    """Whether a contact that the screen let through happens, by a uniform draw: the product is its chance."""
    return bool(u * screen < chance * 65536.0)


@rule
def count_conditions(mask: int) -> int:
    """Return the number of conditions in a bit mask (of at most 16)."""
    n = mask - ((mask >> 1) & 0x5555)
    n = (n & 0x3333) + ((n >> 2) & 0x3333)
    n = (n + (n >> 4)) & 0x0F0F
    return (n + (n >> 8)) & 0x1F


@rule
def for_conditions(ratio: float, mask: int) -> float:
    """Return ``ratio`` to the power of the number of conditions in a bit mask."""
    n = count_conditions(mask)
    square = ratio * ratio
    fourth = square * square
    factor = (ratio if n & 1 else 1.0) * (square if n & 2 else 1.0)
    factor *= fourth if n & 4 else 1.0
    return factor * (fourth * fourth) if n & 8 else factor


@rule
def for_deprivation(ratio: float, imd: int) -> float:
    """Return the factor of a deprivation quintile when the most to least deprived ratio is ``ratio``."""
    quarter = sqrt(sqrt(ratio))
    factor = quarter * quarter if imd > 4 else quarter if imd > 3 else 1.0
    return 1.0 / (quarter * quarter) if imd < 2 else 1.0 / quarter if imd < 3 else factor

"""The named weekly rates of one person, and how age and chance enter them."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from icpsim.compiled import rule

WEEKS_PER_YEAR = 52.18
BAND_ENDS = np.array([5.0, 15.0, 45.0, 65.0, 75.0, 85.0])
"""Ages (years) at which age bands end; levels that are fitted to a rate by age band are flat within it."""
AGE_KNOTS = np.array([2.0, 10.0, 30.0, 55.0, 70.0, 80.0, 90.0])
"""Ages (years) at which an age curve's seven values stand; between them it is a straight line."""

RATES = np.dtype(
    [
        ("emergency", np.float64),
        ("ae", np.float64),
        ("consultation", np.float64),
        ("first_outpatient", np.float64),
        ("listing", np.float64),
        ("emergency_screen", np.int64),
        ("ae_screen", np.int64),
        ("first_outpatient_screen", np.int64),
        ("listing_screen", np.int64),
        ("base_emergency", np.float64),
        ("base_ae", np.float64),
        ("base_consultation", np.float64),
        ("base_first_outpatient", np.float64),
        ("base_listing", np.float64),
        ("base_of_week", np.int64),
        ("admitted_week", np.int64),
        ("visited_week", np.int64),
        ("next_change", np.int64),
    ]
)
"""Chances a week of each contact, as they stand now, and the yearly base rates they are made from.

One draw a week screens four contacts: a contact may happen only when its 16 bits of that draw lie below its
``_screen``, and then happens by a draw of its own, with the chance that makes the product right.
``admitted_week`` and ``visited_week`` are the last weeks of an emergency admission and a first visit (a week
holds one of each at most). ``base_of_week`` is the birthday the base was made at; nothing in the row changes
before week ``next_change``.
"""


@rule
def by_age(curve: NDArray[np.float64], age: float) -> float:
    """Return an age curve's value at this age (flat beyond the outer knots)."""
    if age <= AGE_KNOTS[0]:
        return curve[0]
    for k in range(1, len(AGE_KNOTS)):
        if age <= AGE_KNOTS[k]:
            share = (age - AGE_KNOTS[k - 1]) / (AGE_KNOTS[k] - AGE_KNOTS[k - 1])
            return curve[k - 1] + share * (curve[k] - curve[k - 1])
    return curve[len(AGE_KNOTS) - 1]


@rule
def by_band(curve: NDArray[np.float64], age: float) -> float:
    """Return the value of the age band (0-4, 5-14, 15-44, 45-64, 65-74, 75-84, 85+) that this age is in."""
    band = 0
    while band < len(BAND_ENDS) and age >= BAND_ENDS[band]:
        band += 1
    return curve[band]


@rule
def weekly_chance(rate_per_year: float) -> float:
    """Return the chance of at least one event in a week at this yearly rate (to 1e-9 when small)."""
    x = rate_per_year / WEEKS_PER_YEAR
    if x < 0.02:
        return x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x / 24.0)))
    return 1.0 - exp(-x)


@rule
def screen_of(chance: float) -> int:
    """Return the 16-bit threshold below which a week's screen lets a contact of this chance through."""
    return min(int(chance * 65536.0) + 1, 65536)


@rule
def share_of_screen(chance: float, screen: int) -> float:
    """Return the chance of a contact given that the screen let it through."""
    return chance * 65536.0 / screen


@rule
def lets_through(week_bits: np.uint64, part: int, screen: int) -> bool:
    """Whether 16 bits (part 0 to 3) of the week's draw let a contact through."""
    return bool(np.int64((week_bits >> np.uint64(16 * part)) & np.uint64(0xFFFF)) < screen)


@rule
def for_conditions(ratio: float, mask: int) -> float:
    """Return ``ratio`` to the power of the number of conditions in a bit mask."""
    factor = 1.0
    while mask:
        if mask & 1:
            factor *= ratio
        mask >>= 1
    return factor


@rule
def for_deprivation(ratio: float, imd: int) -> float:
    """Return the factor of a deprivation quintile when the most to least deprived ratio is ``ratio``."""
    quarter = sqrt(sqrt(ratio))
    factor = quarter * quarter if imd > 4 else quarter if imd > 3 else 1.0
    return 1.0 / (quarter * quarter) if imd < 2 else 1.0 / quarter if imd < 3 else factor


@rule
def count_conditions(mask: int) -> int:
    """Return the number of conditions in a bit mask."""
    n = 0
    while mask:
        n += mask & 1
        mask >>= 1
    return n

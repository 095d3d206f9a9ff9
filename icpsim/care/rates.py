"""The named weekly rates of one person, and how age and chance enter them."""

from __future__ import annotations

from math import exp

import numpy as np
from numpy.typing import NDArray

from icpsim.compiled import rule

WEEKS_PER_YEAR = 52.18
AGE_KNOTS = np.array([2.0, 10.0, 30.0, 55.0, 70.0, 80.0, 90.0])
"""Ages (years) at which an age curve's seven values stand; between them it is a straight line."""

RATES = np.dtype(
    [
        ("emergency", np.float64),
        ("sensitive_share", np.float64),
        ("ae", np.float64),
        ("consultation", np.float64),
        ("first_outpatient", np.float64),
        ("listing", np.float64),
        ("base_emergency", np.float64),
        ("base_ae", np.float64),
        ("base_consultation", np.float64),
        ("base_first_outpatient", np.float64),
        ("base_listing", np.float64),
        ("base_of_week", np.int64),
        ("next_change", np.int64),
    ]
)
"""Chances a week of each contact, as they stand now, and the yearly base rates they are made from. ``base_of``
is the birthday the base was made at; nothing in the row changes before week ``next_change``."""


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
def weekly_chance(rate_per_year: float) -> float:
    """Return the chance of at least one event in a week at this yearly rate."""
    return 1.0 - exp(-rate_per_year / WEEKS_PER_YEAR)


@rule
def count_conditions(mask: int) -> int:
    """Return the number of conditions in a bit mask."""
    n = 0
    while mask:
        n += mask & 1
        mask >>= 1
    return n

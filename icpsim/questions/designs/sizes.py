"""Power against sample size: the law by which errors fall, and a simulation that it is held to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from icpsim.questions.designs.sample_size import SMALLEST, power
from icpsim.questions.designs.summary import DesignRow

SIZES = (0.5, 1.0, 2.0, 4.0)
"""Multiples of the scenario's enrolment for which power is told."""


@dataclass(frozen=True, slots=True)
class SizeRow:
    """Power and smallest effect with so many times the scenario's enrolment (errors fall with its root)."""

    design: str
    variant: str
    outcome: str
    window: int
    scale: float
    cases: float
    se: float
    smallest: float
    power: float


@dataclass(frozen=True, slots=True)
class SizeCheck:
    """One row's law of sizes beside a simulation with so many times the sites.

    ``law`` and ``simulated`` are the spread of estimates about the truth, ``ratio`` simulated over law with 95%
    limits (both spreads are themselves estimated); then the smallest effect seen with 80% power and the power.
    """

    design: str
    variant: str
    outcome: str
    window: int
    times: int
    cases: float
    law: float
    simulated: float
    ratio: float
    ratio_low: float
    ratio_high: float
    law_smallest: float
    simulated_smallest: float
    law_power: float
    simulated_power: float


def size_rows(row: DesignRow, scales: Sequence[float] = SIZES) -> tuple[SizeRow, ...]:
    """Return power against sample size, by the root-n law from the simulated spread at the scenario's own size."""
    found = []
    for scale in scales:
        se = row.empirical_se / np.sqrt(scale)
        chance = power(row.truth, se) if se > 0 else nan
        found.append(
            SizeRow(
                row.design,
                row.variant,
                row.outcome,
                row.window,
                scale,
                row.cases * scale,
                se,
                SMALLEST * se,
                chance,
            )
        )
    return tuple(found)


def size_checks(rows: Sequence[DesignRow], larger: Sequence[DesignRow], times: int) -> tuple[SizeCheck, ...]:
    """Return the law beside the simulation for each row that both have with two replicates or more."""
    again = {(row.design, row.variant, row.outcome, row.window): row for row in larger}
    found = []
    for row in rows:
        other = again.get((row.design, row.variant, row.outcome, row.window))
        if other is None or not (row.empirical_se > 0 and other.empirical_se > 0):
            continue
        (law,) = size_rows(row, (float(times),))
        ratio = other.empirical_se / law.se
        error = np.sqrt(0.5 / (row.replicates - 1) + 0.5 / (other.replicates - 1))
        found.append(
            SizeCheck(
                row.design,
                row.variant,
                row.outcome,
                row.window,
                times,
                other.cases,
                law.se,
                other.empirical_se,
                ratio,
                float(ratio * np.exp(-1.96 * error)),
                float(ratio * np.exp(1.96 * error)),
                law.smallest,
                other.smallest,
                law.power,
                other.power,
            )
        )
    return tuple(found)

"""What the calibration's pictures have in common: colours, names, histograms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.report.figure import BLACK, BLUE, PINK, RED
from icpsim.report.words import SITES, TARGETS, parameter, words

OBSERVED, PREDICTED, PRIOR = BLACK, BLUE, "#BBBBBB"
BY_EXPLANATION = {"both": PINK, "detection": RED, "selection": BLUE, "neither": "#999999"}
SMALL, MIDDLE = 10, 13


def short(name: str) -> str:
    """Return a parameter's or effect's name as tables and pictures show it."""
    if name.startswith("true_"):
        return f"true effect, {target_name(name.removeprefix('true_'))}"
    programme, _, own = name.rpartition(": ")
    told = parameter(own.partition(".")[2] or own)
    return told + (f" ({programme})" if programme else "")


def target_name(name: str) -> str:
    """Return a target's name, such as ``cm_emergency``, as tables and pictures show it."""
    group, _, outcome = name.partition("_")
    return f"{words(group, SITES)}: {words(outcome, TARGETS)}"


def weighted_density(
    values: NDArray[np.float64], weight: NDArray[np.float64], low: float, high: float, bins: int
) -> NDArray[np.float64]:
    """Return the density of weighted values in equal bins from low to high; float64[bins]."""
    counts, _ = np.histogram(values, bins, (low, high), weights=weight)
    total = float(weight.sum())
    density: NDArray[np.float64] = counts / total * bins / (high - low)
    return density

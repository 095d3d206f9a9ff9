"""What a hidden yes-or-no confounder does to a rate ratio, and how strong it must be to explain one.

A confounder held by a share of cases and another share of controls, who have ``rate_ratio`` times the events of
the others, makes the ratio of cases to controls (1 + (r - 1) p1) / (1 + (r - 1) p0) times what it truly is. The
formula is Bross's (1966, J Chronic Dis 19:637) and Schlesselman's (1978, Am J Epidemiol 108:3), written down here
from memory (RECALL) and held to simulation in ``experiments/confounder``. In a difference-in-differences the rate
ratio is that of the window after the index week beyond what the person's own window before it shows: what is the
same before and after cancels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from icpsim.base.kinds import Floats
from icpsim.questions.errors import ConfounderError


@dataclass(frozen=True, slots=True)
class Confounder:
    """A hidden trait: shares of cases and of controls that have it, and the rate ratio it carries.

    Raises ConfounderError unless shares lie between 0 and 1 and the ratio is above 0.
    """

    cases: float
    controls: float
    rate_ratio: float

    def __post_init__(self) -> None:
        for name in ("cases", "controls"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ConfounderError(f"the share of {name} must lie between 0 and 1, not {getattr(self, name)}")
        if not (np.isfinite(self.rate_ratio) and self.rate_ratio > 0.0):
            raise ConfounderError(f"a rate ratio must be above 0, not {self.rate_ratio}")

    @property
    def gap(self) -> float:
        """How many more of the cases than of the controls have it, as a share."""
        return self.cases - self.controls

    @property
    def bias(self) -> float:
        """By what the estimated rate ratio is multiplied."""
        extra = self.rate_ratio - 1.0
        return (1.0 + extra * self.cases) / (1.0 + extra * self.controls)


def gap_needed(bias: float, controls: float, rate_ratio: float) -> float | None:
    """Return the prevalence gap at which a confounder makes this bias; None when no share of cases does.

    Raises ConfounderError on a bias or rate ratio of 0 or less, or a share outside 0 to 1.
    """
    _above_0(bias, "a bias")
    Confounder(0.0, controls, rate_ratio)
    if rate_ratio == 1.0:
        return 0.0 if bias == 1.0 else None
    cases = (bias * (1.0 + (rate_ratio - 1.0) * controls) - 1.0) / (rate_ratio - 1.0)
    return cases - controls if 0.0 <= cases <= 1.0 else None


def e_value(ratio: float) -> float:
    """Return the E-value: how strongly, at least, a confounder must go with being a case and with the outcome.

    Both as risk ratios (VanderWeele and Ding 2017, Ann Intern Med 167:268): r + sqrt(r (r - 1)) of the ratio to
    be explained, its inverse where that is below 1. Raises ConfounderError unless it is above 0.
    """
    _above_0(ratio, "a ratio")
    above = max(ratio, 1.0 / ratio)
    return float(above + np.sqrt(above * (above - 1.0)))


@dataclass(frozen=True, slots=True)
class Question:
    """What a confounder is to explain: ``observed`` rate ratio while the ``true`` one is another."""

    name: str
    observed: float
    true: float

    @property
    def bias(self) -> float:
        """The bias that would explain it."""
        _above_0(self.observed, "an observed ratio")
        _above_0(self.true, "a true ratio")
        return self.observed / self.true


def grid(gaps: Sequence[float], rate_ratios: Sequence[float], controls: float) -> Floats:
    """Return the bias at each prevalence gap (columns) and rate ratio (rows); float64[rate_ratios, gaps].

    NaN where more than all, or fewer than none, of the cases would have the trait.
    """
    found = np.full((len(rate_ratios), len(gaps)), np.nan)
    for row, ratio in enumerate(rate_ratios):
        for column, gap in enumerate(gaps):
            if 0.0 <= controls + gap <= 1.0:
                found[row, column] = Confounder(controls + gap, controls, ratio).bias
    return found


def _above_0(value: float, what: str) -> None:
    if not (np.isfinite(value) and value > 0.0):
        raise ConfounderError(f"{what} must be above 0, not {value}")

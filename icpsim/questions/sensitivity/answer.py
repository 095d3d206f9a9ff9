"""What a sensitivity analysis hands to tables, sentences and pictures; intervals are 90%, unknown numbers NaN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from icpsim.base.kinds import Floats
from icpsim.questions.sensitivity.chance import Chance
from icpsim.questions.sensitivity.inputs import Uncertain
from icpsim.report.measures import About

NOTHING = "an input that does nothing"
"""What given-data methods are asked about too: their indices are never 0 in a finite sample; this is how far."""
MEASURES: Mapping[str, str] = {
    "first": "share of variance, alone",
    "total": "share of variance, with others",
    "mu_star": "mean size of its effect",
    "mu": "mean effect",
    "sigma": "spread of its effect",
    "delta": "delta",
    "pawn": "PAWN distance",
}
"""Every measure as people read it."""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One measure of one factor with its interval.

    ``resampled`` is the interval's half-width from resampling points, ``chance_se`` the standard error from the
    few replicates (NaN with one); ``low`` and ``high`` hold both.
    """

    factor: str
    measure: str
    value: float
    low: float
    high: float
    resampled: float
    chance_se: float


@dataclass(frozen=True, slots=True)
class ConvergenceRow:
    """The main measure of one factor from the first samples alone; ``half`` from resampling points."""

    samples: int
    factor: str
    value: float
    half: float


@dataclass(frozen=True, slots=True)
class OutcomeAnalysis:
    """One outcome: its spread over points (5% and 95% of them lie below ``low`` and ``high``), chance, indices."""

    outcome: str
    unit: str
    mean: float
    sd: float
    low: float
    high: float
    chance: Chance
    rows: tuple[IndexRow, ...]
    convergence: tuple[ConvergenceRow, ...]

    def measured(self, measure: str) -> list[IndexRow]:
        """Return the rows of one measure, largest first."""
        return sorted((r for r in self.rows if r.measure == measure), key=lambda r: -r.value)

    def of(self, factor: str, measure: str) -> IndexRow:
        """Return one factor's row of one measure."""
        return next(r for r in self.rows if r.factor == factor and r.measure == measure)


@dataclass(frozen=True, slots=True)
class Screen:
    """What a Morris screen kept, and what it left out and so held at the scenario's values."""

    trajectories: int
    points: int
    kept: tuple[str, ...]
    left_out: tuple[str, ...]
    outcomes: tuple[OutcomeAnalysis, ...]


@dataclass(frozen=True)
class Sensitivity:
    """A whole analysis; ``points`` float64[n, inputs] and ``values`` float64[n, replicates] by outcome."""

    about: About
    method: str
    main: str
    source: str
    samples: int
    inputs: tuple[Uncertain, ...]
    groups: tuple[str, ...]
    outcomes: tuple[OutcomeAnalysis, ...]
    points: Floats
    values: Mapping[str, Floats]
    screen: Screen | None = None

    @property
    def simulated(self) -> int:
        """Number of points, those of the screen included."""
        return len(self.points) + (self.screen.points if self.screen else 0)

"""What a study of one scenario hands to tables, pictures and files. Unknown numbers are NaN."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from icpsim.base.intervals import MATERIAL, Z90


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """One outcome three ways: published, found by the evaluation on simulated records, and true.

    ``measure`` is ``rate_ratio`` or ``difference_gbp`` (GBP per patient over the window); all values are on
    that scale and all intervals are 90%. ``relative_*`` are relative changes (-0.09 is 9% less). ``inside``
    says whether the observed value lies within the estimated interval; None when nothing was observed.
    ``estimated_error_share`` and ``true_error_share`` are the shares of the variance behind the intervals that the
    replicates' own standard errors account for: the rest is what is not known (mechanisms, where they are drawn,
    and the sites' lists, unless ``population.same_sites``); NaN where there is one replicate. ``true`` is the
    effect in cases with a control, whom the evaluation compares; ``true_enrolled`` in all cases, with and without.
    """

    outcome: str
    measure: str
    observed: float
    observed_low: float
    observed_high: float
    observed_tag: str
    estimated: float
    estimated_low: float
    estimated_high: float
    true: float
    true_low: float
    true_high: float
    relative_observed: float
    relative_estimated: float
    relative_true: float
    inside: bool | None
    estimated_error_share: float = math.nan
    true_error_share: float = math.nan
    true_enrolled: float = math.nan
    true_enrolled_low: float = math.nan
    true_enrolled_high: float = math.nan
    relative_true_enrolled: float = math.nan

    @property
    def distance(self) -> float:
        """How far the estimate lies from the observed value, in observed standard errors; NaN without one."""
        half = self.observed_high - self.observed
        return abs(self.estimated - self.observed) / (half / Z90) if half > 0 else math.nan

    @property
    def known(self) -> dict[str, tuple[float, float, float]]:
        """Return what is known of observed, estimated and true: each value with the ends of its interval."""
        values = {
            "observed": (self.observed, self.observed_low, self.observed_high),
            "estimated": (self.estimated, self.estimated_low, self.estimated_high),
            "true": (self.true, self.true_low, self.true_high),
        }
        return {kind: numbers for kind, numbers in values.items() if math.isfinite(numbers[0])}

    @property
    def published(self) -> bool:
        """Whether there is an observed value."""
        return math.isfinite(self.observed)


@dataclass(frozen=True, slots=True)
class BiasRow:
    """What the evaluation adds of its own to one outcome: estimate over truth, for cost minus truth (GBP).

    ``raw`` and ``corrected`` are means over replicates with their standard errors; ``coverage`` is the share
    of replicates whose own 95% interval (raw estimate) holds that replicate's truth.
    """

    outcome: str
    measure: str
    raw: float
    raw_se: float
    corrected: float
    corrected_se: float
    coverage: float


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """Standardised difference of one covariate between cases and controls, before and after matching."""

    covariate: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class MonthlyRow:
    """Rate ratio of one outcome in one month after the index week, with its 90% interval."""

    outcome: str
    month: int
    estimated: float
    estimated_low: float
    estimated_high: float
    true: float


@dataclass(frozen=True, slots=True)
class TrueDirections:
    """Replicates in which emergency admissions truly rose, fell, or stayed within MATERIAL; out of how many."""

    rose: int
    fell: int
    stayed: int
    replicates: int


@dataclass(frozen=True, slots=True)
class DesignResult:
    """One further design's estimate of one outcome beside the true effect in those whom it asks of.

    Rate ratios, or pounds a patient, with 90% intervals of one further evaluation; ``replicates`` is how many gave
    a number, ``coverage`` the share of them whose own 95% interval holds the truth.
    """

    design: str
    title: str
    variant: str
    naive: bool
    estimand: str
    outcome: str
    measure: str
    follow_up_weeks: int
    replicates: int
    estimated: float
    estimated_low: float
    estimated_high: float
    true: float
    true_low: float
    true_high: float
    coverage: float


@dataclass(frozen=True, slots=True)
class StudyResult:
    """A whole study: its summary over replicates, and the replicates' own numbers.

    ``cases``, ``controls`` and ``cases_matched`` are means over replicates; ``deaths`` the shares dying
    within the window (``cases``, ``controls``); ``support`` named shares and ratios that say how well
    controls cover the cases; ``replicate_rows`` one row a replicate and outcome;
    ``drawn`` whether each replicate had a draw of the posterior; ``designs`` what further designs found, if the
    scenario names any.
    """

    scenario: str
    title: str
    version: str
    seed: int
    replicates: int
    cases: float
    controls: float
    cases_matched: float
    outcomes: tuple[OutcomeResult, ...]
    bias: tuple[BiasRow, ...]
    balance: tuple[BalanceRow, ...]
    support: Mapping[str, float]
    monthly: tuple[MonthlyRow, ...]
    deaths: Mapping[str, float]
    warnings: tuple[str, ...]
    replicate_rows: tuple[Mapping[str, float | int | str], ...]
    drawn: bool = False
    designs: tuple[DesignResult, ...] = ()

    @property
    def truths(self) -> TrueDirections:
        """Return in how many replicates emergency admissions truly rose, fell, or stayed."""
        true = [float(row["true"]) for row in self.replicate_rows if row["outcome"] == "emergency_admissions"]
        rose, fell = sum(x > MATERIAL for x in true), sum(x < -MATERIAL for x in true)
        known = sum(math.isfinite(x) for x in true)
        return TrueDirections(rose, fell, known - rose - fell, known)

    @property
    def pictured(self) -> tuple[OutcomeResult, ...]:
        """Outcomes that pictures show: those with an observed value, or all if there is none."""
        return tuple(row for row in self.outcomes if row.published) or self.outcomes

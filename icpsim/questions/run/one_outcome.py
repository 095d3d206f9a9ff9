"""One outcome over replicates: published, estimated and true side by side, and the bias of its estimates.

Rate ratios are summarised on the log scale, cost differences in GBP. A 90% interval says where one further
evaluation of the same kind would fall; it is not the interval of the mean over replicates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from icpsim.base.intervals import UNKNOWN, Z95, Interval, further_value, normal_interval
from icpsim.data.published_effects import Target
from icpsim.data.tables import TAGS
from icpsim.questions.run.answer import BiasRow, OutcomeResult
from icpsim.records.outcomes import BY_NAME, RATE_RATIO

if TYPE_CHECKING:
    from icpsim.questions.run.replicate import Replicate


@dataclass(frozen=True, slots=True)
class OutcomeReplicates:
    """One outcome over replicates; every array is float64 of shape (replicates,).

    ``estimate``, ``corrected`` and ``true`` are log rate ratios, or GBP when ``measure`` is
    ``difference_gbp``, with standard errors on the same scale. ``relative_estimate`` and ``relative_true``
    are relative changes (used for cost; those of a ratio follow from it). ``true`` is in cases with a control,
    ``true_enrolled`` in all cases. NaN marks what could not be computed, such as a ratio with no event.
    """

    outcome: str
    measure: str
    estimate: NDArray[np.float64]
    se: NDArray[np.float64]
    corrected: NDArray[np.float64]
    corrected_se: NDArray[np.float64]
    true: NDArray[np.float64]
    true_se: NDArray[np.float64]
    relative_estimate: NDArray[np.float64]
    relative_true: NDArray[np.float64]
    true_enrolled: NDArray[np.float64]
    relative_true_enrolled: NDArray[np.float64]


def outcome_replicates(outcome: str, good: Sequence[Replicate]) -> OutcomeReplicates:
    """Return one outcome's estimates and truths over replicates; NaN where records cannot show it."""
    nothing = float("nan")
    rows: list[tuple[float, ...]] = []
    measure: str = RATE_RATIO
    for replicate in good:
        truth, enrolled = (
            next(row for row in rows if row.outcome == outcome)
            for rows in (replicate.truth, replicate.truth_enrolled)
        )
        measure = truth.measure
        effects = replicate.evaluation.effects if replicate.evaluation else ()
        found = next((row for row in effects if row.outcome == outcome), None)
        estimate = (
            (found.estimate, found.se, found.corrected, found.corrected_se, found.relative)
            if found
            else (nothing,) * 5
        )
        true = truth.effect, truth.relative, truth.se, enrolled.effect, enrolled.relative
        rows.append((*estimate, *true))
    columns = np.array(rows, np.float64).T
    return OutcomeReplicates(
        outcome=outcome,
        measure=measure,
        estimate=columns[0],
        se=columns[1],
        corrected=columns[2],
        corrected_se=columns[3],
        relative_estimate=columns[4],
        true=columns[5],
        relative_true=columns[6],
        true_se=columns[7],
        true_enrolled=columns[8],
        relative_true_enrolled=columns[9],
    )


class MeanError(NamedTuple):
    """A mean over replicates and its standard error."""

    mean: float
    se: float


def mean_error(values: NDArray[np.float64], se: NDArray[np.float64]) -> MeanError:
    """Mean of the finite ``values`` and its standard error; from ``se`` when there is only one value."""
    kept = np.isfinite(values)
    n = int(kept.sum())
    if n == 0:
        return MeanError(np.nan, np.nan)
    spread = float(values[kept].std(ddof=1) / np.sqrt(n)) if n > 1 else float(se[kept][0])
    return MeanError(float(values[kept].mean()), spread)


def outcome_result(replicates: OutcomeReplicates, targets: Iterable[Target] = ()) -> OutcomeResult:
    """Set one outcome's published, estimated and true values side by side, each with a 90% interval."""
    estimated = further_value(replicates.estimate, replicates.se)
    true, enrolled = further_value(replicates.true), further_value(replicates.true_enrolled)
    ratio = replicates.measure == RATE_RATIO
    if ratio:
        estimated, true, enrolled = (Interval(*np.exp(part).tolist()) for part in (estimated, true, enrolled))
    mine = {t.measure: t for t in targets if t.outcome == replicates.outcome}
    observed, tag = _observed(mine.get(replicates.measure))
    known = np.isfinite(observed.mean) and np.isfinite(estimated.low)
    relative = mine.get("relative")
    return OutcomeResult(
        outcome=replicates.outcome,
        measure=replicates.measure,
        observed=observed.mean,
        observed_low=observed.low,
        observed_high=observed.high,
        observed_tag=tag,
        estimated=estimated.mean,
        estimated_low=estimated.low,
        estimated_high=estimated.high,
        true=true.mean,
        true_low=true.low,
        true_high=true.high,
        relative_observed=observed.mean - 1.0 if ratio else (relative.observed if relative else np.nan),
        relative_estimated=estimated.mean - 1.0 if ratio else _finite_mean(replicates.relative_estimate),
        relative_true=true.mean - 1.0 if ratio else _finite_mean(replicates.relative_true),
        inside=bool(estimated.low <= observed.mean <= estimated.high) if known else None,
        estimated_error_share=error_share(replicates.estimate, replicates.se),
        true_error_share=error_share(replicates.true, replicates.true_se),
        true_enrolled=enrolled.mean,
        true_enrolled_low=enrolled.low,
        true_enrolled_high=enrolled.high,
        relative_true_enrolled=enrolled.mean - 1.0 if ratio else _finite_mean(replicates.relative_true_enrolled),
    )


def error_share(values: NDArray[np.float64], se: NDArray[np.float64]) -> float:
    """Return the share of the variance of ``values`` over replicates that their own errors make; at most 1.

    NaN with fewer than two values.
    """
    kept = np.isfinite(values) & np.isfinite(se)
    if kept.sum() < 2:
        return np.nan
    variance = float(values[kept].var(ddof=1))
    return min(float((se[kept] ** 2).mean()) / variance, 1.0) if variance > 0 else np.nan


def bias_row(replicates: OutcomeReplicates) -> BiasRow:
    """Average the evaluation's error over replicates: estimate / true for ratios, estimate - true for cost.

    Standard errors of ratios are on the ratio scale (delta method).
    """
    raw = mean_error(replicates.estimate - replicates.true, replicates.se)
    corrected = mean_error(replicates.corrected - replicates.true, replicates.corrected_se)
    if replicates.measure == RATE_RATIO:
        raw, corrected = (
            MeanError(float(np.exp(part.mean)), float(np.exp(part.mean)) * part.se) for part in (raw, corrected)
        )
    return BiasRow(replicates.outcome, replicates.measure, *raw, *corrected, coverage=coverage(replicates))


def coverage(replicates: OutcomeReplicates) -> float:
    """Share of replicates whose 95% interval around the raw estimate holds that replicate's truth."""
    error = np.abs(replicates.estimate - replicates.true)
    kept = np.isfinite(error) & np.isfinite(replicates.se)
    return float(np.mean(error[kept] <= Z95 * replicates.se[kept])) if kept.any() else np.nan


def left_out(replicates: OutcomeReplicates) -> str | None:
    """Sentence saying how many replicates gave no number for this outcome, or None if all did."""
    missing = int((~np.isfinite(replicates.estimate) | ~np.isfinite(replicates.true)).sum())
    if not missing:
        return None
    told = BY_NAME[replicates.outcome].label
    return f"{told}: {missing} of {replicates.estimate.size} replicates gave no number"


def _observed(target: Target | None) -> tuple[Interval, str]:
    if target is None:
        return UNKNOWN, ""
    weakest = max(target.tag, target.se_tag, key=TAGS.index)
    return normal_interval(target.observed, target.se), weakest


def _finite_mean(values: NDArray[np.float64]) -> float:
    kept = values[np.isfinite(values)]
    return float(kept.mean()) if kept.size else np.nan

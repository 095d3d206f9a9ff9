"""Scores of a predicted effect against a published one, on the log scale for rate ratios and in GBP for cost.

A prediction is where one further evaluation of the simulated study would fall
(:func:`icpsim.base.intervals.further_value`). That interval holds the sampling error of an
evaluation of the study's size already, so the published effect's own error is not added to it: if the model is
right, a published effect is one draw from the prediction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from icpsim.base.intervals import Interval, further_value, normal_interval
from icpsim.records.outcomes import RATE_RATIO

OUTSIDE_90 = 0.1
NOTHING = (math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class ReferenceScore:
    """How much better than a reference the prediction is: 1 perfect, 0 no better, below 0 worse, NaN undefined.

    ``value``, ``low`` and ``high`` are the reference's own prediction and 90% interval (ratio or GBP);
    ``error_skill`` compares absolute errors, ``interval_skill`` interval scores.
    """

    value: float
    low: float
    high: float
    error_skill: float
    interval_skill: float


@dataclass(frozen=True, slots=True)
class RowScore:
    """One published effect beside its prediction: values are ratios or GBP, ``error`` and on the scored scale.

    ``estimates`` counts replicates with an estimate; without any, or without an interval, ``covered`` and
    ``sign_right`` are None. ``sign_clear`` says whether the published 90% interval leaves out no effect.
    ``error`` is predicted - observed, ``width_ratio`` the predicted 90% interval's width over the published one's.
    """

    observed: float
    observed_low: float
    observed_high: float
    predicted: float
    predicted_low: float
    predicted_high: float
    estimates: int
    covered: bool | None
    sign_right: bool | None
    sign_clear: bool
    error: float
    width_ratio: float
    interval_score: float
    no_effect: ReferenceScore
    carry_over: ReferenceScore | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Several rows together: counts, coverage with its 90% Clopper-Pearson interval, mean skills (NaN if none).

    ``rows`` counts those with a prediction, ``clear`` those with a published sign; ``signs_right`` is among these.
    """

    rows: int
    covered: int
    coverage: float
    coverage_low: float
    coverage_high: float
    clear: int
    signs_right: int
    no_effect_error_skill: float
    no_effect_interval_skill: float
    carry_over_error_skill: float
    carry_over_interval_skill: float


def score_row(
    measure: str,
    published: tuple[float, float],
    estimates: NDArray[np.float64],
    errors: NDArray[np.float64],
    carried: tuple[float, float] | None,
) -> RowScore:
    """Score the replicates' ``estimates`` against a ``published`` effect and its standard error.

    ``estimates`` and their standard ``errors``: float64 (replicates,), log ratios or GBP; NaN is left out.
    ``published`` and ``carried`` (the effect of another study, used as the prediction; None for none) are ratios
    or GBP. References are normal: no effect with the published error, and ``carried`` with both errors.
    """
    value, se = scored_scale(measure, *published)
    observed = normal_interval(value, se)
    predicted = further_value(estimates, errors)
    known = all(math.isfinite(x) for x in predicted)
    references = [normal_interval(0.0, se)]
    if carried is not None:
        other, other_se = scored_scale(measure, *carried)
        references.append(normal_interval(other, math.hypot(se, other_se)))
    skills = [_against(measure, predicted, reference, value) for reference in references]
    width = predicted.high - predicted.low
    return RowScore(
        *shown_scale(measure, observed),
        *shown_scale(measure, predicted),
        estimates=int(np.isfinite(estimates).sum()),
        covered=predicted.low <= value <= predicted.high if known else None,
        sign_right=predicted.mean * value > 0 if known else None,
        sign_clear=not observed.low <= 0.0 <= observed.high,
        error=predicted.mean - value,
        width_ratio=width / (observed.high - observed.low),
        interval_score=interval_score(predicted, value),
        no_effect=skills[0],
        carry_over=skills[1] if carried is not None else None,
    )


def scored_scale(measure: str, value: float, se: float) -> tuple[float, float]:
    """Bring a value and its standard error to the scored scale: logs of ratios (delta method), GBP as they are."""
    return (math.log(value), se / value) if measure == RATE_RATIO else (value, se)


def shown_scale(measure: str, interval: Interval) -> tuple[float, float, float]:
    """Bring an interval of the scored scale back: ratios, or GBP as they are."""
    mean, low, high = interval
    return (math.exp(mean), math.exp(low), math.exp(high)) if measure == RATE_RATIO else (mean, low, high)


def interval_score(interval: Interval, value: float) -> float:
    """Interval score of a 90% interval, smaller is better: width, plus 20 times the distance outside.

    Gneiting and Raftery 2007, J Am Stat Assoc 102:359, equation 43, with alpha = 0.1; NaN without an interval.
    """
    below, above = max(interval.low - value, 0.0), max(value - interval.high, 0.0)
    return interval.high - interval.low + 2.0 / OUTSIDE_90 * (below + above)


def skill(loss: float, reference: float) -> float:
    """1 - ``loss`` / ``reference``; NaN when the reference has no loss to improve on."""
    return 1.0 - loss / reference if reference > 0 else math.nan


def coverage_interval(covered: int, rows: int) -> tuple[float, float]:
    """90% Clopper-Pearson interval of a share; NaN without rows."""
    if rows == 0:
        return NOTHING
    low = float(betaincinv(covered, rows - covered + 1, 0.05)) if covered else 0.0
    high = float(betaincinv(covered + 1, rows - covered, 0.95)) if covered < rows else 1.0
    return low, high


def summarise(rows: Iterable[RowScore]) -> Summary:
    """Coverage, signs and mean skills of those ``rows`` that have a prediction."""
    known = [row for row in rows if row.covered is not None]
    clear = [row for row in known if row.sign_clear]
    covered = sum(bool(row.covered) for row in known)
    carried = [row.carry_over for row in known if row.carry_over is not None]
    return Summary(
        len(known),
        covered,
        covered / len(known) if known else math.nan,
        *coverage_interval(covered, len(known)),
        clear=len(clear),
        signs_right=sum(bool(row.sign_right) for row in clear),
        no_effect_error_skill=_mean([row.no_effect.error_skill for row in known]),
        no_effect_interval_skill=_mean([row.no_effect.interval_skill for row in known]),
        carry_over_error_skill=_mean([reference.error_skill for reference in carried]),
        carry_over_interval_skill=_mean([reference.interval_skill for reference in carried]),
    )


def _against(measure: str, predicted: Interval, reference: Interval, value: float) -> ReferenceScore:
    return ReferenceScore(
        *shown_scale(measure, reference),
        error_skill=skill(abs(predicted.mean - value), abs(reference.mean - value)),
        interval_skill=skill(interval_score(predicted, value), interval_score(reference, value)),
    )


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else math.nan

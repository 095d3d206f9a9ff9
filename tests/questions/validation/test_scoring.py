"""Scores against numbers worked by hand, scikit-learn's pinball loss and scipy's exact binomial interval."""

from math import exp, hypot, isnan, log, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, t
from sklearn.metrics import mean_pinball_loss

from icpsim.base.intervals import Z90, Interval
from icpsim.questions.validation.scoring import (
    RowScore,
    coverage_interval,
    interval_score,
    score_row,
    skill,
    summarise,
)

SAME = 1e-12
"""Relative tolerance where both sides are the same arithmetic."""
GBP, RATIO = "difference_gbp", "rate_ratio"
amounts = st.floats(-1000, 1000)
errors = st.floats(1, 200)
replicates = st.lists(amounts, min_size=2, max_size=8, unique=True).map(np.array)


def scored(estimates: list[float], observed: float, se: float, carried: tuple[float, float] | None) -> RowScore:
    values = np.array(estimates, np.float64)
    return score_row(GBP, (observed, se), values, np.full(values.size, 50.0), carried)


@pytest.mark.parametrize(("value", "score"), [(1.0, 2.0), (2.0, 2.0), (3.0, 22.0), (-0.5, 12.0)])
def test_interval_score_by_hand(value: float, score: float) -> None:
    """Gneiting and Raftery 2007, equation 43: width 2, plus 2 / 0.1 for each unit outside."""
    assert interval_score(Interval(1.0, 0.0, 2.0), value) == pytest.approx(score, rel=SAME)


@given(low=amounts, width=st.floats(0, 500), value=amounts)
def test_interval_score_is_twenty_times_the_pinball_losses_of_its_ends(
    low: float, width: float, value: float
) -> None:
    """An outside reference: scikit-learn's loss of the 5% and the 95% quantile."""
    high = low + width
    loss = mean_pinball_loss([value], [low], alpha=0.05) + mean_pinball_loss([value], [high], alpha=0.95)
    assert interval_score(Interval(nan, low, high), value) == pytest.approx(20 * loss, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("covered", "rows"), [(0, 4), (2, 4), (4, 4), (17, 20), (1, 1)])
def test_coverage_interval_is_scipys_exact_one(covered: int, rows: int) -> None:
    exact = binomtest(covered, rows).proportion_ci(0.9, "exact")
    assert coverage_interval(covered, rows) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_a_cost_row_by_hand() -> None:
    """Estimates 20, 40, 60: mean 40, SD 20; observed 100 (30); the pilots' -20 (40) carried over."""
    row = scored([20, 40, 60], 100.0, 30.0, (-20.0, 40.0))
    half = t.ppf(0.95, 2) * 20 * sqrt(4 / 3)
    assert (row.predicted_low, row.predicted_high) == pytest.approx((40 - half, 40 + half), rel=1e-9)
    assert (row.observed_low, row.observed_high) == pytest.approx((100 - 30 * Z90, 100 + 30 * Z90), rel=SAME)
    assert (row.covered, row.sign_right, row.sign_clear, row.estimates) == (True, True, True, 3)
    assert row.error == pytest.approx(-60, rel=SAME)
    assert row.width_ratio == pytest.approx(half / (30 * Z90), rel=1e-9)
    assert row.interval_score == pytest.approx(2 * half, rel=1e-9)

    assert row.no_effect.error_skill == pytest.approx(1 - 60 / 100, rel=SAME)
    null = 2 * 30 * Z90 + 20 * (100 - 30 * Z90)
    assert row.no_effect.interval_skill == pytest.approx(1 - 2 * half / null, rel=1e-9)

    assert row.carry_over is not None
    assert row.carry_over.error_skill == pytest.approx(1 - 60 / 120, rel=SAME)
    reach = Z90 * hypot(30, 40)
    assert (row.carry_over.low, row.carry_over.high) == pytest.approx((-20 - reach, -20 + reach), rel=SAME)
    carried = 2 * reach + 20 * (100 - (-20 + reach))
    assert row.carry_over.interval_skill == pytest.approx(1 - 2 * half / carried, rel=1e-9)


def test_a_ratio_row_is_scored_on_logs_and_shown_as_ratios() -> None:
    estimates = np.log([0.8, 0.9, 0.8])
    row = score_row(RATIO, (0.9, 0.045), estimates, np.full(3, 0.05), (0.6, 0.06))
    mean = estimates.mean()
    assert row.predicted == pytest.approx(exp(mean), rel=SAME)
    assert (row.observed_low, row.observed_high) == pytest.approx(
        (0.9 * exp(-0.05 * Z90), 0.9 * exp(0.05 * Z90)), rel=SAME
    )
    assert row.error == pytest.approx(mean - log(0.9), rel=SAME)
    assert row.no_effect.value == 1.0
    assert row.no_effect.error_skill == pytest.approx(1 - abs(mean - log(0.9)) / abs(log(0.9)), rel=SAME)
    assert row.carry_over is not None
    assert row.carry_over.value == pytest.approx(0.6, rel=SAME)
    assert row.sign_right is True


def test_skill_is_not_the_wrong_way_round() -> None:
    """Half the reference's error is 0.5; with prediction and reference exchanged it would be -1."""
    assert skill(1.0, 2.0) == 0.5
    near, far = scored([45, 55], 100.0, 10.0, None), scored([-105, -95], 100.0, 10.0, None)
    assert near.no_effect.error_skill == pytest.approx(0.5, rel=SAME)
    assert far.no_effect.error_skill == pytest.approx(-1.0, rel=SAME)
    assert (near.sign_right, far.sign_right) == (True, False)
    assert near.no_effect.interval_skill > far.no_effect.interval_skill


def test_carrying_over_and_no_effect_are_not_exchanged() -> None:
    row = scored([-105, -95], 10.0, 10.0, (-100.0, 10.0))
    assert row.carry_over is not None
    assert row.carry_over.error_skill == pytest.approx(0.0, abs=SAME)
    assert row.no_effect.error_skill == pytest.approx(1 - 110 / 10, rel=SAME)


@given(estimates=replicates, observed=amounts, se=errors, carried=amounts)
def test_covered_is_a_score_of_no_more_than_the_width(
    estimates: np.ndarray, observed: float, se: float, carried: float
) -> None:
    row = scored(list(estimates), observed, se, (carried, se))
    width = row.predicted_high - row.predicted_low
    assert row.covered == (row.interval_score <= width)
    assert row.no_effect.interval_skill <= 1.0


@given(estimates=replicates, observed=amounts, se=errors, carried=amounts, factor=st.sampled_from([-2.0, 4.0]))
def test_skill_knows_no_units_and_no_direction(
    estimates: np.ndarray, observed: float, se: float, carried: float, factor: float
) -> None:
    """In other units, or with losses for gains, every skill and answer is the same."""
    row = scored(list(estimates), observed, se, (carried, se))
    other = scored(
        list(factor * estimates), factor * observed, abs(factor) * se, (factor * carried, abs(factor) * se)
    )
    assert (row.covered, row.sign_right, row.sign_clear) == (other.covered, other.sign_right, other.sign_clear)
    assert row.carry_over is not None
    assert other.carry_over is not None
    for mine, theirs in ((row.no_effect, other.no_effect), (row.carry_over, other.carry_over)):
        assert mine.error_skill == pytest.approx(theirs.error_skill, rel=1e-9, abs=1e-9, nan_ok=True)
        assert mine.interval_skill == pytest.approx(theirs.interval_skill, rel=1e-9, abs=1e-9)


def test_a_true_model_covers_nine_in_ten() -> None:
    """Published effect and replicates from the same distribution, 4,000 times.

    The share has a standard error of 0.005: a true 90% fails once in some ten million. With the published
    error added to the interval once more, the share would be 98%.
    """
    draw = np.random.default_rng(1).normal(5.0, 30.0, (4000, 5))
    covered = [scored(list(row[:4]), row[4], 30.0, None).covered for row in draw]
    assert np.mean(covered) == pytest.approx(0.9, abs=0.025)


def test_what_has_no_estimate_has_no_answer() -> None:
    row = scored([nan, nan], 100.0, 30.0, (-20.0, 40.0))
    assert (row.covered, row.sign_right, row.estimates) == (None, None, 0)
    assert isnan(row.interval_score)
    assert summarise([row]).rows == 0
    assert isnan(summarise([row]).coverage)


def test_a_single_replicate_takes_its_own_error() -> None:
    row = scored([40.0], 100.0, 30.0, None)
    assert row.predicted_high == pytest.approx(40 + 50 * Z90, rel=1e-9)


def test_summary_by_hand() -> None:
    rows = [
        scored([90, 110], 100.0, 10.0, (50.0, 10.0)),  # covered, right, skills 1 and 1
        scored([-51, -49], 100.0, 10.0, (50.0, 10.0)),  # missed, wrong, 1 - 150 / 100 and 1 - 150 / 50
        scored([0, 20], 1.0, 10.0, None),  # covered, sign not clear, 1 - 9 / 1
        scored([nan, nan], 100.0, 10.0, (50.0, 10.0)),
    ]
    found = summarise(rows)
    assert (found.rows, found.covered, found.clear, found.signs_right) == (3, 2, 2, 1)
    assert found.coverage == pytest.approx(2 / 3)
    exact = binomtest(2, 3).proportion_ci(0.9, "exact")
    assert (found.coverage_low, found.coverage_high) == pytest.approx((exact.low, exact.high), abs=1e-9)
    assert found.no_effect_error_skill == pytest.approx((1 - 0.5 - 8) / 3, rel=SAME)
    assert found.carry_over_error_skill == pytest.approx((1 - 2) / 2, rel=SAME)

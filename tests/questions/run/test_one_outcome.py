"""Summaries over replicates against numbers worked out by hand, and the promised coverage."""

from math import exp, isnan, log, nan, sqrt
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from icpsim.base.intervals import further_value
from icpsim.data.published_effects import Target
from icpsim.questions.run.one_outcome import (
    OutcomeReplicates,
    bias_row,
    coverage,
    error_share,
    left_out,
    outcome_result,
)

T_2_DF = 2.9199855803537256
"""95th percentile of Student's t with 2 degrees of freedom (tables: 2.920)."""

Z = 1.6448536269514722


def replicates(measure: str = "rate_ratio", **arrays: Any) -> OutcomeReplicates:
    n = len(arrays["estimate"])
    defaults = {
        "se": np.full(n, 0.1),
        "corrected": arrays["estimate"],
        "corrected_se": np.full(n, 0.2),
        "true": np.zeros(n),
        "true_se": np.full(n, 0.01),
        "relative_estimate": np.full(n, nan),
        "relative_true": np.full(n, nan),
        "true_enrolled": np.full(n, nan),
        "relative_true_enrolled": np.full(n, nan),
    }
    values = {k: np.asarray(v, dtype=float) for k, v in (defaults | arrays).items()}
    return OutcomeReplicates("emergency_admissions", measure, **values)


def target(measure: str, observed: float, se: float, se_tag: str = "RECALL") -> Target:
    return Target(
        target="t", set="s", outcome="emergency_admissions", measure=measure, observed=observed, se=se,
        se_source="x", se_tag=se_tag, tag="SEED", use="calibration", source="x", note="x",
    )  # fmt: skip


def test_interval_of_three_values_by_hand() -> None:
    mean, low, high = further_value(np.array([1.0, 2.0, 3.0]))
    half = T_2_DF * 1.0 * sqrt(1 + 1 / 3)
    assert (mean, low, high) == pytest.approx((2.0, 2.0 - half, 2.0 + half))


def test_single_replicate_uses_its_own_standard_error_and_truth_has_no_ends() -> None:
    row = outcome_result(replicates(estimate=[log(1.2)], se=[0.05], true=[log(1.1)]))
    assert row.estimated_low == pytest.approx(1.2 * exp(-Z * 0.05))
    assert row.estimated_high == pytest.approx(1.2 * exp(Z * 0.05))
    assert row.true == pytest.approx(1.1)
    assert np.isnan([row.true_low, row.true_high]).all()


def test_interval_holds_one_further_value_in_nine_of_ten_cases() -> None:
    """Exact for normal values; fails by chance once in 10,000 runs of different seeds."""
    draws = np.random.default_rng(20).normal(size=(4000, 6))
    held = 0
    for row in draws:
        _, low, high = further_value(row[:5])
        held += int(low <= row[5] <= high)
    assert binom.ppf(5e-5, 4000, 0.9) <= held <= binom.ppf(1 - 5e-5, 4000, 0.9)


def test_ratios_are_summarised_on_the_log_scale() -> None:
    row = outcome_result(replicates(estimate=np.log([1.0, 2.0, 4.0]), true=np.log([0.5, 1.0, 2.0])))
    assert row.estimated == pytest.approx(2.0)
    assert row.true == pytest.approx(1.0)
    assert row.estimated_high / row.estimated == pytest.approx(row.estimated / row.estimated_low)
    assert row.relative_estimated == pytest.approx(1.0)


def test_observed_interval_is_ninety_per_cent_and_carries_the_weakest_tag() -> None:
    row = outcome_result(replicates(estimate=[0.0]), [target("rate_ratio", 1.09, 0.04)])
    assert (row.observed_low, row.observed_high) == pytest.approx((1.09 - Z * 0.04, 1.09 + Z * 0.04))
    assert row.observed_tag == "RECALL"
    assert (
        outcome_result(replicates(estimate=[0.0]), [target("rate_ratio", 1.09, 0.04, "SEED")]).observed_tag
        == "SEED"
    )


@pytest.mark.parametrize(("observed", "inside"), [(1.17, True), (1.18, False), (0.85, True), (0.84, False)])
def test_observed_is_marked_by_the_estimated_interval(observed: float, inside: bool) -> None:
    # one replicate, estimate 1, se 0.1: the interval is 0.848 to 1.179
    row = outcome_result(replicates(estimate=[0.0]), [target("rate_ratio", observed, 0.04)])
    assert row.inside is inside


def test_nothing_observed_gives_no_verdict() -> None:
    row = outcome_result(replicates(estimate=[0.0]))
    assert row.inside is None
    assert row.observed_tag == ""
    assert np.isnan(row.observed)


def test_cost_stays_in_pounds_with_relative_changes_beside_it() -> None:
    data = replicates(
        "difference_gbp",
        estimate=[-100.0, -200.0, -300.0],
        true=[-50.0, -50.0, -80.0],
        relative_estimate=[-0.04, -0.08, -0.12],
        relative_true=[-0.02, -0.02, -0.05],
    )
    row = outcome_result(data, [target("difference_gbp", -223, 86.6), target("relative", -0.09, 0.035)])
    assert (row.estimated, row.true) == pytest.approx((-200.0, -60.0))
    assert (row.relative_observed, row.relative_estimated, row.relative_true) == pytest.approx(
        (-0.09, -0.08, -0.03)
    )
    bias = bias_row(data)
    # errors -50, -150, -220: mean -140, sd sqrt(7300), standard error sqrt(7300 / 3)
    assert (bias.raw, bias.raw_se) == pytest.approx((-140.0, sqrt(7300 / 3)))


def test_bias_of_a_ratio_by_hand() -> None:
    data = replicates(
        estimate=[0.10, 0.20, 0.30], corrected=[0.0, 0.1, 0.2], true=[0.05, 0.10, 0.15], se=[0.03, 0.03, 0.2]
    )
    row = bias_row(data)
    # errors 0.05, 0.10, 0.15: mean 0.10, sd 0.05
    assert row.raw == pytest.approx(exp(0.10))
    assert row.raw_se == pytest.approx(exp(0.10) * 0.05 / sqrt(3))
    assert row.corrected == pytest.approx(1.0)
    # 1.96 se are 0.059, 0.059 and 0.39: the first and third intervals hold the truth
    assert row.coverage == coverage(data) == pytest.approx(2 / 3)


def test_replicates_without_a_number_are_left_out_and_told() -> None:
    data = replicates(estimate=[0.1, nan, 0.3, -np.inf])
    assert outcome_result(data).estimated == pytest.approx(exp(0.2))
    assert left_out(data) == "emergency admissions: 2 of 4 replicates gave no number"
    assert left_out(replicates(estimate=[0.1])) is None
    nothing = outcome_result(replicates(estimate=[nan]), [target("rate_ratio", 1.09, 0.04)])
    assert nothing.inside is None


def test_share_of_the_variance_that_errors_make() -> None:
    """Errors of 0.1 in values that scatter with SD 0.2: a quarter; never more than all; unknown of one value."""
    values = 0.2 * np.array([-1.0, 0.0, 1.0])
    assert error_share(values, np.full(3, 0.1)) == pytest.approx(0.25)
    assert error_share(values, np.full(3, 0.5)) == 1.0
    assert isnan(error_share(values[:1], np.full(1, 0.1)))
    row = outcome_result(replicates(estimate=values, true=values))
    assert row.estimated_error_share == pytest.approx(0.25)
    assert row.true_error_share == pytest.approx(0.0025)


def test_truth_in_all_cases_stands_beside_truth_in_cases_with_a_control() -> None:
    """Ratios on the log scale, with an interval of the spread; pounds as they are."""
    row = outcome_result(replicates(estimate=[0.0, 0.0], true=[0.1, 0.3], true_enrolled=[log(0.5), log(0.8)]))
    assert row.true == pytest.approx(exp(0.2))
    assert row.true_enrolled == pytest.approx(sqrt(0.4))
    assert row.relative_true_enrolled == pytest.approx(sqrt(0.4) - 1)
    assert row.true_enrolled_low < 0.5
    assert row.true_enrolled_high > 0.8
    money = {"true_enrolled": [-50.0, -70.0], "relative_true_enrolled": [-0.02, -0.03]}
    cost = outcome_result(replicates("difference_gbp", estimate=[0.0, 0.0], true=[1.0, 2.0], **money))
    assert (cost.true_enrolled, cost.relative_true_enrolled) == pytest.approx((-60.0, -0.025))

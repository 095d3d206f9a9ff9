"""Paired comparisons against scipy and statsmodels, and against simulation with a known correlation."""

from math import isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestIndPower, TTestPower

from icpsim.questions.compare.paired import (
    PairedError,
    compare_paired,
    interval,
    replicates_needed,
    variance_ratio,
)


def correlated(rng, n, correlation, mean=(100.0, 110.0), sd=(10.0, 8.0)):
    cross = correlation * sd[0] * sd[1]
    pairs = rng.multivariate_normal(mean, [[sd[0] ** 2, cross], [cross, sd[1] ** 2]], n)
    return pairs[:, 0], pairs[:, 1]


def test_interval_is_scipys():
    x = np.array([3.0, 5.0, 4.0, 9.0, 1.0])
    found = interval(x)
    expected = stats.ttest_1samp(x, 0.0).confidence_interval(0.9)
    assert (found.estimate, found.low, found.high) == pytest.approx((4.4, *expected), rel=1e-12)


def test_difference_is_scipys_paired_test():
    a, b = correlated(np.random.default_rng(2), 30, 0.8)
    found = compare_paired(a, b)
    expected = stats.ttest_rel(a, b).confidence_interval(0.9)
    assert (found.difference.low, found.difference.high) == pytest.approx(tuple(expected), rel=1e-10)
    assert found.relative.estimate == pytest.approx(a.mean() / b.mean() - 1)
    assert found.variance_paired == pytest.approx((a - b).var(ddof=1))
    assert found.variance_unpaired == pytest.approx(a.var(ddof=1) + b.var(ddof=1))
    assert found.variance_ratio.estimate == pytest.approx(found.variance_paired / found.variance_unpaired)


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.9, 0.99])
def test_variance_ratio_covers_a_known_truth(correlation):
    """The share of 3,000 intervals that hold the truth is 90% within 4 of its standard errors."""
    rng = np.random.default_rng(11)
    truth = 1.0 - 2.0 * correlation * 80.0 / (100.0 + 64.0)
    tries = 3000
    held = 0
    for _ in range(tries):
        found = variance_ratio(*correlated(rng, 12, correlation))
        held += found.low <= truth <= found.high
    assert abs(held / tries - 0.9) < 4 * sqrt(0.09 / tries)


def test_variance_ratio_closes_in_on_the_truth():
    a, b = correlated(np.random.default_rng(3), 200_000, 0.9)
    found = variance_ratio(a, b)
    assert found.estimate == pytest.approx(1.0 - 144.0 / 164.0, rel=0.02)
    assert found.high / found.low == pytest.approx(1.0, abs=0.03)


def test_relative_interval_covers_a_known_truth():
    rng = np.random.default_rng(7)
    tries = 3000
    held = 0
    for _ in range(tries):
        found = compare_paired(*correlated(rng, 20, 0.7)).relative
        held += found.low <= 100.0 / 110.0 - 1.0 <= found.high
    assert abs(held / tries - 0.9) < 4 * sqrt(0.09 / tries)


@pytest.mark.parametrize("effect", [2.5, 1.2, 0.5, 0.1, 0.02])
def test_replicates_are_statsmodels(effect):
    expected = TTestPower().solve_power(effect_size=effect, power=0.8, alpha=0.05)
    assert replicates_needed(1.0, effect) == int(np.ceil(expected))
    both = TTestIndPower().solve_power(effect_size=effect, power=0.8, alpha=0.05)
    assert replicates_needed(2.0, effect, groups=2) == int(np.ceil(both))


def test_so_many_replicates_see_the_difference_as_often_as_they_should():
    """Power by simulation: 80% or a little more within 4 standard errors of 4,000 tries."""
    rng = np.random.default_rng(13)
    variance, difference = 9.0, 1.5
    n = replicates_needed(variance, difference)
    tries = 4000
    seen = stats.ttest_1samp(rng.normal(difference, 3.0, (tries, n)), 0.0, axis=1).pvalue < 0.05
    assert 0.8 - 4 * sqrt(0.16 / tries) < seen.mean() < 0.84


@given(st.floats(1e-6, 1e6), st.floats(1e-3, 1e3))
def test_pairs_with_less_variance_never_need_more(variance, difference):
    least = replicates_needed(variance / 4, difference)
    most = replicates_needed(variance, difference)
    assert 2 <= least <= most


def test_nothing_to_see_has_no_number():
    assert replicates_needed(1.0, 0.0) is None
    assert replicates_needed(float("nan"), 1.0) is None
    assert replicates_needed(0.0, 1.0) == 2
    found = compare_paired([1.0, -1.0, 0.0], [1.0, -1.0, 0.0])
    assert found.replicates_paired is None
    assert isnan(found.relative.estimate)


def test_identical_arms_save_everything():
    found = compare_paired([5.0, 6.0, 8.0], [5.0, 6.0, 8.0])
    assert (found.difference.estimate, found.difference.low, found.difference.high) == (0.0, 0.0, 0.0)
    assert (found.variance_ratio.estimate, found.variance_ratio.high) == (0.0, 0.0)
    assert found.replicates_paired == 2
    assert found.replicates_unpaired > 100


def test_few_replicates_have_no_interval():
    one = compare_paired([5.0], [4.0])
    assert one.difference.estimate == 1.0
    assert one.relative.estimate == 0.25
    assert isnan(one.difference.low)
    assert isnan(one.variance_ratio.estimate)
    assert one.replicates_paired is None
    two = compare_paired([5.0, 7.0], [4.0, 6.5])
    assert isnan(two.variance_ratio.low)
    assert two.variance_ratio.estimate == pytest.approx(0.125 / 5.125)


def test_constant_arms_have_no_ratio():
    assert isnan(compare_paired([2.0] * 4, [1.0] * 4).variance_ratio.estimate)


@pytest.mark.parametrize(("a", "b"), [([1.0, 2.0], [1.0]), ([], []), ([1.0, np.nan], [1.0, 2.0])])
def test_replicates_that_do_not_match_are_refused(a, b):
    with pytest.raises(PairedError):
        compare_paired(a, b)


def test_an_interval_over_nothing_is_refused():
    with pytest.raises(PairedError, match=r"one or more replicates, not over shape \(0,\)"):
        interval([])

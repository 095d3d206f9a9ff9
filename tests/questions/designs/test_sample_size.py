"""Standard formulas against statsmodels, scipy and cases worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import NormalIndPower, TTestIndPower

from icpsim.questions.designs.sample_size import SMALLEST, UsualCare, power, standard_error, usual_care


def test_power_is_that_of_statsmodels():
    for effect, n in ((0.2, 100), (0.5, 64), (0.05, 400)):
        se = math.sqrt(2.0 / n)
        assert power(effect, se) == pytest.approx(NormalIndPower().power(effect, n, 0.05), abs=1e-9)
        assert power(effect, se, 2 * n - 2) == pytest.approx(TTestIndPower().power(effect, n, 0.05), abs=1e-6)


def test_power_in_the_tail_is_the_normal_power_averaged_over_the_error():
    """A t is a normal over the root of a chi-square: by Gauss-Legendre, with no noncentral t."""
    u, w = np.polynomial.legendre.leggauss(2000)
    for df in (2, 3, 11, 50):
        edge, error = stats.t.isf(0.025, df), np.sqrt(stats.chi2.ppf((u + 1) / 2, df) / df)
        for shift in (0.0, 0.3, 2.0, 8.0, 12.0, 60.0):
            seen = stats.norm.sf(edge * error - shift) + stats.norm.cdf(-edge * error - shift)
            assert power(shift, 1.0, df) == pytest.approx(float(w / 2 @ seen), abs=1e-7)


def test_the_smallest_effect_is_seen_with_80_per_cent():
    assert pytest.approx(2.8016, abs=1e-4) == SMALLEST
    assert power(SMALLEST, 1.0) == pytest.approx(0.8, abs=1e-4)


def test_two_poisson_rates_as_in_the_textbook():
    """Error of a log rate ratio: the root of 1/events + 1/events."""
    care = UsualCare(mean=0.5, variance=0.5, icc=0.0, size=1.0)
    found = standard_error(care, (200.0, 400.0), math.log(0.8), ratio=True)
    assert found == pytest.approx(math.sqrt(1 / (200 * 0.4) + 1 / (400 * 0.5)), rel=1e-12)


@given(size=st.floats(1, 200), icc=st.floats(0, 0.5), spread=st.floats(1, 5))
def test_clusters_and_spread_multiply_the_variance(size, icc, spread):
    plain = standard_error(UsualCare(0.5, 0.5, 0.0, size), (100.0, 100.0), -0.1, ratio=True)
    both = standard_error(UsualCare(0.5, 0.5 * spread, icc, size), (100.0, 100.0), -0.1, ratio=True)
    assert both == pytest.approx(plain * math.sqrt(spread * (1 + (size - 1) * icc)), rel=1e-9)


@example(effect=0.5, se=0.0625, df=3)  # scipy's noncentral t has no number here
@example(effect=0.0, se=1.0, df=2)  # its noncentral F has none here
@given(effect=st.floats(-1, 1), se=st.floats(0.01, 2), df=st.one_of(st.just(math.inf), st.integers(2, 50)))
def test_power_is_a_chance_and_the_same_both_ways(effect, se, df):
    found = power(effect, se, df)
    assert 0.05 - 1e-6 <= found <= 1.0 + 1e-9
    assert found == pytest.approx(power(-effect, se, df), abs=1e-6)


def test_the_intracluster_correlation_is_found():
    rng = np.random.default_rng(3)
    practice = np.repeat(np.arange(400), 25)
    alike = rng.normal(0, math.sqrt(0.1), 400)[practice] + rng.normal(0, math.sqrt(0.9), 10_000)
    found = usual_care(alike, practice)
    assert found.size == 25.0
    assert found.icc == pytest.approx(0.1, abs=0.03)  # four standard errors
    assert found.variance == pytest.approx(1.0, abs=0.1)
    alone = usual_care(rng.normal(size=10_000), practice)
    assert alone.icc == pytest.approx(0.0, abs=0.01)


def test_practices_of_unequal_size_count_by_people():
    found = usual_care(np.arange(6.0), np.array([4, 4, 4, 4, 9, 9]))
    assert found.size == pytest.approx((16 + 4) / 6)
    assert np.isnan(usual_care(np.arange(3.0), np.array([1, 1, 1])).icc)

"""Indices of inequality against statsmodels, and their signs, limits and refusals."""

from math import inf, isinf, isnan, log

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st

from icpsim.base.intervals import Z90
from icpsim.questions.compare.inequality import (
    InequalityError,
    difference_gradient,
    positions,
    relative_index,
    slope_index,
)

FIT = 1e-8
"""Statsmodels' fits and ours agree to this, relative to the size of what is fitted."""

YEARS = st.lists(st.floats(1.0, 1e5), min_size=5, max_size=5).map(np.array)
ALIKE = st.lists(st.floats(500.0, 5000.0), min_size=5, max_size=5).map(np.array)
"""Person-years like real quintiles': statsmodels' iterations run away where one is hundreds of times another."""
COUNTS = st.lists(st.integers(0, 5000), min_size=5, max_size=5).map(np.array)


def close(a, b):
    return abs(a - b) <= FIT * max(1.0, abs(a), abs(b))


@given(COUNTS, YEARS)
def test_slope_is_statsmodels_weighted_least_squares(counts, years):
    rates = counts / years
    fit = sm.WLS(rates, sm.add_constant(positions(years)), weights=years / years.sum()).fit()
    found = slope_index(counts, years)
    size = max(1.0, rates.max())
    assert abs(found.intercept - fit.params[0]) <= 1e-6 * size
    assert abs(found.slope - fit.params[1]) <= 1e-6 * size


@pytest.mark.filterwarnings("ignore:Perfect separation")  # counts that lie on the line exactly
@given(COUNTS, ALIKE)
def test_ratio_is_statsmodels_poisson_regression(counts, years):
    place = positions(years)
    assume(counts.sum() > 10)
    mean = counts @ place / counts.sum()
    assume(place[0] + 0.05 < mean < place[-1] - 0.05)
    fit = sm.GLM(counts, sm.add_constant(place), sm.families.Poisson(), offset=np.log(years)).fit(tol=1e-14)
    assume(abs(fit.params[1]) < 10)
    found = relative_index(counts, years)
    assert close(log(found.ratio), fit.params[1])
    assert close(found.log_se, fit.bse[1])
    low, high = fit.conf_int(0.1)[1]
    assert close(log(found.low), low)
    assert close(log(found.high), high)


def test_slope_error_is_that_of_poisson_counts():
    """The mean of the errors and the spread of 4,000 drawn slopes agree within 4 of that spread's own errors."""
    rng = np.random.default_rng(5)
    years = np.array([900.0, 1000.0, 1100.0, 1200.0, 1300.0])
    expected = years * np.array([0.10, 0.12, 0.15, 0.17, 0.25])
    drawn = [slope_index(rng.poisson(expected), years) for _ in range(4000)]
    slopes = np.array([one.slope for one in drawn])
    spread = slopes.std(ddof=1)
    assert abs(np.mean([one.se for one in drawn]) - spread) < 4 * spread / np.sqrt(2 * len(drawn))
    truth = slope_index(expected, years).slope
    assert abs(np.mean([one.low <= truth <= one.high for one in drawn]) - 0.9) < 4 * np.sqrt(0.09 / len(drawn))


def test_positions_are_the_middles_of_shares():
    assert positions([10, 20, 30, 20, 20]) == pytest.approx([0.05, 0.2, 0.45, 0.7, 0.9])
    assert positions([1] * 5) == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])


def test_more_among_the_most_deprived_is_positive():
    years = np.full(5, 1000.0)
    rising = np.array([100, 120, 140, 160, 180])
    found = slope_index(rising, years)
    assert found.slope == pytest.approx(0.1)
    assert found.intercept == pytest.approx(0.09)
    assert found.high - found.slope == pytest.approx(Z90 * found.se)
    assert relative_index(rising, years).ratio > 1
    assert slope_index(rising[::-1], years).slope == pytest.approx(-0.1)
    assert relative_index(rising[::-1], years).ratio == pytest.approx(1 / relative_index(rising, years).ratio)


def test_equal_rates_are_no_inequality():
    years = np.array([10.0, 20.0, 30.0, 20.0, 20.0])
    assert slope_index(years * 3, years).slope == pytest.approx(0.0, abs=1e-12)
    assert relative_index(years * 3, years).ratio == pytest.approx(1.0, abs=1e-10)


def test_all_events_at_one_end_have_no_finite_ratio():
    years = np.full(5, 100.0)
    assert relative_index([0, 0, 0, 0, 7], years).ratio == inf
    lowest = relative_index([7, 0, 0, 0, 0], years)
    assert lowest.ratio == 0.0
    assert isnan(lowest.low)
    assert isnan(relative_index(np.zeros(5), years).ratio)


def test_one_event_off_the_end_is_finite():
    found = relative_index([0, 0, 0, 1, 10**6], np.full(5, 100.0))
    assert found.ratio > 1e6
    assert not isinf(found.ratio)


def test_empty_quintiles_count_for_nothing():
    years = np.array([100.0, 0.0, 100.0, 0.0, 100.0])
    found = slope_index([10, 0, 20, 0, 30], years)
    assert found.slope == pytest.approx(0.3)
    fit = sm.GLM(
        np.array([10, 20, 30]), sm.add_constant([1 / 6, 3 / 6, 5 / 6]), sm.families.Poisson(), exposure=years[::2]
    ).fit(tol=1e-14)
    assert close(log(relative_index([10, 0, 20, 0, 30], years).ratio), fit.params[1])
    alone = np.array([0.0, 0.0, 5.0, 0.0, 0.0])
    assert isnan(slope_index(alone, alone).slope)
    assert isnan(relative_index(alone, alone).ratio)


@given(COUNTS, YEARS, COUNTS)
def test_slope_of_a_difference_is_the_difference_of_slopes(counts, years, reference):
    found = difference_gradient(counts, years, reference, years)
    assert np.allclose(found.difference, (counts - reference) / years)
    apart = slope_index(counts, years).slope - slope_index(reference, years).slope
    assert found.slope == pytest.approx(
        apart, abs=1e-7 * max(1.0, (counts / years).max(), (reference / years).max())
    )


def test_difference_goes_through_the_quintiles_that_both_arms_have():
    years = np.full(5, 100.0)
    lost = np.array([100.0, 100.0, 100.0, 100.0, 0.0])
    found = difference_gradient([1, 2, 3, 4, 0], lost, np.zeros(5), years)
    assert isnan(found.difference[4])
    assert found.slope == pytest.approx(0.05)
    assert found.intercept == pytest.approx(0.005)


@pytest.mark.parametrize(
    ("events", "years", "message"),
    [
        ([1, 2, 3], np.ones(5), "events by quintile are five"),
        (np.ones(5), [1, 2, 3, 4, -5], "person-years by quintile"),
        ([1, 1, 1, 1, np.nan], np.ones(5), "five finite numbers"),
        (np.ones(5), [0, 1, 1, 1, 1], "a quintile has events and no person-years"),
        (np.zeros(5), np.zeros(5), "no quintile has any people"),
    ],
)
def test_what_is_no_count_is_refused(events, years, message):
    with pytest.raises(InequalityError, match=message):
        slope_index(events, years)

"""The pattern that Daw and Hatfield published (Health Serv Res 2018, doi 10.1111/1475-6773.12993), and theory."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

SCRIPT = Path(__file__).parents[2] / "experiments" / "daw-hatfield" / "monte_carlo.py"
REPLICATES = 60
MOST = 5.0
"""Standard errors that a mean of 60 may lie from what it should be: t with 59 degrees of freedom exceeds it with
probability 6e-6, 4e-4 for 64 cells at once, were the seed drawn anew. Cells share shocks, so it is less."""
LEVEL, COVARIATE, TREND_ON_LEVEL, TREND_ON_TREND = range(4)


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("daw_hatfield", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["daw_hatfield"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cells(script):
    return script.run(REPLICATES)


def of(script, cells, number):
    """Return the cells of a case, rows differences and columns serial correlations, both rising."""
    name = script.CASES[number].name
    mine = sorted((c for c in cells if c.case == name), key=lambda c: (c.difference, c.correlation))
    return np.array(mine, object).reshape(len(script.DIFFERENCES), len(script.CORRELATIONS))


@pytest.mark.slow
def test_unmatched_is_unbiased_where_levels_differ(script, cells):
    for number in (LEVEL, COVARIATE):
        for cell in of(script, cells, number).flat:
            assert abs(cell.unmatched_bias) < MOST * cell.unmatched_se


@pytest.mark.slow
def test_matched_bias_is_what_theory_says_of_the_pairs_made(script, cells):
    for cell in cells:
        assert abs(cell.miss) < MOST * cell.miss_se, cell


@pytest.mark.slow
@pytest.mark.parametrize("number", [LEVEL, COVARIATE])
def test_matched_bias_grows_with_the_difference_and_with_weaker_serial_correlation(script, cells, number):
    """Compared are a difference with the next, a correlation with the next but one.

    They are 3.5 errors apart or more (asserted) in 18 comparisons a case: false alarm below 0.005.
    """
    found = of(script, cells, number)
    bias = np.array([[c.matched_bias for c in row] for row in found])
    error = np.array([[c.matched_se for c in row] for row in found])
    theory = np.array([[c.expected for c in row] for row in found])
    assert (np.abs(bias[0]) < MOST * error[0]).all()
    assert (np.diff(theory, axis=0) > 3.5 * np.hypot(error[1:], error[:-1])).all()
    assert (theory[1:, :-2] - theory[1:, 2:] > 3.5 * np.hypot(error[1:, :-2], error[1:, 2:])).all()
    assert (np.diff(bias, axis=0) > 0).all()
    assert (bias[1:, :-2] > bias[1:, 2:]).all()


@pytest.mark.slow
def test_matching_adds_no_bias_where_trends_differ(script, cells):
    """Unmatched is off by the trend itself (1 SD over five periods: 1 SD), matched by no more than that."""
    for number in (TREND_ON_LEVEL, TREND_ON_TREND):
        for cell in of(script, cells, number)[1:].flat:
            assert abs(cell.unmatched_bias - cell.difference) < MOST * cell.unmatched_se
            added = cell.matched_bias - cell.unmatched_bias
            assert added < MOST * cell.added_se
            if number == TREND_ON_LEVEL:
                assert added > -MOST * cell.added_se


@given(
    st.integers(1, 30).flatmap(lambda n: arrays(np.float64, n, elements=st.floats(-3, 3))),
    st.integers(1, 30).flatmap(lambda n: arrays(np.float64, n, elements=st.floats(-3, 3))),
    st.floats(0.01, 1.0),
)
def test_each_takes_the_nearest_control_not_yet_taken_within_the_caliper(script, treated, control, caliper):
    partner = script.nearest_pairs(treated, control, caliper)
    free = set(range(control.size))
    for value, chosen in zip(treated, partner, strict=True):
        distances = [abs(value - control[j]) for j in sorted(free)]
        least = min(distances, default=np.inf)
        if chosen < 0:
            assert least > caliper
        else:
            assert abs(value - control[chosen]) == least <= caliper
            free.remove(int(chosen))


@pytest.mark.parametrize("correlation", [0.0, 0.4, 0.95])
def test_deviations_have_the_covariance_that_theory_takes(script, correlation):
    """20,000 units: the error of a covariance is at most 0.01; ten times that is a false alarm of 1e-20."""
    paths = np.vstack([script.deviations(r, correlation)[0] for r in range(20)])
    assert np.abs(np.cov(paths.T) - script.covariance(correlation)).max() < 0.1


def test_theory_in_one_case_by_hand(script):
    """No serial correlation: what is seen before foretells nothing after, so a change gives all of it back."""
    assert script.slope_on_matching_variable(script.CASES[LEVEL], 0.0) == pytest.approx(-1.0)

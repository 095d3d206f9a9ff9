"""A hidden confounder's bias: the formula's own limits, its inverses, and numbers printed elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpsim.questions.errors import ConfounderError
from icpsim.questions.hidden_confounder.bias import (
    Confounder,
    Question,
    e_value,
    gap_needed,
    grid,
)

SHARE = st.floats(0.0, 1.0)
RATIO = st.floats(0.05, 20.0)


@given(SHARE, SHARE, RATIO)
def test_bias_is_between_the_rate_ratio_and_its_inverse(cases, controls, ratio):
    bias = Confounder(cases, controls, ratio).bias
    assert min(ratio, 1 / ratio) - 1e-12 <= bias <= max(ratio, 1 / ratio) + 1e-12
    swapped = Confounder(controls, cases, ratio).bias
    assert bias * swapped == pytest.approx(1.0)


@given(SHARE, RATIO)
def test_no_gap_or_no_rate_ratio_is_no_bias(share, ratio):
    assert Confounder(share, share, ratio).bias == pytest.approx(1.0)
    assert Confounder(share, 1.0 - share, 1.0).bias == pytest.approx(1.0)


@given(st.floats(0.0, 0.95), st.floats(0.01, 0.95), st.floats(1.05, 20.0))
def test_what_is_needed_does_it(controls, share, ratio):
    cases = controls + share * (1.0 - controls)
    bias = Confounder(cases, controls, ratio).bias
    assert gap_needed(bias, controls, ratio) == pytest.approx(cases - controls, abs=1e-9)


def test_the_bias_of_a_made_up_study_is_that_of_counting():
    """Of 1,000 cases 600 and of 1,000 controls 200 have a trait; they have 3 events each and others 1."""
    assert Confounder(0.6, 0.2, 3.0).bias == pytest.approx((600 * 3 + 400) / (200 * 3 + 800))


def test_some_biases_no_share_of_cases_can_make():
    assert gap_needed(1.09, 0.2, 1.05) is None
    assert gap_needed(1.09, 0.2, 1.0) is None
    assert gap_needed(1.0, 0.2, 1.0) == 0.0


def test_e_value_is_that_of_the_r_package():
    """CRAN's EValue (README): risk ratio 10.73 (8.02 to 14.36) has 20.94777 and, at the lower limit, 15.52336."""
    assert e_value(10.73) == pytest.approx(20.94777, abs=5e-6)
    assert e_value(8.02) == pytest.approx(15.52336, abs=5e-6)
    assert e_value(1 / 8.02) == pytest.approx(15.52336, abs=5e-6)
    assert e_value(1.0) == 1.0


@given(st.floats(1.0, 10.0))
def test_no_confounder_below_the_e_value_explains_a_ratio(ratio):
    """With risk ratios of at most E both ways the bias is at most E^2 / (2 E - 1) (Ding and VanderWeele 2016)."""
    e = e_value(ratio)
    assert e * e / (2 * e - 1) == pytest.approx(ratio)
    rng_shares = np.linspace(0.001, 1.0, 200)
    worst = max(Confounder(min(1.0, e * p), p, e).bias for p in rng_shares if e * p <= 1.0)
    assert worst <= ratio * (1 + 1e-9)


def test_the_grid_is_empty_where_shares_cannot_be():
    found = grid([-0.3, 0.0, 0.5, 0.9], [1.5, 3.0], 0.2)
    assert np.isnan(found[:, 0]).all()
    assert found[:, 1] == pytest.approx(1.0)
    assert np.isnan(found[:, 3]).all()
    assert found[1, 2] == pytest.approx(Confounder(0.7, 0.2, 3.0).bias)


@pytest.mark.parametrize("wrong", [(1.2, 0.2, 2.0), (0.2, -0.1, 2.0), (0.2, 0.2, 0.0), (0.2, 0.2, float("nan"))])
def test_impossible_confounders_are_refused(wrong):
    with pytest.raises(ConfounderError, match="must"):
        Confounder(*wrong)


def test_impossible_questions_are_refused():
    with pytest.raises(ConfounderError, match="true ratio must be above 0"):
        _ = Question("nonsense", 1.09, 0.0).bias
    with pytest.raises(ConfounderError, match="ratio must be above 0"):
        e_value(-1.0)

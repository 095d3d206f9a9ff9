"""What holds for every decision: acceptability sums to 1, partial information is worth no more than perfect."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from icpsim.economics.decision.information import (
    information_on_groups,
    opportunity_loss,
    over_years,
    perfect_information,
    standard_error,
)
from icpsim.economics.decision.net_benefit import acceptability, expected, net_benefit, probability_best
from icpsim.economics.errors import DecisionAnalysisError

SUMS = st.floats(-1e6, 1e6, allow_nan=False)


@st.composite
def decisions(draw):
    shape = draw(st.integers(1, 20)), draw(st.integers(1, 5))
    benefit = draw(arrays(np.float64, shape, elements=SUMS))
    weight = draw(arrays(np.float64, shape[0], elements=st.floats(0.01, 10.0)))
    group = draw(st.lists(st.sampled_from("abc"), min_size=shape[0], max_size=shape[0]))
    return benefit, weight, group


@given(decisions())
def test_acceptability_sums_to_one_and_the_frontier_lies_on_it(decision):
    benefit, weight, _ = decision
    (found,) = acceptability(-benefit, np.zeros_like(benefit), [0.0], weight)
    assert found.probability.sum() == pytest.approx(1.0)
    assert found.frontier == found.probability[found.best]
    assert found.expected[found.best] == found.expected.max()


@given(decisions())
def test_partial_information_lies_between_nothing_and_perfect_information(decision):
    benefit, weight, group = decision
    perfect = perfect_information(benefit, weight)
    partial = information_on_groups(benefit, group, weight)
    assert 0.0 <= partial <= perfect + 1e-6
    assert information_on_groups(benefit, range(len(benefit)), weight) == pytest.approx(perfect, abs=1e-6)
    assert information_on_groups(benefit, ["same"] * len(benefit), weight) == pytest.approx(0.0, abs=1e-6)


@given(decisions())
def test_nothing_is_worth_knowing_when_one_option_is_best_in_every_draw(decision):
    benefit, weight, group = decision
    better = np.column_stack([benefit, benefit.max(axis=1) + 1.0])
    assert perfect_information(better, weight) == 0.0
    assert information_on_groups(better, group, weight) == pytest.approx(0.0, abs=1e-6)
    assert probability_best(better, weight)[-1] == pytest.approx(1.0)


@given(decisions(), SUMS)
def test_a_sum_that_every_option_gains_changes_no_decision(decision, sum_of_money):
    benefit, weight, _ = decision
    moved = perfect_information(benefit + sum_of_money, weight)
    assert moved == pytest.approx(perfect_information(benefit, weight), abs=1e-6)


@given(decisions())
def test_perfect_information_is_the_expected_maximum_less_the_maximum_expectation(decision):
    benefit, weight, _ = decision
    direct = float(weight @ benefit.max(axis=1) / weight.sum() - expected(benefit, weight).max())
    assert perfect_information(benefit, weight) == pytest.approx(direct, abs=1e-6)
    assert (opportunity_loss(benefit, weight) >= 0).all()


def test_the_threshold_prices_effects():
    assert net_benefit([100.0], [2.0], 75.0).tolist() == [50.0]
    assert net_benefit([100.0], [2.0], 0.0).tolist() == [-100.0]


def test_the_standard_error_is_that_of_a_mean():
    benefit = np.array([[0.0, 1.0], [0.0, -1.0], [0.0, 3.0], [0.0, -1.0]])
    loss = np.array([0.0, 1.0, 0.0, 1.0])
    assert standard_error(benefit) == pytest.approx(loss.std(ddof=1) / 2.0)
    assert np.isnan(standard_error(benefit[:1]))


def test_years_are_discounted_to_the_first():
    assert over_years(100.0, 1, 0.035) == 100.0
    assert over_years(100.0, 3, 0.035, 2.0) == pytest.approx(200.0 * (1 + 1 / 1.035 + 1 / 1.035**2))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: net_benefit([1.0], [1.0, 2.0], 3.0),
        lambda: net_benefit([1.0], [1.0], float("nan")),
        lambda: expected(np.empty((0, 2))),
        lambda: expected(np.array([[1.0, np.nan]])),
        lambda: expected(np.ones((2, 2)), [1.0]),
        lambda: expected(np.ones((2, 2)), [1.0, -1.0]),
        lambda: expected(np.ones((2, 2)), [0.0, 0.0]),
        lambda: information_on_groups(np.ones((2, 2)), ["a"]),
        lambda: over_years(1.0, 0, 0.035),
        lambda: over_years(1.0, 1, -1.0),
        lambda: over_years(1.0, 1, 0.035, 0.0),
    ],
)
def test_what_is_no_decision_is_refused(wrong):
    with pytest.raises(DecisionAnalysisError):
        wrong()

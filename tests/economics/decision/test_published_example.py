"""Published worked examples, to their printed digits.

Halton KA, Cook DA, Whitby M, Paterson DL, Graves N. Cost effectiveness of antimicrobial catheters in the intensive
care unit: addressing uncertainty in the decision. Critical Care 2009;13:R35, Table 2 (CC BY 2.0),
https://ccforum.biomedcentral.com/articles/10.1186/cc7744/tables/2: five simulations of monetary net benefit.

Expected value of perfect information: example, https://liquisearch.com/expected_value_of_perfect_information/example
(the encyclopaedia article's example; https://fr.scribd.com/doc/225211038/EVPI prints 680, 590, 500, 1030 and 350):
three investments, three markets of given probabilities.
"""

import numpy as np
import pytest

from icpsim.economics.decision.information import information_on_groups, opportunity_loss, perfect_information
from icpsim.economics.decision.net_benefit import acceptability, expected, probability_best

STANDARD, A, B = range(3)
CATHETERS = np.array(
    [
        [140.0, 150.0, 160.0],
        [100.0, 110.0, 120.0],
        [110.0, 100.0, 100.0],
        [100.0, 150.0, 130.0],
        [130.0, 120.0, 110.0],
    ]
)
MARKET = np.array([0.5, 0.3, 0.2])
"""Chance that the market increases, stays even, decreases."""
INVESTMENT = np.array([[1500.0, 900.0, 500.0], [300.0, 600.0, 500.0], [-800.0, -200.0, 500.0]])
"""What stock, mutual fund and certificate of deposit earn in each market."""


def test_average_expected_net_benefit_is_as_printed():
    assert expected(CATHETERS).tolist() == [116.0, 126.0, 124.0]


def test_optimal_choices_are_as_printed():
    assert probability_best(CATHETERS) == pytest.approx([0.4, 0.2, 0.4])
    assert [int(row.argmax()) for row in CATHETERS] == [B, B, STANDARD, A, STANDARD]


def test_the_best_on_average_is_best_in_one_sample_of_five():
    """Treatment A is optimal with AUD 126, preferred in 20%: the error probability is 80%."""
    (found,) = acceptability(-CATHETERS, np.zeros_like(CATHETERS), [0.0])
    assert found.best == A
    assert round(100 * found.frontier) == 20
    assert round(100 * (1 - found.frontier)) == 80


def test_remaining_with_standard_practice_costs_what_is_printed():
    mean = expected(CATHETERS)
    assert mean[A] - mean[STANDARD] == 10.0


def test_perfect_information_of_the_catheters_is_that_of_its_definition():
    """The paper prints no such value; by hand: (160 + 120 + 110 + 150 + 130) / 5 - 126."""
    assert perfect_information(CATHETERS) == pytest.approx(8.0)
    assert opportunity_loss(CATHETERS).tolist() == [10.0, 10.0, 10.0, 0.0, 10.0]


def test_expected_payoffs_and_perfect_information_of_the_investments_are_as_printed():
    assert expected(INVESTMENT, MARKET) == pytest.approx([680.0, 590.0, 500.0])
    assert MARKET @ INVESTMENT.max(axis=1) == pytest.approx(1030.0)
    assert perfect_information(INVESTMENT, MARKET) == pytest.approx(350.0)


def test_knowing_the_market_is_knowing_all():
    found = information_on_groups(INVESTMENT, ["up", "even", "down"], MARKET)
    assert found == pytest.approx(350.0)

import numpy as np
import pytest

from icpsim.evaluation.balance import average_moments, balance_table, moments


def test_standardised_difference_by_hand():
    """Cases 1, 3 (mean 2, variance 1); pool 0, 4 (mean 2, 4); controls 0, 4 weighted 3:1 (mean 1, variance 3)."""
    cases, pool = np.array([[1.0], [3.0]]), np.array([[0.0], [4.0]])
    row = balance_table(("x",), moments(cases), moments(pool), moments(pool, np.array([3.0, 1.0])))[0]
    assert row.difference_before == 0.0
    assert row.difference_after == pytest.approx((2 - 1) / np.sqrt((1 + 4) / 2))
    assert row.variance_ratio == pytest.approx(1 / 3)


def test_moments_of_a_mixture_are_those_of_the_stacked_groups():
    rng = np.random.default_rng(1)
    a, b = rng.normal(0, 1, (30, 3)), rng.normal(2, 2, (70, 3))
    mixed, stacked = average_moments([moments(a), moments(b)], [30, 70]), moments(np.vstack([a, b]))
    np.testing.assert_allclose(mixed.mean, stacked.mean)
    np.testing.assert_allclose(mixed.variance, stacked.variance)

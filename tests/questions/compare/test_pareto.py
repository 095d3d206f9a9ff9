"""The front: nobody on it is beaten, everybody off it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpsim.questions.compare.pareto import ParetoError, front

POINTS = st.integers(2, 4).flatmap(
    lambda m: st.lists(st.lists(st.integers(0, 5), min_size=m, max_size=m), min_size=1, max_size=30)
)


def beats(a, b):
    return all(x <= y for x, y in zip(a, b, strict=True)) and any(x < y for x, y in zip(a, b, strict=True))


@given(POINTS)
def test_the_front_is_who_is_not_beaten(points):
    assert front(points).tolist() == [not any(beats(other, point) for other in points) for point in points]


@given(POINTS)
def test_who_is_off_the_front_is_beaten_by_somebody_on_it(points):
    on = front(points)
    kept = [point for point, stays in zip(points, on, strict=True) if stays]
    assert kept
    assert all(stays or any(beats(k, p) for k in kept) for p, stays in zip(points, on, strict=True))


def test_equal_points_stand_together():
    assert front([[1, 2], [1, 2], [2, 1], [2, 2]]).tolist() == [True, True, True, False]


def test_unknown_points_neither_stand_nor_beat():
    assert front([[1.0, np.nan], [2.0, 2.0], [np.inf, 1.0]]).tolist() == [False, True, True]


def test_no_points_have_no_front():
    assert front(np.zeros((0, 2))).tolist() == []


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_one_objective_is_refused(shape):
    with pytest.raises(ParetoError, match="two or more objectives"):
        front(np.zeros(shape))

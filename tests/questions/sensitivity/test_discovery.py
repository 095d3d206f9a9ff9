"""Scenario discovery finds a box that was put there, and none where failing has no place."""

from __future__ import annotations

import numpy as np
import pytest

from icpsim.questions.errors import SensitivityError
from icpsim.questions.sensitivity.discovery import Fails, discover, find_boxes, read_fails
from tests.known_functions import Function, about, cube

SPACE = cube("a b c d", 0.0, 1.0)


def in_corner(x: np.ndarray) -> np.ndarray:
    return ((x[:, 0] > 0.6) & (x[:, 1] < 0.5)).astype(float)


def test_a_planted_box_is_found_with_its_density_and_coverage() -> None:
    found = discover(Function(SPACE, in_corner), about(), Fails("y", True, 0.5), 800, "prior")
    box = found.boxes[0]
    limits = {limit.key: limit for limit in box.limits}
    assert set(limits) == {"a", "b"}
    assert limits["a"].low == pytest.approx(0.6, abs=0.03)
    assert limits["b"].high == pytest.approx(0.5, abs=0.03)
    assert box.density > 0.9
    assert box.coverage > 0.9
    assert box.mass == pytest.approx(0.2, abs=0.05)
    assert found.good_on_average
    assert found.share == pytest.approx(0.2, abs=0.03)


def test_boxes_of_pure_chance_do_not_hold_on_the_other_half() -> None:
    """Failing by a coin: density on the other half is that of all points, within four standard errors."""
    coin = Function(SPACE, lambda x: np.zeros(len(x)), noise=1.0)
    found = discover(coin, about(), Fails("y", True, 0.6745), 800, "prior")
    for box in found.boxes:
        assert abs(box.density - 0.25) < 4 * (0.25 * 0.75 / box.points) ** 0.5


def test_points_near_the_limit_are_counted() -> None:
    noisy = Function(SPACE, lambda x: x[:, 0] - 0.5, noise=0.05)
    found = discover(noisy, about(4), Fails("y", True, 0.0), 400, "prior")
    assert 0.02 < found.near < 0.25


def test_too_few_failures_give_no_box() -> None:
    points = np.linspace(0, 1, 100)[:, None]
    assert find_boxes(points, points[:, 0] > 0.97, ("a",)) == ()


def test_when_it_fails_is_read_or_refused() -> None:
    assert read_fails("net_cost > 1e5") == Fails("net_cost", True, 1e5)
    with pytest.raises(SensitivityError, match="outcome>limit"):
        read_fails("net_cost=3")
    with pytest.raises(SensitivityError, match="did you mean 'net_cost'"):
        read_fails("net_costs>0")

"""The law by which errors fall with size, held to made-up studies that keep it and that do not."""

import pytest

from icpsim.questions.designs.sizes import size_checks
from icpsim.questions.designs.summary import summarise

from .made_up import made_up_figures


def checks(times, actually):
    rows = summarise(made_up_figures(200, windows=(26,)))
    larger = summarise(made_up_figures(200, seed=2, windows=(26,), times=actually))
    found = {(c.design, c.variant): c for c in size_checks(rows, larger, times)}
    assert len(found) == len(rows)
    return found["trial_by_practice", ""]


def test_a_law_that_holds_is_told_to_hold():
    """The ratio of two spreads of 200 within 3.5 of its errors: false alarm 1 in 2,000."""
    check = checks(2, 2.0)
    assert check.ratio == pytest.approx(1.0, abs=3.5 * 0.071)
    assert check.ratio_low < check.ratio < check.ratio_high
    assert check.cases == 800.0
    assert check.simulated_power == pytest.approx(check.law_power, abs=0.15)


def test_a_law_that_fails_is_told_to_fail():
    """Nothing is gained by size: the spread is the root of two above the law."""
    check = checks(2, 1.0)
    assert check.ratio_low > 1.0
    assert check.ratio == pytest.approx(2**0.5, rel=0.25)
    assert check.simulated_smallest > check.law_smallest


def test_one_replicate_has_no_spread():
    rows = summarise(made_up_figures(1, windows=(26,)))
    assert size_checks(rows, rows, 2) == ()

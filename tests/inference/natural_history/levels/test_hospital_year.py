"""One hospital's year: weeks of it, consistent with each other, from a settled hospital with beds."""

import numpy as np
import pytest

from icpsim.inference.natural_history.levels.hospital_year import hospital_year
from icpsim.model.parameters import load_parameters


@pytest.fixture(scope="module")
def year():
    return hospital_year(seed=2, practices=8)


@pytest.mark.slow
def test_a_year_is_52_weeks_of_every_series(year):
    weekly = (year.emergency, year.elective, year.cancelled, year.sent_home, year.occupied, year.waiting)
    assert {series.shape for series in weekly} == {(52,)}
    assert year.practices == 4


@pytest.mark.slow
def test_beds_are_sized_to_the_settled_occupancy(year):
    assert year.occupancy.mean() == pytest.approx(0.87, abs=0.08)
    assert year.threshold == pytest.approx(0.92 * year.beds)


@pytest.mark.slow
def test_electives_are_cancelled_only_in_weeks_after_full_ones(year):
    full_before = year.occupied[:-1] > year.threshold
    assert year.cancelled.sum() > 0
    assert year.cancelled[1:][~full_before].sum() == 0


@pytest.mark.slow
def test_waiting_is_about_the_mean_wait_that_the_model_assumes(year):
    assert year.weeks_of_waiting.mean() == pytest.approx(load_parameters().elective.wait_weeks, abs=1.0)
    assert np.all(year.waiting > 0)

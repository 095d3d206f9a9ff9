"""Regression to the mean over the years, against a count by hand and a count by brute force."""

import numpy as np
import pytest

from icpsim.inference.natural_history.levels.regression import regression_over_years, years_around
from tests.inference.natural_history.levels.test_rates import YEAR, records


def test_years_that_fit_are_those_given():
    assert years_around(520, 130, 2, 5).tolist() == [-2, -1, 0, 1, 2, 3, 4, 5]
    assert years_around(286, 130, 2, 5).tolist() == [-2, -1, 0, 1, 2]
    assert years_around(52, 0, 2, 5).tolist() == [0]


@pytest.mark.parametrize("week", [-1, 235])
def test_an_index_year_outside_the_records_is_refused(week):
    with pytest.raises(ValueError, match="do not hold the year"):
        years_around(286, week, 2, 5)


def test_nobody_often_admitted_is_refused():
    with pytest.raises(ValueError, match="nobody of 65 or over"):
        regression_over_years(records([-3600], spell_rows=[(0, 60, 0, True)]), 52)


def test_series_by_hand():
    """Of three people over 65, one has two admissions in the index year (weeks 52-103) and dies in week 110."""
    rows = [(0, 3, 0, True), (1, 4, 0, True), (0, 60, 0, True), (0, 70, 0, True), (1, 61, 0, True)]
    rows += [
        (0, 105, 0, True),
        (1, 106, 0, True),
        (2, 107, 0, True),
        (1, 160, 0, True),
        (3, 53, 0, True),
        (3, 54, 0, True),
    ]
    made = records([-3600, -3600, -3600, -500], deaths=[(0, 110)], spell_rows=rows, weeks=208)
    found = regression_over_years(made, 52)
    assert found.people == 1
    assert found.years.tolist() == [-1, 0, 1, 2]
    assert found.share == pytest.approx([1 / 2, 2 / 3, 1 / 3, 0])
    assert found.per_person == pytest.approx([1, 2, 1, 0])
    assert found.per_survivor == pytest.approx([1, 2, 1, 0])
    assert found.alive.tolist() == [1, 1, 1, 0]
    assert found.per_older == pytest.approx([2 / 3, 3 / 3, 3 / 3, 1 / 2])
    assert found.in_year(0) == pytest.approx(2 / 3)
    assert np.isnan(found.in_year(5))


def test_series_against_brute_force():
    """Sixty people of 55 to 85 with a fixed pattern of admissions and deaths, each year counted one by one."""
    births = [-int((55 + k % 31) * YEAR) for k in range(60)]
    deaths = [(k, 150 + 7 * k) for k in range(0, 60, 5)]
    ends = dict(deaths)
    rows = [
        (k, week, 0, True)
        for k in range(60)
        for week in range(k % 11, ends.get(k, 468), 9 + 5 * (k % 7))
        if (week // 52 + k) % 3
    ]
    made = records(births, deaths=deaths, spell_rows=rows, weeks=468)
    found = regression_over_years(made, 104)
    old = {year: [k for k in range(60) if 104 + 52 * year - births[k] >= 65 * YEAR] for year in range(-2, 6)}
    count = {
        year: [sum(k == p and 0 <= w - 104 - 52 * year < 52 for p, w, *_ in rows) for k in range(60)]
        for year in old
    }
    often = [k for k in old[0] if count[0][k] >= 2]
    assert found.people == len(often) > 5
    assert found.years.tolist() == list(old)
    for place, year in enumerate(old):
        theirs, start = sum(count[year][k] for k in often), 104 + 52 * year
        alive = [k for k in often if ends.get(k, 999) > start]
        everyone = [k for k in old[year] if ends.get(k, 999) > start]
        assert found.share[place] == pytest.approx(theirs / sum(count[year][k] for k in old[year]))
        assert found.per_person[place] == pytest.approx(theirs / len(often))
        assert found.per_survivor[place] == pytest.approx(theirs / len(alive))
        assert found.alive[place] == pytest.approx(len(alive) / len(often))
        assert found.per_older[place] == pytest.approx(sum(count[year][k] for k in old[year]) / len(everyone))

"""Curves of the natural history from a handful of records, against what can be counted by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from icpsim.evaluation.costs import Prices
from icpsim.evaluation.risk_score import concentration
from icpsim.inference.natural_history.levels import curves, rates
from icpsim.inference.natural_history.levels.curves import (
    AGES,
    KINDS,
    SHARES,
    lorenz_curve,
    lorenz_curves,
    rates_by_age,
    share_of_top,
)
from icpsim.records.schema import Method
from tests.inference.natural_history.levels.test_rates import THREE, records

PRICES = Prices(1000.0, 500.0, 400.0, 300.0, 200.0, 100.0, 50.0)


def target(name, low=0.0, high=1.0):
    return SimpleNamespace(target=name, low=low, high=high, tag="PAGE", source="seen")


def test_rates_by_age_are_the_yearly_rates_a_thousandfold():
    years = rates.person_years(THREE, (0, 104))
    found = rates_by_age(THREE, (0, 104), ())
    assert [part.kind for part in found] == list(KINDS)
    for part in found:
        events = rates.events(THREE, part.kind, (0, 104))
        expected = [1000 * rates.rate(events, years, ages) for ages in AGES]
        np.testing.assert_allclose(part.per_1000, expected, equal_nan=True)
        assert part.ages == AGES


def test_age_groups_are_five_years_without_gap_or_overlap():
    assert [high for _, high in AGES[:-1]] == [low for low, _ in AGES[1:]]
    assert AGES[0] == (0, 5)
    assert AGES[-1] == (90, 130)


def test_targets_that_are_rates_by_age_become_ranges_with_what_is_simulated_there():
    """Two emergencies of the ten-year-old in 104 weeks lie above a rate of half a year's."""
    names = (
        "emergency_5_14",
        "emergency_85p",
        "emergency_share_top_5_per_cent",
        "emergency_per_decedent",
        "ae_0_4",
    )
    emergency, ae, *_ = rates_by_age(THREE, (0, 104), [target(name, 0.5, 0.75) for name in names])
    assert [known.ages for known in emergency.ranges] == [(5, 15), (85, 130)]
    assert (emergency.ranges[0].low, emergency.ranges[0].high) == (500.0, 750.0)
    assert emergency.ranges[0].simulated == pytest.approx(2 / 104 * 52.18 * 1000)
    assert not emergency.ranges[0].inside
    assert [known.ages for known in ae.ranges] == [(0, 5)]


def test_share_of_top_is_the_concentration_of_the_evaluation():
    score = np.array([0.1, 0.9, 0.4, 0.4, 0.8, 0.2, 0.3])
    events = np.array([0, 3, 1, 0, 2, 1, 0])
    shares = np.array([0.05, 0.2, 0.5, 1.0])
    direct = [concentration(score, events, share) for share in shares]
    np.testing.assert_allclose(share_of_top(score, events, shares), direct)
    assert share_of_top(score, events, np.array([0.0, 2 / 7])).tolist() == [0.0, 5 / 7]


def test_share_of_top_needs_an_event():
    with pytest.raises(ValueError, match="nobody has an event"):
        share_of_top(np.array([1.0, 2.0]), np.array([0, 0]), SHARES)


def test_concentration_finds_those_who_come_back():
    """Forty of 400 adults are admitted in both years, twenty others only in the next: risk finds the forty."""
    back = [(person, week, 1, True) for person in range(0, 120, 3) for week in (60, 110 + person % 8)]
    new = [(person, 120, 1, True) for person in range(200, 220)]
    made = records([-2000] * 400 + [-100] * 50, spell_rows=back + new + [(410, 130, 0, True)])
    found = curves.concentration_curve(made, PRICES, 104, [target("emergency_share_top_5_per_cent", 0.2, 0.6)])
    assert found.adults == 400
    assert found.of_top(0.1) == pytest.approx(40 / 60, abs=0.02)
    np.testing.assert_allclose(np.interp(0.15, found.people, found.foresight), 1.0)
    assert [(known.people, known.low) for known in found.ranges] == [(0.05, 0.2)]


@pytest.mark.parametrize("people", [1, 2, 1000])
def test_equal_use_has_no_inequality(people):
    found = lorenz_curve("nights", np.full(people, 3))
    assert found.gini == pytest.approx(0.0)
    np.testing.assert_allclose(found.use, found.people)
    assert found.of_top(0.05) == pytest.approx(0.05)


def test_one_user_of_all_has_nearly_all_inequality():
    found = lorenz_curve("nights", np.array([0] * 999 + [7]))
    assert found.gini == pytest.approx(1 - 1 / 1000)
    assert found.of_top(0.05) == pytest.approx(1.0)
    assert found.users == 0.001


def test_gini_is_the_mean_difference_over_twice_the_mean():
    use = np.array([0.0, 1, 1, 4, 10, 2, 0])
    differences = np.abs(use[:, None] - use[None, :]).mean()
    assert lorenz_curve("cost", use).gini == pytest.approx(differences / (2 * use.mean()))


def test_no_use_has_no_curve():
    with pytest.raises(ValueError, match="nobody has any cost"):
        lorenz_curve("cost", np.zeros(3))


def test_lorenz_curves_count_a_year_of_those_registered():
    """Weeks 10-61: person 0 has 4 nights and 2 contacts, person 1 two contacts; one is unborn and one dead."""
    made = records(
        births=[-2609, -522, 50, -2609],
        deaths=[(3, 9)],
        spell_rows=[(0, 12, 4, True), (0, 5, 9, True), (1, 61, 3, False), (1, 62, 8, True), (2, 55, 2, True)],
        visits=[(1, 11, 1), (1, 12, 0), (2, 60, 1)],
        ae=[(0, 12), (0, 70)],
    )
    made.spells["casemix"] = 1.0
    assert made.spells["method"][2] == Method.ELECTIVE
    beds, cost, contacts = lorenz_curves(made, PRICES, 10)
    assert (beds.gini, beds.users) == (0.5, 0.5)
    assert contacts.gini == 0.0
    costs = [1000.0, 500.0 + 50.0]
    assert cost.gini == pytest.approx((costs[0] - costs[1]) / (2 * sum(costs)))

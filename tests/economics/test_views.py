"""Views by hand: conservation, discounting against a table, price years."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpsim.economics.accounts import keep_ledger
from icpsim.economics.activity import Arm
from icpsim.economics.errors import EconomicsError
from icpsim.economics.ledger import Party
from icpsim.economics.views import View, compare, present_value
from tests.economics.made_up import activity, arms, book, delivered

BY_HAND = [1.0, 0.9662, 0.9335, 0.9019, 0.8714, 0.8420]
"""1 / 1.035 to the power of 0 to 5, by hand to four digits."""


def compared(arm, usual, rules):
    return compare(keep_ledger(arm, usual, rules), keep_ledger(usual, usual, rules), rules)


@given(st.integers(1, 3).flatmap(lambda years: st.tuples(arms(years), arms(years))))
def test_what_one_gains_others_lose(pair):
    found = compared(*pair, book())
    assert sum(found.pence.values()) == 0
    inside = sum(found.views[view].total for view in View if view is not View.WHOLE_SYSTEM)
    size = max(abs(change.total) for change in found.views.values())
    assert found.views[View.WHOLE_SYSTEM].total == pytest.approx(inside, abs=1e-9 * max(size, 1.0))


def test_factors_are_those_by_hand():
    rules = book()
    assert [round(rules.discount(year), 4) for year in range(6)] == BY_HAND
    assert [round(rules.discount_health(year), 4) for year in range(3)] == [1.0, 0.9852, 0.9707]


def test_discounting_against_a_table_by_hand():
    """Ten emergencies fewer in each of two years.

    | year | tariff | income lost | deflator | real | factor | present |
    | 2009/10 | 1,830.60 | 18,306 | 1.01 | 18,124.75 | 1 | 18,124.75 |
    | 2010/11 | 1,836.00 | 18,360 | 1.0302 | 17,821.78 | 1 / 1.035 | 17,219.11 |
    Variable cost saved: 525 x 10 in prices of 2009/10, 5,250 / 1.01 = 5,198.02 real in both years.
    """
    usual = Arm((activity(0, 100), activity(1, 100)))
    fewer = Arm((activity(0, 90), activity(1, 90)))
    found = compared(fewer, usual, book())
    lost = 18_306 / 1.01 + 18_360 / 1.0302 / 1.035
    saved = 5_250 / 1.01 * (1 + 1 / 1.035)
    assert lost == pytest.approx(18_124.75 + 17_219.11, abs=0.01)
    assert found.views[View.COMMISSIONER].cashable == pytest.approx(lost, abs=0.01)
    assert found.views[View.HOSPITAL].cashable == pytest.approx(saved - lost, abs=0.02)
    assert found.views[View.WHOLE_SYSTEM].cashable == pytest.approx(saved, abs=0.01)
    assert found.capacity_freed == pytest.approx(saved * 0.7 / 0.3, abs=0.01)
    assert all(change.not_cashable == 0 for change in found.views.values())
    assert found.pence[Party.COMMISSIONER] == 36_666_00


def test_other_price_years_scale_every_view():
    usual, fewer = Arm((activity(0, 100),)), Arm((activity(0, 90),))
    old, new = (compared(fewer, usual, book(economics__price_year=year)) for year in (2008, 2010))
    for view in (View.COMMISSIONER, View.HOSPITAL, View.WHOLE_SYSTEM):
        assert new.views[view].total == pytest.approx(old.views[view].total * 1.0302, rel=1e-12)
    assert new.pence == old.pence


def test_money_of_the_price_year_is_itself():
    assert present_value(12_345, 0, book(economics__first_financial_year=2008)) == 123.45


def test_a_programme_costs_the_commissioner_and_its_share_that_is_not_cashable_is_redirected():
    usual = Arm((activity(0, 10),))
    arm = Arm((activity(0, 10),), (delivered(0, service_hours={"care_planning": 101.0}),))
    found = compared(arm, usual, book(economics__first_financial_year=2008, price_years__deflator_2009_10=1.0))
    cost = found.programme[View.COMMISSIONER]
    assert cost.total == pytest.approx(-4_848.0, abs=1e-9)
    assert cost.not_cashable == pytest.approx(-4_848.0 * (0.75 * 0.3 + 0.1 * 0.2 + 0.15), abs=0.02)
    assert found.views[View.COMMISSIONER] == cost
    assert found.before_programme(View.COMMISSIONER).total == 0
    assert found.views[View.COMMUNITY_PROVIDER].total == 0
    assert found.views[View.WHOLE_SYSTEM].total == pytest.approx(cost.total, abs=1e-9)


def test_an_arm_against_itself_changes_nothing():
    usual = Arm((activity(0, 10, gp_contacts=5.0),))
    found = compared(usual, usual, book())
    assert set(found.pence.values()) == {0}
    assert all(change.cashable == change.not_cashable == 0 for change in found.views.values())


def test_ledgers_of_other_years_are_refused():
    one, two = Arm((activity(0),)), Arm((activity(0), activity(1)))
    with pytest.raises(EconomicsError, match="cannot be compared"):
        compare(keep_ledger(one, one, book()), keep_ledger(two, two, book()), book())

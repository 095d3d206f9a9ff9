"""A programme's costs in the evaluation's categories, by hand."""

import pytest
from hypothesis import given

from icpsim.economics.accounts import keep_ledger
from icpsim.economics.activity import Arm
from icpsim.economics.ledger import PROGRAMME_CATEGORIES, Category, Party
from icpsim.economics.price_book import COST_YEAR
from icpsim.economics.programme_accounts import meeting_cost, service_cost, setup_cost, staff_cost
from icpsim.economics.views import programme_cost_by_category
from tests.economics.made_up import activity, arms, book, delivered


def ledger_of(given_year, **changed):
    arm = Arm((activity(0),), (given_year,))
    return keep_ledger(arm, Arm((activity(0),)), book(**changed))


def test_categories_by_hand():
    """One site; two posts for 26 weeks at 1,000 a week; 100 hours at 48; 10 meeting-hours at 520.

    Running: 52,000 + 4,800 + 60% of 5,200 (3,120) = 59,920. Labour three quarters: 44,940, of which 30% existed.
    Non-labour 5,992, of which 20% existed; overheads 8,988 existed. Practices' time in meetings 2,080.
    """
    given_year = delivered(
        sites=1, staff_weeks={"case_management": 52.0}, service_hours={"care_planning": 100.0}, mdt_hours=10.0
    )
    expected = {
        Category.SETUP_LABOUR: 150_000_00,
        Category.SETUP_NON_LABOUR: 100_000_00,
        Category.CARRIED_OVER_NON_LABOUR: 1_198_40 + 8_988_00,
        Category.ADDITIONAL_LABOUR: 31_458_00,
        Category.EXISTING_LABOUR: 13_482_00 + 2_080_00,
        Category.RUNNING_NON_LABOUR: 4_793_60,
    }
    ledger = ledger_of(given_year)
    assert programme_cost_by_category(ledger) == expected
    assert sum(expected.values()) == (250_000 + 59_920 + 2_080) * 100
    assert ledger.balances()[Party.GENERAL_PRACTICE] == -2_080_00
    assert ledger.balances()[Party.COMMISSIONER] == -(250_000 + 59_920) * 100
    assert ledger.balances(ledger.of(cashable=True))[Party.COMMISSIONER] == -(250_000_00 + 31_458_00 + 4_793_60)


def test_practices_paid_for_meetings_are_additional_labour():
    paid = ledger_of(delivered(mdt_hours=10.0), programme_costs__mdt_general_practice_paid=1)
    unpaid = ledger_of(delivered(mdt_hours=10.0))
    moved = {
        name: programme_cost_by_category(paid)[name] - programme_cost_by_category(unpaid)[name]
        for name in PROGRAMME_CATEGORIES
    }
    assert {name: pence for name, pence in moved.items() if pence} == {
        Category.ADDITIONAL_LABOUR: 2_080_00,
        Category.EXISTING_LABOUR: -2_080_00,
    }
    assert paid.balances()[Party.GENERAL_PRACTICE] == 0
    assert paid.balances()[Party.COMMISSIONER] - unpaid.balances()[Party.COMMISSIONER] == -2_080_00


@pytest.mark.parametrize(("years", "shares"), [(1.0, [1, 0, 0]), (1.5, [1, 0.5, 0]), (2.0, [1, 1, 0])])
def test_set_up_is_paid_in_the_first_years(years, shares):
    rules = book(programme_costs__setup_years=years)
    for year, share in enumerate(shares):
        price = 250_000.0 * rules.cost_index(year)
        assert setup_cost(delivered(year, sites=2), rules) == pytest.approx(2 * share * price, rel=1e-14)


def test_contact_hours_lie_within_the_posts_weeks():
    posts = {"staff_weeks": {"case_management": 10.0}}
    with_hours = delivered(contact_hours={"case_management": 200.0}, **posts)
    assert programme_cost_by_category(ledger_of(with_hours)) == programme_cost_by_category(
        ledger_of(delivered(**posts))
    )


@given(arms(2))
def test_categories_hold_the_whole_cost(arm):
    """Each payment is rounded once, so seven a year are within half a penny each of the whole."""
    rules = book()
    total = sum(
        cost(year, rules)
        for year in arm.delivered
        for cost in (setup_cost, staff_cost, service_cost, meeting_cost)
    )
    found = sum(programme_cost_by_category(keep_ledger(arm, arm, rules)).values())
    assert found == pytest.approx(100.0 * total, abs=0.5 * 7 * len(arm.delivered), rel=1e-12)


def test_unit_costs_are_of_the_year_the_tables_say():
    assert COST_YEAR == 2009
    assert book().cost_index(0) == 1.0

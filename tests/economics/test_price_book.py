"""Prices of a year by hand, and price books that cannot be."""

import pytest
import typer

from icpsim.cli.answers import INPUT_WRONG, answered
from icpsim.economics.errors import EconomicsError
from icpsim.economics.parameters import PRICE_YEARS
from icpsim.model.parameters import load_parameters
from tests.economics.made_up import book


def test_years_of_the_indices_are_financial_years():
    assert PRICE_YEARS[0] == "2005_06"
    assert PRICE_YEARS[-1] == "2013_14"
    assert len(PRICE_YEARS) == 9


def test_tariffs_move_with_the_tariff_and_costs_with_pay_and_prices():
    prices = book()
    assert prices.spell_tariffs(0)["emergency"] == pytest.approx(1800 * 1.017, rel=1e-14)
    assert prices.spell_costs(0)["emergency"] == pytest.approx(1400 * 1.25, rel=1e-14)
    assert prices.spell_tariffs(1)["emergency"] == pytest.approx(1800 * 1.02, rel=1e-14)
    assert prices.spell_costs(1)["emergency"] == pytest.approx(1400 * 1.25 * 1.0302 / 1.01, rel=1e-14)


def test_after_the_last_year_indices_go_on_growing():
    growing = {"price_years__deflator_growth_after": 0.02, "price_years__tariff_growth_after": -0.01}
    prices = book(economics__first_financial_year=2013, **growing)
    assert prices.tariff_index(2) == pytest.approx(prices.tariff_index(0) * 0.99**2, rel=1e-14)
    assert prices.cost_index(3) == pytest.approx(prices.cost_index(0) * 1.02**3, rel=1e-14)


def test_the_evaluations_prices_are_those_of_its_price_year():
    """A programme that began in 2008/09 pays the tariff of the prices table itself, in money of the price year."""
    prices = book(economics__first_financial_year=2008)
    table = load_parameters().prices
    assert prices.spell_tariffs(0) == {
        "emergency": 1800.0,
        "elective_ordinary": 2550.0,
        "day_case": table.day_case,
        "chemotherapy": table.chemotherapy,
        "repeat_day_care": table.repeat_day_care,
    }
    assert prices.in_price_year(0) == 1.0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"economics__variable_share": 1.2}, "variable_share = 1.2 is no share"),
        ({"economics__gp_contacts_paid": 0.5}, "gp_contacts_paid = 0.5 is neither 0 nor 1"),
        ({"economics__price_year": 2008.5}, "price_year = 2008.5 is no whole year"),
        ({"economics__first_financial_year": 2001}, "first_financial_year = 2001 lies before 2005"),
        ({"programme_costs__care_planning_hour": -1}, "care_planning_hour = -1 is negative"),
        ({"programme_costs__overhead_share": 0.95}, "more than the whole together"),
        ({"price_years__tariff_2009_10": 0}, "an index is not positive"),
        ({"price_years__deflator_growth_after": -1}, "deflator_growth_after is -100% or less"),
    ],
)
def test_impossible_numbers_are_refused(changed, message):
    with pytest.raises(EconomicsError, match=message):
        book(**changed)


def test_impossible_numbers_end_a_command_with_2_and_no_traceback(capsys):
    with pytest.raises(typer.Exit) as ended:
        answered(book)(economics__variable_share=1.2)
    assert ended.value.exit_code == INPUT_WRONG
    assert capsys.readouterr().err == "variable_share = 1.2 is no share\n"

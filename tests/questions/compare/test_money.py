"""Money in simulated worlds: conserved to the penny, and what it should be where it can be worked out by hand."""

import dataclasses

import pytest

from icpsim.economics.errors import EconomicsError
from icpsim.economics.ledger import Category, Party
from icpsim.economics.views import View
from icpsim.model.parameters import load_parameters
from icpsim.questions.compare.money import mean_world, money_of, parties_sum, programme_values, view_values


@pytest.mark.parametrize("place", range(4))
def test_what_one_party_gains_another_pays(compared, place):
    money = money_of(compared, place)
    assert len(money) == compared.replicates
    assert parties_sum(money) == [0] * compared.replicates
    for one in money:
        assert sum(one.ledger.balances().values()) == 0
        assert any(one.found.pence[party] for party in Party)


def test_the_hospital_loses_what_the_commissioner_saves_on_tariff(compared):
    """Less the variable cost that goes with the activity, a hospital's loss is the commissioner's saving."""
    for one in money_of(compared, 0):
        care = (c for c in Category if c in TARIFFS)
        paid = sum(
            entry.pence * (1 if entry.payer is Party.COMMISSIONER else -1)
            for category in care
            for entry in one.ledger.entries
            if entry.category is category and Party.COMMISSIONER in (entry.payer, entry.payee)
        )
        received = sum(
            entry.pence
            for entry in one.ledger.entries
            if entry.category in TARIFFS and entry.payee is Party.HOSPITAL
        )
        assert paid == received


TARIFFS = (
    Category.EMERGENCY,
    Category.ELECTIVE_ORDINARY,
    Category.DAY_CASE,
    Category.CHEMOTHERAPY,
    Category.REPEAT_DAY_CARE,
    Category.OUTPATIENT,
    Category.AE,
)


def test_a_programme_that_does_nothing_costs_what_it_is_paid(compared):
    """Effects off: the commissioner loses what the programme costs; nobody enrolled: the posts all the same."""
    for place in (1, 2):
        money = money_of(compared, place)
        gains = view_values(money, View.COMMISSIONER)
        for gain, one in zip(gains, money, strict=True):
            assert gain == pytest.approx(one.found.programme[View.COMMISSIONER].total)
            assert one.avoided == 0
        assert (programme_values(money) > 0).all()


def test_posts_are_paid_by_the_week(compared, arms):
    """Four case managers at two sites while anybody is enrolled or may be; nobody where none is to be enrolled."""

    def staff_weeks(place):
        names = (name for name in compared.figures[0] if name.startswith(f"{place}/delivered|"))
        return sum(compared.figures[0][name] for name in names if "staff_weeks.case_management" in name)

    study, ramp = arms[0].scenario.study, arms[0].scenario.programmes[0].holder.ramp_weeks
    most = study.programme_weeks + study.follow_up_weeks
    assert 8 * (study.programme_weeks - ramp) <= staff_weeks(0) <= 8 * most
    assert staff_weeks(2) == 0
    assert load_parameters().tables.value("programme_costs.case_management_post") == 52676


@pytest.mark.parametrize("what", ["service_hours", "staff_weeks"])
def test_what_nothing_prices_is_an_error_and_not_free(compared, what):
    """A service that was added as the page said delivered its hours at no cost: kinds not listed were dropped."""
    row = dict(compared.figures[0]) | {f"0/delivered|0|{what}.home_visits": 100.0}
    with pytest.raises(EconomicsError, match=f"{what}: 'home_visits' is not one of"):
        money_of(dataclasses.replace(compared, figures=(row, *compared.figures[1:])), 0)


def test_means_over_replicates_are_means(compared):
    money = money_of(compared, 0)
    mean = mean_world(money)
    assert mean.found.views[View.HOSPITAL].total == pytest.approx(view_values(money, View.HOSPITAL).mean())
    assert mean.enrolled == pytest.approx(sum(one.enrolled for one in money) / len(money))

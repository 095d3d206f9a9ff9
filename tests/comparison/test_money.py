"""Money in simulated worlds: conserved to the penny, and what it should be where it can be worked out by hand."""

import pytest

from icpsim.comparison.money import mean_world, money_of, parties_sum, programme_values, view_values
from icpsim.economics.ledger import Category, Party
from icpsim.economics.views import View
from icpsim.model_parameters import load_parameters


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
    """Four case managers at two sites over the programme's weeks, at the table's yearly cost."""
    figures = compared.figures[0]
    names = [name for name in figures if name.startswith("2/delivered|") and "staff_weeks.case_management" in name]
    weeks = sum(figures[name] for name in names)
    study = arms[2].scenario.study
    holder = arms[2].scenario.programmes[0].holder
    ramp = holder.ramp_weeks
    assert 8 * (study.programme_weeks - ramp) <= weeks <= 8 * study.programme_weeks
    assert load_parameters().tables.value("programme_costs.case_management_post") == 55000


def test_means_over_replicates_are_means(compared):
    money = money_of(compared, 0)
    mean = mean_world(money)
    assert mean.found.views[View.HOSPITAL].total == pytest.approx(view_values(money, View.HOSPITAL).mean())
    assert mean.enrolled == pytest.approx(sum(one.enrolled for one in money) / len(money))

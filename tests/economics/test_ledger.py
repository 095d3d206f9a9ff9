"""Money is conserved to the penny, and a year's payments are those done by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpsim.economics.accounts import keep_ledger
from icpsim.economics.activity import Arm
from icpsim.economics.errors import EconomicsError
from icpsim.economics.ledger import Category, Entry, Ledger, Party, to_pence
from tests.economics.made_up import activity, arms, book, delivered

C, H, P, G, S = Party
BOOKS = {
    (rate, paid): book(
        economics__marginal_rate_emergency=rate,
        economics__gp_contacts_paid=paid,
        programme_costs__mdt_general_practice_paid=paid,
    )
    for rate in (0, 1)
    for paid in (0, 1)
}


def paid_for(ledger, payer, payee, category):
    return sum(e.pence for e in ledger.entries if (e.payer, e.payee, e.category) == (payer, payee, category))


@given(st.integers(1, 3).flatmap(lambda years: st.tuples(arms(years), arms(years))), st.sampled_from([*BOOKS]))
def test_money_is_conserved_to_the_penny(pair, rules):
    arm, reference = pair
    for ledger in (keep_ledger(arm, reference, BOOKS[rules]), keep_ledger(reference, reference, BOOKS[rules])):
        assert sum(ledger.balances().values()) == 0
        for year in ledger.years:
            assert sum(ledger.balances(ledger.of(year=year)).values()) == 0
            assert sum(ledger.balances(ledger.of(year=year, cashable=True)).values()) == 0
        assert all(isinstance(pence, int) for pence in ledger.balances().values())
        assert ledger.balances()[Party.COMMUNITY_PROVIDER] == 0


@given(st.lists(st.tuples(st.sampled_from([*Party]), st.sampled_from([*Party]), st.integers(0, 10**15))))
def test_any_payments_sum_to_nothing(payments):
    entries = tuple(Entry(0, a, b, Category.AE, pence, True) for a, b, pence in payments if a is not b)
    assert sum(Ledger((0,), entries, {}).balances().values()) == 0


def test_a_year_by_hand():
    """2009/10: tariffs 1.7% above 2008/09, costs those of 2009/10, 30% of them variable.

    Emergencies 10 x 1,800 x 1.017 = 18,306.00; outpatients (4 x 155 + 5 x 80) x 1.017 = 1,037.34; A&E
    7 x 88 x 1.017 = 626.472. Costs 10 x 1,400 x 1.25 = 17,500; 9 x 98 = 882; 7 x 97 = 679; sum 19,061, of which
    13,342.70 fixed.
    """
    done = activity(0, 10, outpatient_first=4.0, outpatient_follow_up=5.0, ae_attendances=7.0, gp_contacts=11.0)
    ledger = keep_ledger(Arm((done,)), Arm((done,)), book())
    assert {(e.payer, e.payee, e.category, e.pence, e.cashable) for e in ledger.entries} == {
        (C, H, Category.EMERGENCY, 18_306_00, True),
        (C, H, Category.OUTPATIENT, 1_037_34, True),
        (C, H, Category.AE, 626_47, True),
        (H, S, Category.EMERGENCY, 5_250_00, True),
        (H, S, Category.OUTPATIENT, 264_60, True),
        (H, S, Category.AE, 203_70, True),
        (H, S, Category.HOSPITAL_FIXED, 13_342_70, False),
        (C, G, Category.GP_CONTACTS, 396_00, False),
        (G, S, Category.GP_CONTACTS, 396_00, False),
    }
    assert ledger.capacity_in_use == {0: 13_342_70}
    assert ledger.balances() == {C: -20_365_81, H: 908_81, P: 0, G: 0, S: 19_457_00}


def test_fixed_cost_does_not_fall_with_activity():
    """Two of ten emergencies fewer: 3,661.20 of income lost, 1,050 of cost saved."""
    usual, fewer = Arm((activity(0, 10),)), Arm((activity(0, 8),))
    before, after = keep_ledger(usual, usual, book()), keep_ledger(fewer, usual, book())
    assert paid_for(before, H, S, Category.HOSPITAL_FIXED) == paid_for(after, H, S, Category.HOSPITAL_FIXED)
    assert after.balances()[H] - before.balances()[H] == -3_661_20 + 1_050_00
    assert before.capacity_in_use[0] - after.capacity_in_use[0] == 2_450_00


@given(arms(1), arms(1))
def test_fixed_cost_and_capitation_are_the_plans(arm, reference):
    ledger = keep_ledger(arm, reference, BOOKS[0, 0])
    planned = keep_ledger(reference, reference, BOOKS[0, 0])
    assert paid_for(ledger, H, S, Category.HOSPITAL_FIXED) == planned.capacity_in_use[0]
    assert paid_for(ledger, C, G, Category.GP_CONTACTS) == paid_for(planned, C, G, Category.GP_CONTACTS)


def test_marginal_rate_pays_in_full_to_the_baseline_and_in_part_above():
    """From 2010/11 on, tariff 1,836. Plan 100, baseline 95: 100 are worth 95 + 0.3 x 5 = 96.5; 90 are worth 90."""
    usual = Arm((activity(0, 100), activity(1, 100)))
    fewer = Arm((activity(0, 90), activity(1, 90)))
    on = book(economics__marginal_rate_emergency=1)
    income = {
        arm: {
            e.year: e.pence
            for e in keep_ledger(which, usual, on).entries
            if e.payer is C and e.category is Category.EMERGENCY
        }
        for arm, which in (("usual", usual), ("fewer", fewer))
    }
    assert income["usual"] == {0: 183_060_00, 1: round(183_600_00 * 0.965)}
    assert income["fewer"] == {0: 164_754_00, 1: 165_240_00}


def test_gp_contacts_cost_time_or_money():
    """Ten more contacts at 36: taken out of the practice's time, or paid for."""
    usual, more = Arm((activity(gp_contacts=100.0),)), Arm((activity(gp_contacts=110.0),))
    change = {}
    for paid in (0, 1):
        rules = book(economics__gp_contacts_paid=paid)
        after, before = keep_ledger(more, usual, rules), keep_ledger(usual, usual, rules)
        change[paid] = {p: after.balances()[p] - before.balances()[p] for p in Party}
        assert {e.cashable for e in after.entries if e.category is Category.GP_CONTACTS} == {bool(paid)}
    assert change[0] == {C: 0, H: 0, P: 0, G: -360_00, S: 360_00}
    assert change[1] == {C: -360_00, H: 0, P: 0, G: 0, S: 360_00}


def test_every_payment_is_rounded_once():
    assert [to_pence(pounds) for pounds in (0.004, 0.006, 12.344, 0.125, 0.375)] == [0, 1, 1234, 12, 38]


@pytest.mark.parametrize("pence", [-1, 1.0, 0.5])
def test_an_entry_is_whole_pence_and_not_negative(pence):
    with pytest.raises(EconomicsError, match="not a whole number of pence"):
        Entry(0, C, H, Category.AE, pence, True)


def test_nobody_pays_himself():
    with pytest.raises(EconomicsError, match="hospital pays itself"):
        Entry(0, H, H, Category.AE, 1, True)


def test_arms_of_other_years_are_refused():
    with pytest.raises(EconomicsError, match="year 1 of the arm is none of the reference's"):
        keep_ledger(Arm((activity(0), activity(1))), Arm((activity(0),)), book())
    with pytest.raises(EconomicsError, match=r"years \[0\] of the arm are not the reference's \[0, 1\]"):
        keep_ledger(Arm((activity(0),)), Arm((activity(0), activity(1))), book())
    with pytest.raises(EconomicsError, match="year 0 has 26 weeks, and 52 in the reference"):
        keep_ledger(Arm((activity(0, weeks=26.0),)), Arm((activity(0),)), book())


def test_nothing_delivered_costs_nothing():
    usual = Arm((activity(0, 3),))
    with_nothing = Arm((activity(0, 3),), (delivered(0),))
    assert keep_ledger(with_nothing, usual, book()).entries == keep_ledger(usual, usual, book()).entries

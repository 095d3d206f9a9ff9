"""Break-even and cost per admission avoided by hand; no ratio where one would mislead."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from icpsim.economics.accounts import keep_ledger
from icpsim.economics.activity import Arm
from icpsim.economics.break_even import (
    admissions_avoided,
    break_even_cost_per_patient,
    cost_per_admission_avoided,
)
from icpsim.economics.views import View, compare
from tests.economics.made_up import activity, arms, book, delivered

PLAIN = {"economics__first_financial_year": 2008, "price_years__deflator_2009_10": 1.0}
"""Money of the price year, and costs as they stand in the tables."""


def study(before, after, hours=0.0, enrolled=20):
    """Return arms with so many emergencies, and so many hours of care planning at 48."""
    usual = Arm((activity(0, before),))
    services = {"care_planning": hours}
    return Arm((activity(0, after),), (delivered(0, enrolled=enrolled, service_hours=services),)), usual


def compared(arm, usual, rules):
    return compare(keep_ledger(arm, usual, rules), keep_ledger(usual, usual, rules), rules)


def test_break_even_by_hand():
    """Ten emergencies fewer among 20 people: the commissioner saves 18,000, the system 5,250."""
    arm, usual = study(100, 90, hours=1000.0)
    found = compared(arm, usual, book(**PLAIN))
    commissioner = break_even_cost_per_patient(found, View.COMMISSIONER, arm.enrolled)
    system = break_even_cost_per_patient(found, View.WHOLE_SYSTEM, arm.enrolled)
    assert commissioner.pounds == pytest.approx(900.0)
    assert system.pounds == pytest.approx(262.5)
    assert commissioner.said == "the commissioner breaks even at £900.00 a patient"


def test_at_the_break_even_cost_the_net_is_nil():
    """18,000 of tariff is 375 hours at 48."""
    arm, usual = study(100, 90, hours=375.0)
    found = compared(arm, usual, book(**PLAIN))
    assert found.views[View.COMMISSIONER].total == pytest.approx(0.0, abs=1e-9)


def test_a_view_that_loses_already_has_no_break_even():
    arm, usual = study(100, 109)
    answer = break_even_cost_per_patient(compared(arm, usual, book(**PLAIN)), View.COMMISSIONER, arm.enrolled)
    assert answer.pounds is None
    assert answer.said == "none: the commissioner gains nothing before programme costs (-£810.00 a patient)"


def test_nobody_enrolled_has_no_cost_per_patient():
    arm, usual = study(100, 90, enrolled=0)
    answer = break_even_cost_per_patient(compared(arm, usual, book()), View.COMMISSIONER, arm.enrolled)
    assert (answer.pounds, answer.said) == (None, "nobody enrolled")


def test_cost_per_admission_avoided_by_hand():
    """1,000 hours cost 48,000; 18,000 of tariff (5,250 of resources) saved; ten avoided."""
    arm, usual = study(100, 90, hours=1000.0)
    rules = book(**PLAIN)
    found, avoided = compared(arm, usual, rules), admissions_avoided(arm, usual, rules)
    assert avoided == 10
    assert cost_per_admission_avoided(found, View.COMMISSIONER, avoided).pounds == pytest.approx(3_000.0)
    assert cost_per_admission_avoided(found, View.WHOLE_SYSTEM, avoided).pounds == pytest.approx(4_275.0)
    cashable = cost_per_admission_avoided(found, View.WHOLE_SYSTEM, avoided, cashable_only=True)
    assert cashable.pounds == pytest.approx((48_000 * 0.605 - 5_250) / 10)


def test_avoided_admissions_are_discounted_as_health_is():
    usual = Arm((activity(0, 100), activity(1, 100)))
    fewer = Arm((activity(0, 98), activity(1, 90)))
    assert admissions_avoided(fewer, usual, book()) == pytest.approx(2 + 10 / 1.015)


def test_none_avoided_is_said():
    """More admissions and money saved elsewhere would give a negative ratio that reads as a bargain."""
    arm, usual = study(100, 109, hours=10.0)
    rules = book(**PLAIN)
    answer = cost_per_admission_avoided(
        compared(arm, usual, rules), View.COMMISSIONER, admissions_avoided(arm, usual, rules)
    )
    assert (answer.pounds, answer.said) == (None, "none avoided")


def test_a_gain_is_said_and_is_no_ratio():
    arm, usual = study(100, 90, hours=100.0)
    rules = book(**PLAIN)
    answer = cost_per_admission_avoided(
        compared(arm, usual, rules), View.COMMISSIONER, admissions_avoided(arm, usual, rules)
    )
    assert answer.pounds is None
    assert answer.said == "avoided at no net cost to the commissioner (it gains £13,200)"


@given(arms(2), arms(2), st.sampled_from([*View]))
def test_no_answer_is_ever_negative(arm, usual, view):
    rules = book()
    found, avoided = compared(arm, usual, rules), admissions_avoided(arm, usual, rules)
    per_admission = cost_per_admission_avoided(found, view, avoided)
    per_patient = break_even_cost_per_patient(found, view, arm.enrolled)
    assert per_admission.pounds is None or per_admission.pounds > 0
    assert per_patient.pounds is None or per_patient.pounds > 0
    assume(avoided <= 0)
    assert per_admission.said == "none avoided"

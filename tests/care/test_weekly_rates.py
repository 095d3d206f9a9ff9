"""Named rates by hand, and events as often as the rules state; false-alarm rate 1 in 10,000 a check."""

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.care.weekly_rates import AGE_KNOTS, by_age, count_conditions, weekly_chance
from icpsim.records.schema import NEVER, Method
from tests.one_week import PARAMETERS, WEEK
from tests.small_world import ALPHA

FAR_OUT = stats.norm.isf(ALPHA / 2)
CURVE = np.array([7.0, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0])


@pytest.mark.parametrize(
    ("age", "value"), [(0, 7), (2, 7), (6, 4), (10, 1), (20, 1.5), (62.5, 4), (90, 13), (104, 13)]
)
def test_a_curve_is_straight_between_its_knots_and_flat_beyond(age, value):
    assert by_age(CURVE, float(age)) == pytest.approx(value)


@given(st.floats(0, 110))
def test_a_curve_is_numpys_interpolation(age):
    assert by_age(CURVE, age) == pytest.approx(np.interp(age, AGE_KNOTS, CURVE))


@given(st.floats(0, 200))
def test_weekly_chance_of_at_least_one(rate):
    assert weekly_chance(rate) == pytest.approx(1 - exp(-rate / WEEKS_PER_YEAR), abs=1e-8, rel=1e-8)


@given(st.integers(0, 1023))
def test_conditions_of_a_mask_are_counted(mask):
    assert count_conditions(mask) == bin(mask).count("1")


def stable(people):
    """Take everyone out of flares, work-ups, courses, waiting lists, stays and the last year of life."""
    people["flare_until"] = people["workup_until"] = people["hospital_until"] = 0
    people["next_flare"] = people["death_week"] = NEVER - 1
    people["cancer_from"], people["cancer_until"] = NEVER, 0
    people["repeat_from"], people["repeat_until"] = NEVER, 0
    people["waiting"] = people["follow_ups"] = 0
    due = (WEEK - people["birth_week"].astype(int)) % 52 == 0
    people["birth_week"][due] -= 1


def in_flare(people):
    stable(people)
    people["flare_until"] = WEEK + 5


def in_workup(people):
    stable(people)
    people["workup_until"] = WEEK + 5


def dying(people):
    stable(people)
    people["death_week"] = WEEK + 12


def dying_slowly(people):
    stable(people)
    people["death_week"] = WEEK + 40


def in_course(people):
    stable(people)
    people["cancer_from"], people["cancer_until"] = WEEK - 1, WEEK + 5


EM, OUT, EL = PARAMETERS.emergency, PARAMETERS.outpatient, PARAMETERS.elective
STATED = [
    ("emergency", stable, 1.0),
    ("emergency", in_flare, EM.flare_ratio),
    ("emergency", dying, EM.last_quarter_ratio),
    ("emergency", dying_slowly, EM.last_year_ratio),
    ("emergency", in_course, EM.cancer_treatment_ratio),
    ("emergency", in_workup, 1.0),
    ("ae", stable, 1.0),
    ("ae", in_flare, EM.ae_flare_ratio),
    ("first_outpatient", stable, 1.0),
    ("first_outpatient", in_workup, OUT.workup_ratio),
    ("first_outpatient", in_flare, 1.0),
    ("listing", stable, 1.0),
    ("listing", in_workup, EL.workup_ratio),
]


def happened(week, kind):
    """Return the people to whom it happened."""
    return {
        "emergency": lambda: week.spells["person"][week.spells["method"] == Method.EMERGENCY],
        "ae": lambda: week.ae["person"][week.ae["admitted"] == 0],
        "first_outpatient": lambda: week.outpatient["person"][week.outpatient["first"] == 1],
        "listing": lambda: week.listed,
    }[kind]()


def chances(site, kind, change, ratio):
    """Return each person's stated chance this week: the yearly base rate times the phase's ratio."""
    people = site.start.copy()
    change(people)
    base = site.region.rates_of(people, WEEK)[f"base_{kind}"]
    return 1.0 - np.exp(-base * ratio / WEEKS_PER_YEAR)


@pytest.mark.parametrize(("kind", "change", "ratio"), STATED)
def test_events_happen_at_the_stated_rate(site, kind, change, ratio):
    chance = chances(site, kind, change, ratio)
    events = happened(site.live(change, enrol=False), kind)
    spread = np.sqrt((chance * (1 - chance)).sum())
    assert len(np.unique(events)) == len(events)
    assert spread > 5
    assert abs(len(events) - chance.sum()) < FAR_OUT * spread


@pytest.mark.parametrize("kind", ["emergency", "ae", "first_outpatient", "listing"])
def test_events_happen_to_those_with_the_highest_rates_as_stated(site, kind):
    """The tenth of people with the highest chances, where the mean chance says least."""
    chance = chances(site, kind, in_flare if kind in ("emergency", "ae") else in_workup, 1.0)
    top = np.argsort(-chance)[: len(chance) // 10]
    change = in_flare if kind in ("emergency", "ae") else in_workup
    ratio = {kind_: ratio_ for kind_, change_, ratio_ in STATED if change_ is change}[kind]
    chance = chances(site, kind, change, ratio)[top]
    events = np.isin(top, happened(site.live(change, enrol=False), kind))
    assert abs(events.sum() - chance.sum()) < FAR_OUT * np.sqrt((chance * (1 - chance)).sum())


def eager(people):
    """Give everyone large propensities, so that contacts of different kinds fall into the same week."""
    stable(people)
    people["elective_propensity"] = people["outpatient_propensity"] = 40.0
    people["flare_until"] = WEEK + 5
    people["death_week"] = WEEK + 12


PAIRS = [("ae", "first_outpatient"), ("ae", "listing"), ("first_outpatient", "listing"), ("ae", "emergency")]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_contacts_of_different_kinds_are_independent_in_a_week(site, one, other):
    ratios = {
        "ae": EM.ae_flare_ratio,
        "emergency": EM.flare_ratio * EM.last_quarter_ratio,
        "first_outpatient": 1.0,
        "listing": 1.0,
    }
    both = chances(site, one, eager, ratios[one]) * chances(site, other, eager, ratios[other])
    week = site.live(eager, enrol=False)
    together = np.intersect1d(happened(week, one), happened(week, other))
    assert both.sum() > 10
    assert stats.poisson.cdf(len(together), both.sum()) > ALPHA / 2
    assert stats.poisson.sf(len(together) - 1, both.sum()) > ALPHA / 2

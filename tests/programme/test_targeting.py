"""Keys of each policy worked out by hand for five people, and which people they put first."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from icpsim.base.kinds import Condition
from icpsim.programme.targeting import (
    CATALOGUE,
    NOT_ELIGIBLE,
    POLICIES,
    Candidates,
    Judgement,
    Policy,
    RandomWithinStrata,
)
from icpsim.programme.targeting.policy import in_top_share
from icpsim.records.schema import CONDITIONS
from icpsim.scenario.schema import json_schema
from tests.small_world import ALPHA, targeting

COPD, DIABETES = (1 << CONDITIONS.index(name) for name in ("copd", "diabetes"))
FIVE = Candidates(
    person=np.array([10, 11, 12, 13, 14]),
    risk=np.array([-1.0, -2.0, -3.0, 0.0, -2.0]),
    risk_from_hospital_records=np.array([-1.5, -2.0, -2.0, -1.0, -2.5]),
    in_flare=np.array([False, True, False, False, True]),
    last_year=np.array([False, False, True, False, True]),
    in_treatment=np.array([False, False, False, True, True]),
    emergencies=np.array([0, 1, 2, 9, 0]),
    sensitive_emergencies=np.array([0, 1, 0, 3, 0], np.uint16),
    emergencies_4=np.array([0, 0, 1, 1, 0], np.uint16),
    unplanned_12=np.array([0, 3, 1, 4, 1], np.uint16),
    unplanned_52=np.array([0, 3, 4, 12, 1], np.uint16),
    registered=np.array([0, COPD, DIABETES, COPD | DIABETES, 0], np.uint16),
    age=np.array([60.0, 75.0, 80.0, 91.0, 74.9]),
    deprivation=np.array([1, 2, 3, 4, 5], np.uint8),
    care_home=np.array([False, False, True, False, True]),
    noise=np.array([0.5, -1.0, 0.0, 0.0, 2.0]),
    chance=np.array([0.9, 0.2, 0.5, 0.3, 0.7]),
)
PLAIN = Judgement(
    noise=0.0,
    gp_information=0.0,
    deterioration_referral=0.0,
    last_year_referral=0.0,
    active_treatment_avoidance=0.0,
    flare_ratio=8.0,
)
OUT = NOT_ELIGIBLE
EVERY = TypeAdapter(Policy)


def policy(name, **options):
    return targeting(name, **options)


def keys(name, options=None, **judgement):
    return policy(name, **(options or {})).keys(FIVE, replace(PLAIN, **judgement))


def test_the_catalogue_holds_one_of_each_policy_that_scenarios_may_name():
    assert {one.policy for one in CATALOGUE} == set(POLICIES) - {"random_within_strata"}
    assert len(CATALOGUE) == len(POLICIES) - 1
    named = json_schema()["$defs"]["Programme"]["properties"]["targeting"]["discriminator"]["mapping"]
    assert set(named) == set(POLICIES)


def test_every_policy_has_a_label_of_its_own():
    labels = [kind.label for kind in POLICIES.values()]
    assert len(set(labels)) == len(labels) == 12


def test_registers_are_the_records_conditions():
    assert get_args(Condition) == CONDITIONS


@pytest.mark.parametrize("name", ["risk_score", "gp_nomination"])
@pytest.mark.parametrize(
    ("judgement", "expected"),
    [
        ({}, [-1.5, -2.0, -2.0, -1.0, -2.5]),
        ({"gp_information": 1.0}, [-1.0, -2.0, -3.0, 0.0, -2.0]),
        ({"gp_information": 0.5}, [-1.25, -2.0, -2.5, -0.5, -2.25]),
        ({"noise": 1.0}, [-1.0, -3.0, -2.0, -1.0, -0.5]),
        ({"noise": 0.5, "gp_information": 1.0}, [-0.75, -2.5, -3.0, 0.0, -1.0]),
        ({"active_treatment_avoidance": 1.0}, [-1.5, -2.0, -2.0, OUT, OUT]),
        ({"active_treatment_avoidance": 0.5}, [-1.5, -2.0, -2.0, OUT, -2.5]),
    ],
)
def test_the_risk_list(name, judgement, expected):
    assert keys(name, **judgement).tolist() == pytest.approx(expected)


def test_nomination_adds_weight_for_a_flare_and_for_the_last_year():
    seen = 0.5 * np.log(8.0)
    found = keys("gp_nomination", deterioration_referral=0.5, last_year_referral=-0.25)
    assert found.tolist() == pytest.approx([-1.5, -2.0 + seen, -2.25, -1.0, -2.5 + seen - 0.25])


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_nomination_that_follows_no_deterioration_is_the_risk_list(noise):
    judgement = {"noise": noise, "gp_information": 0.3, "active_treatment_avoidance": 0.5}
    assert keys("gp_nomination", **judgement).tolist() == keys("risk_score", **judgement).tolist()


def test_the_risk_list_does_not_see_deterioration():
    seen = {"deterioration_referral": 0.5, "last_year_referral": 0.5}
    assert keys("risk_score", **seen).tolist() == keys("risk_score").tolist()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"top_share": 0.2}, [OUT, OUT, OUT, -1.0, OUT]),
        ({"top_share": 0.4}, [-1.5, OUT, OUT, -1.0, OUT]),
        ({"least_risk": 0.12}, [-1.5, OUT, OUT, -1.0, OUT]),
        ({"least_risk": 0.119}, [-1.5, -2.0, -2.0, -1.0, OUT]),
    ],
)
def test_the_top_of_the_risk_list_alone(options, expected):
    """Log odds of -2 are a risk of 0.1192."""
    assert keys("risk_score", options).tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "options", "who"),
    [
        ("repeat_admissions", {}, [2, 3]),
        ("repeat_admissions", {"at_least": 3}, [3]),
        ("post_discharge", {}, [2, 3]),
        ("condition_register", {"conditions": ["copd"]}, [1, 3]),
        ("condition_register", {"conditions": ["copd", "diabetes"]}, [1, 2, 3]),
        ("condition_register", {"conditions": ["copd", "diabetes"], "at_least": 2}, [3]),
        ("condition_register", {"conditions": ["copd", "copd"], "at_least": 2}, []),
        ("age_band", {}, [1, 2, 3]),
        ("age_band", {"from_age": 60, "to_age": 75}, [0, 4]),
        ("care_home", {}, [2, 4]),
    ],
)
def test_who_is_eligible_and_that_chance_or_risk_orders_them(name, options, who):
    by_chance = keys(name, options)
    assert np.flatnonzero(by_chance > OUT).tolist() == who
    assert by_chance[who].tolist() == FIVE.chance[who].tolist()
    by_risk = keys(name, {**options, "order": "risk"}, noise=1.0)
    assert by_risk[who].tolist() == keys("risk_score", noise=1.0)[who].tolist()
    treated = keys(name, options, active_treatment_avoidance=1.0)
    assert np.flatnonzero(treated > OUT).tolist() == [k for k in who if k < 3]


def test_rising_use_is_recent_over_earlier():
    """Person 1 had all three visits in the last 12 weeks; person 3 four of twelve, person 2 one of four."""
    growth = np.log([0.5, 3.5, 1.5, 4.5, 1.5]) - np.log([0.5, 0.5, 3.5, 8.5, 0.5]) + np.log(40 / 12)
    found = keys("rising_risk", {"top_share": 1.0})
    assert found.tolist() == pytest.approx((growth + 1e-3 * FIVE.risk_from_hospital_records).tolist())
    assert np.flatnonzero(keys("rising_risk", {"top_share": 0.4}) > OUT).tolist() == [0, 3]


def test_impactability_is_risk_times_the_sensitive_share_of_the_persons_own_past():
    risk = 1 / (1 + np.exp(-FIVE.risk_from_hospital_records))
    share = np.array([0.17, 1.17 / 2, 0.17 / 3, 3.17 / 10, 0.17])
    expected = np.log(risk * share) - 100.0 * FIVE.last_year
    assert keys("impactability").tolist() == pytest.approx(expected.tolist())


def test_a_mixture_deals_out_places_by_weight():
    """Risk list: 13, 10, 11, 12, 14. Care homes by chance: 14, 12. Two of the first to each of the second."""
    of = [
        {"weight": 2.0, "targeting": {"policy": "risk_score"}},
        {"weight": 1.0, "targeting": {"policy": "care_home"}},
    ]
    found = keys("mixture", {"of": of})
    assert dict(zip(FIVE.person.tolist(), (-found).tolist(), strict=True)) == {
        13: 0.5,
        10: 1.0,
        14: 1.0,
        11: 1.5,
        12: 2.0,
    }
    only_homes = keys("mixture", {"of": of[1:]})
    assert np.flatnonzero(only_homes > OUT).tolist() == [2, 4]


@given(st.integers(1, 5), st.lists(st.floats(-5, 5), min_size=1, max_size=50))
def test_a_top_share_holds_at_least_that_share_and_nobody_below_it(fifths, scores):
    scores = np.array(scores)
    chosen = in_top_share(scores, fifths / 5)
    wanted = max(round(fifths / 5 * len(scores)), 1)
    assert chosen.sum() >= wanted
    assert (scores > scores[chosen].min()).sum() < wanted
    assert not chosen.all() or wanted == len(scores) or (scores == scores.min()).sum() > 1


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.policy)
def test_every_policy_gives_everyone_a_key_and_manages_with_nobody(one):
    found = one.keys(FIVE, PLAIN)
    assert found.shape == (5,)
    assert not np.isnan(found).any()
    assert (found > OUT).any()
    nobody = Candidates(**{name: getattr(FIVE, name)[:0] for name in Candidates.__slots__})
    assert one.keys(nobody, PLAIN).shape == (0,)


def test_wrong_options_are_refused():
    for wrong in ({"policy": "age_band", "at_least": 2}, {"policy": "mixture", "of": []}, {"policy": "nobody"}):
        with pytest.raises(ValidationError):
            EVERY.validate_python(wrong)


def test_chance_within_strata_weighs_recent_emergencies():
    """log(chance) / (1 + emergencies, at most 4)."""
    expected = [np.log(0.9), np.log(0.2) / 2, np.log(0.5) / 3, np.log(0.3) / 5, np.log(0.7)]
    assert keys("random_within_strata").tolist() == pytest.approx(expected)


@pytest.mark.parametrize("name", ["random_within_strata", "random"])
def test_chance_looks_at_nothing_else(name):
    others = replace(
        PLAIN, noise=2.0, gp_information=1.0, deterioration_referral=0.5, active_treatment_avoidance=1.0
    )
    blind = replace(
        FIVE,
        risk=FIVE.risk[::-1],
        in_flare=~FIVE.in_flare,
        last_year=~FIVE.last_year,
        in_treatment=~FIVE.in_treatment,
        age=FIVE.age[::-1],
        registered=FIVE.registered[::-1],
    )
    one = policy(name)
    assert one.keys(blind, others).tolist() == one.keys(FIVE, PLAIN).tolist()


def test_the_first_of_the_random_order_is_drawn_in_proportion_to_the_weights():
    """Efraimidis and Spirakis: the highest key belongs to a person with chance weight / total weight."""
    rng = np.random.default_rng(3)
    emergencies = np.array([0, 0, 1, 2, 7])
    weights = np.array([1, 1, 2, 3, 5])
    first = np.zeros(5, int)
    for _ in range(4000):
        people = replace(FIVE, emergencies=emergencies, chance=rng.random(5))
        first[np.argmax(RandomWithinStrata().keys(people, PLAIN))] += 1
    assert stats.chisquare(first, 4000 * weights / weights.sum()).pvalue > ALPHA


def test_a_chance_of_nought_still_has_a_key():
    people = replace(FIVE, chance=np.zeros(5))
    assert np.isfinite(RandomWithinStrata().keys(people, PLAIN)).all()

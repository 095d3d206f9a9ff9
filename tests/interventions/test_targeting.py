"""Keys of each policy worked out by hand for five people, and which people they put first."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from small_world import ALPHA

from icpsim.interventions.targeting import POLICIES, Candidates, Judgement

FIVE = Candidates(
    person=np.array([10, 11, 12, 13, 14]),
    risk=np.array([-1.0, -2.0, -3.0, 0.0, -2.0]),
    risk_from_hospital_records=np.array([-1.5, -2.0, -2.0, -1.0, -2.5]),
    in_flare=np.array([False, True, False, False, True]),
    last_year=np.array([False, False, True, False, True]),
    in_treatment=np.array([False, False, False, True, True]),
    emergencies=np.array([0, 1, 2, 9, 0]),
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


def keys(policy, **judgement):
    return POLICIES[policy].keys(FIVE, replace(PLAIN, **judgement))


def test_policies_are_called_what_scenarios_call_them():
    assert {name: policy.name for name, policy in POLICIES.items()} == {name: name for name in POLICIES}
    assert set(POLICIES) == {"risk_score", "gp_nomination", "random_within_strata"}


@pytest.mark.parametrize("policy", ["risk_score", "gp_nomination"])
@pytest.mark.parametrize(
    ("judgement", "expected"),
    [
        ({}, [-1.5, -2.0, -2.0, -1.0, -2.5]),
        ({"gp_information": 1.0}, [-1.0, -2.0, -3.0, 0.0, -2.0]),
        ({"gp_information": 0.5}, [-1.25, -2.0, -2.5, -0.5, -2.25]),
        ({"noise": 1.0}, [-1.0, -3.0, -2.0, -1.0, -0.5]),
        ({"noise": 0.5, "gp_information": 1.0}, [-0.75, -2.5, -3.0, 0.0, -1.0]),
        ({"active_treatment_avoidance": 1.0}, [-1.5, -2.0, -2.0, -np.inf, -np.inf]),
        ({"active_treatment_avoidance": 0.5}, [-1.5, -2.0, -2.0, -np.inf, -2.5]),
    ],
)
def test_the_risk_list(policy, judgement, expected):
    assert keys(policy, **judgement).tolist() == pytest.approx(expected)


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


def test_chance_within_strata_weighs_recent_emergencies():
    """log(chance) / (1 + emergencies, at most 4)."""
    expected = [np.log(0.9), np.log(0.2) / 2, np.log(0.5) / 3, np.log(0.3) / 5, np.log(0.7)]
    assert keys("random_within_strata").tolist() == pytest.approx(expected)


def test_chance_within_strata_looks_at_nothing_else():
    others = replace(
        PLAIN, noise=2.0, gp_information=1.0, deterioration_referral=0.5, active_treatment_avoidance=1.0
    )
    blind = replace(
        FIVE,
        risk=FIVE.risk[::-1],
        in_flare=~FIVE.in_flare,
        last_year=~FIVE.last_year,
        in_treatment=~FIVE.in_treatment,
    )
    policy = POLICIES["random_within_strata"]
    assert policy.keys(blind, others).tolist() == policy.keys(FIVE, PLAIN).tolist()


def test_the_first_of_the_random_order_is_drawn_in_proportion_to_the_weights():
    """Efraimidis and Spirakis: the highest key belongs to a person with chance weight / total weight."""
    rng = np.random.default_rng(3)
    emergencies = np.array([0, 0, 1, 2, 7])
    weights = np.array([1, 1, 2, 3, 5])
    first = np.zeros(5, int)
    for _ in range(4000):
        people = replace(FIVE, emergencies=emergencies, chance=rng.random(5))
        first[np.argmax(POLICIES["random_within_strata"].keys(people, PLAIN))] += 1
    assert stats.chisquare(first, 4000 * weights / weights.sum()).pvalue > ALPHA


def test_a_chance_of_nought_still_has_a_key():
    people = replace(FIVE, chance=np.zeros(5))
    assert np.isfinite(POLICIES["random_within_strata"].keys(people, PLAIN)).all()

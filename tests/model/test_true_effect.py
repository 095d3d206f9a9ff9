"""The paired world is the same people's lives without effects, and true effects are what was put in."""

import numpy as np
import pytest
from scipy import stats

from icpsim.model.true_effect import only, true_effects, without_effects
from tests.small_world import ALPHA, CASE_MANAGERS, MEETINGS, column_bytes, simulated, small_scenario

TABLES = ("spells", "outpatient", "ae", "deaths")
WINDOW = 26
NOTHING = {
    "unmet_need_detection": 0.0,
    "avoidable_reduction": 0.0,
    "outpatient_substitution": 0.0,
    "elective_deferral": 0.0,
    "treatment_deescalation": 0.0,
    "outpatient_spillover": 0.0,
    "continuity_loss": 0.0,
}
NO_ECHO = {
    "outpatient.follow_ups_per_first": 0.0,
    "outpatient.workup_ratio": 1.0,
    "elective.workup_ratio": 1.0,
}
"""A visit leads to no other, so that visits replaced are replaced one by one."""
MANY_VISITS = {f"outpatient.base_rate_{band}": 5.0 for band in ("45_64", "65_74", "75_84", "85p")}
"""Enough first visits to tell a share of 0.4 from 0.3."""
FULL_DOSE = {"staffing.site_sd": 0.0, "staffing.contacts_for_full_dose": 1.0}


def with_full_dose(**mechanisms):
    """Return a scenario in which 400 people have a known effect in full from the week of enrolment."""
    managers = CASE_MANAGERS.model_copy(update={"case_managers": 20, "planned_weeks": 60, "ramp_weeks": 0})
    return small_scenario(
        interventions=(managers,),
        quota=400,
        mechanisms=NOTHING | {"mdt_share": 0.0, "onset_weeks": 1.0} | mechanisms,
        parameters=NO_ECHO | MANY_VISITS | FULL_DOSE,
        pool_ratio=0.0,
    )


def effects_of(model):
    records = model.records()
    lives = without_effects(model, records)
    found = true_effects(lives, records.enrolments["person"], WINDOW, model)
    return lives, {effect.outcome: effect for effect in found}


def contacts_of(gp, persons):
    """Return (person's place, week) of the contacts of these people, in order."""
    place = np.full(len(gp.registered_conditions), -1)
    place[persons] = np.arange(len(persons))
    found = np.column_stack([place[gp.contacts["person"]], gp.contacts["week"]])
    return sorted(map(tuple, found[found[:, 0] >= 0].tolist()))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="nominated"),
        pytest.param({"policy": "risk_score", "interventions": (MEETINGS,)}, id="meetings alone"),
        pytest.param({"mechanisms": {"unmet_need_detection": 0.9, "outpatient_spillover": 0.1}}, id="strong"),
    ],
)
def test_shadow_lives_are_the_whole_world_without_effects(changes):
    scenario = small_scenario(**changes)
    model = simulated(scenario)
    records = model.records()
    rows = records.enrolments["person"].astype(np.int64)
    lives = without_effects(model, records)
    whole = simulated(scenario, enrolments=records.enrolments, effects=False)
    shadow = only(lives.counterfactual, lives.counterfactual_person)
    twin, factual = only(whole.records(), rows), only(records, rows)
    for name in ("registrations", *TABLES):
        assert column_bytes(getattr(shadow, name)) == column_bytes(getattr(twin, name)), name
    at = lives.counterfactual_person
    assert contacts_of(lives.counterfactual_gp, at) == contacts_of(whole.region.gp_records(), rows)
    assert [len(rows), len(shadow.outpatient) > 100] == [60, True]
    changed = [
        name for name in TABLES if column_bytes(getattr(shadow, name)) != column_bytes(getattr(factual, name))
    ]
    assert changed != []


def test_with_feedback_the_whole_world_is_lived_again():
    model = simulated(small_scenario(capacity_feedback=True))
    lives, _ = effects_of(model)
    assert len(lives.counterfactual.registrations) == len(lives.factual.registrations)
    again = simulated(model.icp_scenario, enrolments=model.records().enrolments, effects=False).records()
    for name in TABLES:
        assert column_bytes(getattr(lives.counterfactual, name)) == column_bytes(getattr(again, name))


def test_before_enrolment_both_worlds_are_one(tiny):
    lives, _ = effects_of(tiny)
    week = lives.factual.enrolments["week"]
    a = only(lives.factual, lives.person)
    b = only(lives.counterfactual, lives.counterfactual_person)
    for name, when in (("spells", "admitted"), ("ae", "week")):
        ours, theirs = getattr(a, name), getattr(b, name)
        ours, theirs = ours[ours[when] < week[ours["person"]]], theirs[theirs[when] < week[theirs["person"]]]
        assert column_bytes(ours) == column_bytes(theirs)
    assert column_bytes(a.deaths) == column_bytes(b.deaths)


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(small_scenario(effects=False), id="effects off"),
        pytest.param(small_scenario(mechanisms=NOTHING), id="every effect nought"),
        pytest.param(
            small_scenario(interventions=(CASE_MANAGERS.model_copy(update={"contacts_per_month": 0.0}),)),
            id="no dose",
        ),
        pytest.param(small_scenario(effects=False, capacity_feedback=True), id="effects off, with feedback"),
    ],
)
def test_no_effect_is_exactly_nought(scenario):
    _, found = effects_of(simulated(scenario))
    for outcome, effect in found.items():
        assert effect.effect == 0.0 or np.isnan(effect.effect), outcome
        assert set(effect.monthly) <= {0.0} or all(x == 0.0 or np.isnan(x) for x in effect.monthly)
    known = {outcome for outcome, effect in found.items() if effect.effect == 0.0}
    assert {"emergency_admissions", "outpatient_attendances", "hospital_cost", "gp_consultations"} <= known


@pytest.fixture(scope="module")
def substituted():
    return effects_of(simulated(with_full_dose(outpatient_substitution=0.4)))


def visits_in_window(records, persons, index):
    table = only(records, persons).outpatient
    lag = table["week"].astype(int) - index[table["person"]]
    return int(((table["attended"] == 1) & (lag >= 0) & (lag < WINDOW)).sum())


def test_a_known_substitution_is_the_true_outpatient_effect(substituted):
    lives, found = substituted
    index = lives.factual.enrolments["week"].astype(int)
    kept = visits_in_window(lives.factual, lives.person, index)
    without = visits_in_window(lives.counterfactual, lives.counterfactual_person, index)
    assert len(index) == 400
    assert found["outpatient_attendances"].effect == pytest.approx(np.log(kept / without))
    assert stats.binomtest(kept, without, 0.6).pvalue > ALPHA
    for share_kept in (0.5, 0.7):  # the check would see a share that is off by a quarter
        assert stats.binomtest(kept, without, share_kept).pvalue < ALPHA


def test_a_known_substitution_changes_nothing_else_in_hospital(substituted):
    _, found = substituted
    hospital = ("emergency_admissions", "elective_admissions", "ae_attendances", "bed_days")
    assert {outcome: found[outcome].effect for outcome in hospital} == dict.fromkeys(hospital, 0.0)
    assert found["hospital_cost"].effect < 0.0
    assert found["gp_consultations"].effect > 0.0


def test_each_month_of_a_known_effect_has_it_in_full(substituted):
    """Six monthly log ratios against log 0.6, each with the error of a share of its own number of visits."""
    lives, found = substituted
    n = visits_in_window(
        lives.counterfactual, lives.counterfactual_person, lives.factual.enrolments["week"].astype(int)
    )
    error = np.sqrt(0.4 / 0.6 / (n / 6))
    z = (np.array(found["outpatient_attendances"].monthly) - np.log(0.6)) / error
    assert np.abs(z).max() < stats.norm.isf(ALPHA / 6 / 2)


def test_the_true_effects_error_is_that_of_other_people(substituted):
    """The stated standard error over people agrees with 400 resamples of them, to 15%."""
    lives, found = substituted
    index = lives.factual.enrolments["week"].astype(int)
    counts = []
    for records, persons in ((lives.factual, lives.person), (lives.counterfactual, lives.counterfactual_person)):
        table = only(records, persons).outpatient
        lag = table["week"].astype(int) - index[table["person"]]
        kept = table[(table["attended"] == 1) & (lag >= 0) & (lag < WINDOW)]
        counts.append(np.bincount(kept["person"], minlength=len(persons)))
    rng = np.random.default_rng(3)
    drawn = [
        counts_of[:, rng.integers(len(index), size=len(index))].sum(axis=1)
        for counts_of in [np.array(counts)] * 400
    ]
    spread = np.std([np.log(a / b) for a, b in drawn])
    assert found["outpatient_attendances"].se == pytest.approx(spread, rel=0.15)

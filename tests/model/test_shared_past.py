"""A shared past: branches of it are full runs, byte for byte, whatever their programme does."""

import dataclasses

import numpy as np
import pytest

from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.types import design_of
from icpsim.model.branch import Branch
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.shared_past import History, HistoryError
from icpsim.model.true_effect import true_effects, without_effects
from icpsim.programme.schema import Site, TelephoneCoaching, Trial, VirtualWard
from icpsim.programme.targeting import CATALOGUE
from icpsim.scenario.schema import Study, Supply
from tests.small_world import (
    CASE_MANAGERS,
    HOSPITAL_TABLES,
    MEETINGS,
    SERVICES,
    column_bytes,
    differing,
    simulated,
    small_scenario,
    stepped,
)

ALL_TABLES = (*HOSPITAL_TABLES, "enrolments", "allocations")
TWO_AND_THREE = (Site(name="A", practices=2), Site(name="B", practices=3))
MANY_PLACES = (CASE_MANAGERS.model_copy(update={"case_managers": 4}), MEETINGS)
STRONG = {"outpatient_spillover": 0.08, "avoidable_reduction": 0.5, "unmet_need_detection": 0.6}

STRONG_SERVICES = {
    "interventions.care_planning_sensitive_emergencies": 0.5,
    "interventions.rapid_access_assessment_other_emergencies": 0.6,
    "interventions.discharge_planning_flares": 0.8,
    "interventions.clinics_closer_to_home_listings": 0.7,
    "interventions.disease_care_follow_ups": 0.7,
}

SCENARIOS = {
    "as it is": {},
    "another policy": {"policy": "random_within_strata"},
    "no spill-over": {"mechanisms": {"outpatient_spillover": 0.0}},
    "strong effects": {"mechanisms": STRONG},
    "more places, sooner refilled": {
        "quota": 150,
        "interventions": (CASE_MANAGERS.model_copy(update={"case_managers": 4, "planned_weeks": 9}), MEETINGS),
    },
    "strong effects, seen by the risk tool": {"policy": "risk_score", "mechanisms": STRONG, "quota": 150},
    "half a case manager, so that spill-over changes with the caseload": {
        "quota": 150,
        "mechanisms": {**STRONG, "mdt_share": 0.1},
        "interventions": (CASE_MANAGERS.model_copy(update={"case_managers": 4, "hours_per_week": 4.0}),),
    },
    "meetings every week": {
        "interventions": (CASE_MANAGERS, MEETINGS.model_copy(update={"every_weeks": 1})),
        "mechanisms": STRONG,
    },
    "meetings every three weeks": {
        "interventions": (CASE_MANAGERS, MEETINGS.model_copy(update={"every_weeks": 3}))
    },
    "staff who leave": {
        "quota": 150,
        "interventions": (
            CASE_MANAGERS.model_copy(
                update={"case_managers": 4, "turnover_per_year": 4.0, "replace_weeks": 9, "training_weeks": 7}
            ),
            MEETINGS,
        ),
    },
    "services": {"interventions": (CASE_MANAGERS, MEETINGS, *SERVICES), "parameters": STRONG_SERVICES},
    "services alone": {"interventions": SERVICES, "parameters": STRONG_SERVICES},
    "a virtual ward and services": {
        "interventions": (
            VirtualWard(kind="virtual_ward", places_per_site=20, ward_staff=2, planned_weeks=9),
            *SERVICES,
        ),
        "mechanisms": STRONG,
    },
    "telephone coaching": {
        "quota": 150,
        "mechanisms": STRONG,
        "interventions": (TelephoneCoaching(kind="telephone_coaching", coaches=1, caseload=40, ramp_weeks=0),),
    },
    "a trial by person": {
        "trial": Trial(by="person"),
        "mechanisms": STRONG,
        "interventions": (CASE_MANAGERS.model_copy(update={"case_managers": 4}), MEETINGS),
    },
    "nobody enrolled": {"quota": 0},
    "effects off": {"effects": False},
} | {
    f"strong effects on those found by {one.policy}": {"policy": one, "mechanisms": STRONG, "quota": 150}
    for one in CATALOGUE
}


@pytest.fixture(scope="module")
def past():
    return History(small_scenario(), 1, 0)


@pytest.fixture(scope="module", params=SCENARIOS)
def pair(past, request):
    scenario = small_scenario(**SCENARIOS[request.param])
    branch = past.branch(scenario)
    branch.run()
    return branch, simulated(scenario)


def test_a_branch_is_the_full_run(pair):
    branch, full = pair
    assert differing(branch.records(), full.records(), ALL_TABLES) == []
    pilots = len(branch.region.people)
    assert pilots == len(full.pilot_people)
    assert column_bytes(branch.region.people) == column_bytes(full.region.people[:pilots])


def test_teams_of_a_branch_log_what_they_do_in_the_full_run(pair):
    for ours, theirs in zip(*(model.teams for model in pair), strict=True):
        assert column_bytes(ours.log) == column_bytes(theirs.log)
        assert ours.service_hours.tobytes() == theirs.service_hours.tobytes()


def test_services_have_their_effect_in_these_tests():
    """Guards the tests above."""
    with_services, without = (
        simulated(small_scenario(interventions=parts, parameters=STRONG_SERVICES))
        for parts in ((CASE_MANAGERS, MEETINGS, *SERVICES), (CASE_MANAGERS, MEETINGS))
    )
    assert differing(with_services.records(), without.records()) == ["spells", "outpatient", "ae"]


def test_gp_contacts_of_those_touched_are_those_of_the_full_run(pair):
    branch, full = pair
    ours, theirs = branch.region.gp_records().contacts, full.region.gp_records().contacts
    theirs = theirs[np.isin(theirs["person"], branch.touched())]
    assert column_bytes(np.sort(ours)) == column_bytes(np.sort(theirs))


def test_only_those_whom_it_touches_live_again(pair):
    branch, full = pair
    enrolled = full.records().enrolments["person"]
    assert np.isin(enrolled, branch.touched()).all()
    assert len(branch.touched()) < 0.4 * len(branch.pilot_people)


def test_evaluation_and_truth_of_a_branch_are_those_of_the_full_run(past):
    scenario = small_scenario(policy="risk_score", quota=120)
    branch, full = past.branch(scenario), simulated(scenario)
    branch.run()
    design, prices = design_of(scenario), full.parameters.prices
    found = [evaluate(branch.records(), design, prices, past.pool) for _ in range(2)]
    whole = evaluate(full.records(), design, prices)
    assert past.pool.model is not None
    assert len(past.pool.seen) > 3
    for other in found:
        assert column_bytes(other.pairs) == column_bytes(whole.pairs)
        assert repr(dataclasses.replace(other, pairs=whole.pairs)) == repr(whole)
    cases = np.unique(whole.pairs["case"])
    truths = [true_effects(without_effects(model, model.records()), cases, 26, model) for model in (branch, full)]
    assert repr(truths[0]) == repr(truths[1])


def test_whom_spill_over_may_touch_is_worked_out(past, monkeypatch):
    """Guards the tests above: without those people a branch is not the full run."""
    monkeypatch.setattr(Branch, "_touched_by_spillover", lambda self, until: np.zeros(len(self._touched), bool))
    scenario = small_scenario(mechanisms=STRONG)
    branch = past.branch(scenario)
    branch.run()
    assert differing(branch.records(), simulated(scenario).records()) != []


def test_fixed_enrolments_branch_too(past):
    enrolments = simulated(small_scenario()).records().enrolments
    for effects in (True, False):
        branch = past.branch(small_scenario(), effects=effects, enrolments=enrolments)
        branch.run()
        full = simulated(small_scenario(), enrolments=enrolments, effects=effects)
        assert differing(branch.records(), full.records(), ALL_TABLES) == []


def test_enrolments_fixed_before_the_programme_starts_branch_too(past):
    enrolments = simulated(small_scenario()).records().enrolments
    enrolments["week"][::2] -= 60
    enrolments["week"][1::3] -= 20
    assert (enrolments["week"] < small_scenario().study.history_weeks).any()
    branch = past.branch(small_scenario(mechanisms=STRONG), enrolments=enrolments)
    branch.run()
    full = simulated(small_scenario(mechanisms=STRONG), enrolments=enrolments)
    assert differing(branch.records(), full.records(), ALL_TABLES) == []


def test_spill_over_that_changes_is_lived_as_it_changed(past, monkeypatch):
    """Guards the tests above: living lists in one go over a change of spill-over is not the full run."""
    scenario = small_scenario(**SCENARIOS["half a case manager, so that spill-over changes with the caseload"])
    branch = past.branch(scenario)
    strengths = set()
    branch.run(lambda week, weeks: strengths.update(branch.region.practice_state["spillover"].tolist()))
    assert len(strengths) > 3
    monkeypatch.setattr(Branch, "teams_work", IntegratedCareModel.teams_work)
    careless = past.branch(scenario)
    careless.run()
    assert differing(careless.records(), branch.records()) != []


def test_records_from_before_the_programme_are_taken_over(past):
    branch = past.branch(small_scenario(mechanisms=STRONG))
    branch.run()
    start, touched = small_scenario().study.history_weeks, branch.touched()
    ours, theirs = branch.region.gp_records().contacts, past.gp_records.contacts
    theirs = theirs[np.isin(theirs["person"], touched)]
    before = [table[table["week"] < start] for table in (ours, theirs)]
    assert len(before[0]) > 100
    assert column_bytes(np.sort(before[0])) == column_bytes(before[1])
    first = branch.records()
    assert differing(first, branch.records(), ALL_TABLES) == []


def test_one_branch_leaves_no_trace_in_the_next(past):
    first = past.branch(small_scenario())
    first.run()
    between = past.branch(small_scenario(mechanisms=STRONG, policy="risk_score"))
    between.run()
    again = past.branch(small_scenario())
    again.run()
    assert differing(first.records(), again.records(), ALL_TABLES) == []


TRIALS = {
    "by practice": Trial(by="practice"),
    "a third of the practices": Trial(by="practice", share=0.34),
    "stepped wedge": Trial(by="steps", steps=3),
    "by person": Trial(by="person", share=0.3),
}


@pytest.fixture(scope="module")
def past_of_two_sites():
    return History(small_scenario(sites=TWO_AND_THREE), 1, 0)


@pytest.mark.parametrize("effects", [True, False])
@pytest.mark.parametrize("name", TRIALS)
def test_a_branch_with_a_trial_is_the_full_run(past_of_two_sites, name, effects):
    scenario = small_scenario(
        sites=TWO_AND_THREE,
        trial=TRIALS[name],
        quota=100,
        mechanisms=STRONG,
        interventions=MANY_PLACES,
        effects=effects,
    )
    branch, full = past_of_two_sites.branch(scenario), simulated(scenario)
    branch.run()
    records = branch.records()
    assert differing(records, full.records(), ALL_TABLES) == []
    programme = records.allocations[records.allocations["arm"] == 1]
    assert len(programme) > 50
    assert np.array_equal(programme["person"], records.enrolments["person"])
    assert np.array_equal(programme["week"], records.enrolments["week"])


@pytest.fixture(scope="module")
def coupled_past():
    return History(small_scenario(capacity_feedback=True), 1, 0)


@pytest.mark.parametrize(
    "name", ["as it is", "another policy", "strong effects", "services", "staff who leave", "a trial by person"]
)
def test_a_coupled_branch_is_the_full_run(coupled_past, name):
    scenario = small_scenario(capacity_feedback=True, **SCENARIOS[name])
    branch, full = coupled_past.branch(scenario), stepped(scenario)
    branch.run()
    assert differing(branch.records(), full.records(), ALL_TABLES) == []
    for table in ("people", "hospital_weeks", "practice_weeks"):
        assert column_bytes(getattr(branch.region, table)) == column_bytes(getattr(full.region, table))
    ours, theirs = branch.region.gp_records().contacts, full.region.gp_records().contacts
    assert column_bytes(ours) == column_bytes(theirs)
    series = [model.datacollector.get_model_vars_dataframe() for model in (branch, full)]
    assert series[0].equals(series[1])


def test_the_twin_of_a_coupled_branch_is_that_of_the_full_run(coupled_past):
    scenario = small_scenario(capacity_feedback=True)
    truths = []
    for model in (coupled_past.branch(scenario), stepped(scenario)):
        model.run()
        records = model.records()
        cases = records.enrolments["person"]
        truths.append(true_effects(without_effects(model, records), cases, 26, model))
    assert repr(truths[0]) == repr(truths[1])


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"pool_ratio": 2.0}, "population"),
        ({"capacity_feedback": True}, "capacity_feedback"),
        ({"parameters": {"emergency.flare_ratio": 5.0}}, "parameter emergency.flare_ratio"),
        ({"parameters": {"prices.emergency": 5000.0}}, "parameter prices.emergency"),
    ],
)
def test_another_past_is_named(past, other, what):
    with pytest.raises(HistoryError, match=f"tiny has another past than tiny: {what}"):
        past.branch(small_scenario(**other))


def test_more_of_what_differs_is_named(past, coupled_past):
    longer = small_scenario().model_copy(update={"study": Study(min_age=50, history_weeks=78)})
    with pytest.raises(HistoryError, match="study"):
        past.branch(longer)
    with pytest.raises(HistoryError, match="supply"):
        coupled_past.branch(small_scenario(capacity_feedback=True, supply=Supply(beds=0.9)))
    with pytest.raises(HistoryError, match="ends at the programme's start"):
        coupled_past.records  # noqa: B018


def test_a_mechanism_may_differ(past):
    assert past.branch(small_scenario(parameters={"mechanisms.mdt_share": 0.5})).week == 0


def test_a_branch_is_not_stepped(past):
    with pytest.raises(RuntimeError, match="run, not stepped"):
        past.branch(small_scenario()).step()

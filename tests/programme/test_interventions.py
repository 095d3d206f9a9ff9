"""Case managers, virtual wards and coaches: the dose they bring, whom they hold, and what scenarios may say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpsim.programme.interventions import HOLDERS as KINDS_THAT_HOLD
from icpsim.programme.interventions import StaffedCaseload
from icpsim.programme.schema import TelephoneCoaching, VirtualWard
from icpsim.scenario.schema import ScenarioError, parse_scenario
from tests.small_world import CASE_MANAGERS, MEETINGS, column_bytes, differing, simulated, small_scenario

COACHES = TelephoneCoaching(
    kind="telephone_coaching", coaches=1, caseload=30, calls_per_month=1.0, ramp_weeks=0, planned_weeks=16
)
WARD = VirtualWard(
    kind="virtual_ward", places_per_site=25, ward_staff=2, patients_per_staff=20, ramp_weeks=0, planned_weeks=10
)
HOLDERS = {"coaches": COACHES, "ward": WARD}


def doses(*interventions, **more):
    """Return the doses of everyone who was enrolled."""
    model = simulated(small_scenario(interventions=interventions, **more))
    people = model.region.people
    return people["dose"][people["enrolled"] < model.week]


def test_one_call_a_month_is_a_quarter_of_a_full_dose():
    """One call, worth half a case manager's contact, where two contacts are a full dose: 1 x 0.5 / 2."""
    assert set(doses(COACHES).tolist()) == {0.25}


@pytest.mark.parametrize(("rounds", "expected"), [(7.0, 1.0), (2.0, 2.0 * (52.18 / 12) * 0.1 / 2.0)])
def test_daily_rounds_are_a_full_dose_and_two_a_week_are_not(rounds, expected):
    ward = WARD.model_copy(update={"rounds_per_week": rounds})
    assert set(doses(ward).tolist()) == {np.float32(expected)}


def test_too_few_hours_make_fewer_rounds():
    """25 people at 8 minutes a day want 23.3 hours a week; two staff of 5 hours make 10 / 23.3 of the rounds."""
    ward = WARD.model_copy(update={"hours_per_week": 5.0})
    model = simulated(small_scenario(interventions=(ward,), quota=120))
    full = max(int(team.log["caseload"].max()) for team in model.teams)
    assert full == 25
    least = doses(ward, quota=120).min()
    assert least == pytest.approx(10.0 / (25 * 7 * 8 / 60) * 7 * (52.18 / 12) * 0.1 / 2.0, rel=1e-6)


@pytest.mark.parametrize("holder", HOLDERS.values(), ids=HOLDERS)
def test_nobody_is_held_beyond_the_places(holder):
    model = simulated(small_scenario(interventions=(holder,), quota=150))
    for team in model.teams:
        assert 0 < team.log["caseload"].max() <= holder.places(holder.posts)
        assert team.log["waiting"].max() > 0


@pytest.mark.parametrize("holder", HOLDERS.values(), ids=HOLDERS)
def test_people_are_discharged_after_the_weeks_planned(holder):
    enrolments = simulated(small_scenario(interventions=(holder,))).records().enrolments
    assert set((enrolments["discharged"] - enrolments["week"]).tolist()) == {holder.planned_weeks}


IDLE = {
    "no calls": COACHES.model_copy(update={"calls_per_month": 0.0}),
    "no rounds": WARD.model_copy(update={"rounds_per_week": 0.0}),
    "coaches without hours": COACHES.model_copy(update={"hours_per_week": 0.0}),
}


@pytest.mark.parametrize("holder", IDLE.values(), ids=IDLE)
def test_zero_dose_is_no_programme(holder):
    strong = {"outpatient_spillover": 0.5, "avoidable_reduction": 0.8, "unmet_need_detection": 0.8}
    on, off = (
        simulated(small_scenario(interventions=(holder,), mechanisms=strong, effects=effects))
        for effects in (True, False)
    )
    assert len(on.records().enrolments) > 0
    assert differing(on.records(), off.records()) == []


def test_a_dose_there_is():
    """Guards the test above."""
    on, off = (simulated(small_scenario(interventions=(WARD,), effects=effects)) for effects in (True, False))
    assert differing(on.records(), off.records()) != []


LEAVING = {"turnover_per_year": 2.0, "replace_weeks": 10, "training_weeks": 6}
GRID = {
    "case managers": lambda n: CASE_MANAGERS.model_copy(
        update={"case_managers": n, "caseload": 8, "planned_weeks": 9, **LEAVING}
    ),
    "ward": lambda n: WARD.model_copy(update={"ward_staff": n, "patients_per_staff": 7, **LEAVING}),
    "coaches": lambda n: COACHES.model_copy(update={"coaches": n, "caseload": 9, **LEAVING}),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", GRID)
@settings(max_examples=4, deadline=None)
@given(st.integers(1, 10_000))
def test_more_staff_never_enrol_fewer_people(kind, seed):
    enrolled = []
    for staff in (0, 1, 2, 4):
        scenario = small_scenario(interventions=(GRID[kind](staff),), quota=150, effects=False)
        enrolled.append(len(simulated(scenario, seed=seed).records().enrolments))
    assert enrolled == sorted(enrolled)
    assert enrolled[0] == 0


def test_staff_who_leave_hold_fewer_people_and_give_a_smaller_dose():
    steady = CASE_MANAGERS.model_copy(update={"case_managers": 3, "caseload": 20, "ramp_weeks": 0})
    leaving = steady.model_copy(update={"turnover_per_year": 6.0, "replace_weeks": 12, "training_weeks": 8})
    stay, leave = (simulated(small_scenario(interventions=(s,), quota=300)) for s in (steady, leaving))
    assert len(leave.records().enrolments) < len(stay.records().enrolments)
    assert leave.teams[0].log["staff"].sum() < stay.teams[0].log["staff"].sum()
    assert column_bytes(leave.teams[0].log) != column_bytes(stay.teams[0].log)


def refused(*interventions):
    text = small_scenario().to_yaml()
    head, _, rest = text.partition("  interventions:\n")
    tail = rest[rest.index("  effects:") :]
    parts = "".join(f"  - {{kind: {part}}}\n" for part in interventions)
    with pytest.raises(ScenarioError) as error:
        parse_scenario(f"{head}  interventions:\n{parts}{tail}")
    return str(error.value)


def test_two_that_hold_people_are_refused_with_a_clear_message():
    message = refused("case_management", "mdt_meeting", "virtual_ward")
    assert "programmes.0.interventions: case_management and virtual_ward would hold the same people" in message


def test_the_same_twice_is_refused():
    assert "mdt_meeting stands twice" in refused("mdt_meeting", "mdt_meeting")


def test_meetings_come_beside_any_of_them():
    for holder in HOLDERS.values():
        model = simulated(small_scenario(interventions=(holder, MEETINGS)))
        assert sum(int(team.log["discussed"].sum()) for team in model.teams) > 0


COMMON = ["hours_per_week", "ramp_weeks", "planned_weeks", "turnover_per_year", "replace_weeks", "training_weeks"]


@pytest.mark.parametrize("kind", KINDS_THAT_HOLD.values(), ids=KINDS_THAT_HOLD)
def test_scenarios_give_the_kind_then_its_own_fields_then_what_all_staff_have_in_its_words(kind):
    shown = kind.model_json_schema()["properties"]
    assert list(kind(kind=kind.model_fields["kind"].annotation.__args__[0]).model_dump()) == list(shown)
    assert next(iter(shown)) == "kind"
    assert list(shown)[-len(COMMON) :] == COMMON
    assert kind.words.staff in shown["ramp_weeks"]["description"]
    assert "{" not in "".join(field.get("description", "") for field in shown.values())


def test_each_kind_that_holds_people_stands_in_a_file_of_its_name():
    assert [kind.__module__.rpartition(".")[2] for kind in KINDS_THAT_HOLD.values()] == list(KINDS_THAT_HOLD)


def test_a_kind_without_words_for_its_staff_cannot_be_made():
    with pytest.raises(AttributeError, match="words"):
        type("Nurses", (StaffedCaseload,), {"__module__": __name__})

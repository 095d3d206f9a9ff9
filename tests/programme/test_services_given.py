"""What a team's services get done: doses by their staff's hours, hours logged, and nothing without hours."""

import numpy as np
import pytest

from icpsim.care.services import REMOVABLE, count_eligible
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.programme.schema import Service, Site
from icpsim.scenario.schema import load, parse_scenario
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

STRONG = {
    "interventions.care_planning_sensitive_emergencies": 0.9,
    "interventions.rapid_access_assessment_other_emergencies": 0.9,
    "interventions.clinics_closer_to_home_follow_ups": 0.9,
    "interventions.mental_health_liaison_ae_attendances": 0.9,
}
START = 104
SHARED_OUT = START + 20


def short_of(hours):
    return tuple(service.model_copy(update={"hours_per_week": hours}) for service in SERVICES)


def with_services(services, **more):
    return small_scenario(interventions=(CASE_MANAGERS, MEETINGS, *services), **more)


@pytest.fixture(scope="module")
def stretched():
    """Return a world whose services have two hours a week each."""
    return simulated(with_services(short_of(2.0), parameters=STRONG))


@pytest.fixture(scope="module")
def midway():
    """Return the same world in the week after a month's hours were shared out, with people on every caseload."""
    model = IntegratedCareModel(with_services(short_of(2.0), parameters=STRONG))
    while model.week <= SHARED_OUT:
        model.step()
    return model


def test_services_without_hours_are_no_services():
    idle = simulated(with_services(short_of(0.0), parameters=STRONG))
    without = simulated(with_services((), parameters=STRONG))
    assert differing(idle.records(), without.records(), ("spells", "outpatient", "ae", "enrolments")) == []
    assert all((team.service_hours == 0.0).all() for team in idle.teams)


def test_services_with_hours_are(stretched):
    """Guards the test above."""
    assert differing(stretched.records(), simulated(with_services((), parameters=STRONG)).records()) != []


def test_no_service_works_more_hours_than_it_has(stretched):
    for team in stretched.teams:
        assert team.service_hours.shape == (len(team.log), len(SERVICES))
        assert (team.service_hours <= 2.0).all()
        assert (team.service_hours[:START] == 0.0).all()
        assert (team.service_hours.max(axis=0) == 2.0).any()


def test_the_dose_is_what_the_hours_allow(midway):
    """At the month's start: two hours a week over an hour a month for each of those it is meant for."""
    model, last, short = midway, SHARED_OUT, 0
    for team in model.teams:
        rows = np.flatnonzero(model.region.services["site"] == team.site)
        assert len(rows) == len(SERVICES)
        for number, (row, service) in enumerate(zip(rows, SERVICES, strict=True)):
            hours, dose = team.service_hours[last, number], model.region.services["dose"][row]
            if hours:
                patients = round(hours * (52.18 / 12) / service.hours_per_patient_month / min(dose, 1.0))
                needed = patients * service.hours_per_patient_month / (52.18 / 12)
                assert dose == pytest.approx(min(1.0, 2.0 / needed))
                assert patients <= team.log["caseload"][last]
                short += dose < 1.0
    assert short > 0


def test_a_service_reaches_only_those_it_is_meant_for(midway):
    """Care-home alignment and falls prevention are for fewer than care planning."""
    model, names, week = midway, [service.kind for service in SERVICES], SHARED_OUT
    team = model.teams[1]
    rows = np.flatnonzero(model.region.services["site"] == team.site)
    on = team.caseload(week)
    reached = {
        name: count_eligible(model.region.people, on, model.region.services, int(row), week)
        for name, row in zip(names, rows, strict=True)
    }
    assert reached["care_planning"] == len(on) > 20
    assert reached["care_home_alignment"] == int(model.region.people["care_home"][on].sum())
    old = (week - model.region.people["birth_week"][on]) / 52.18 >= 65.0
    assert reached["falls_prevention"] == int(old.sum()) < len(on)


def test_services_need_nobody_to_hold_people():
    alone = simulated(small_scenario(interventions=SERVICES, parameters=STRONG))
    off = simulated(small_scenario(interventions=SERVICES, parameters=STRONG, effects=False))
    assert len(alone.records().enrolments) == 60
    assert differing(alone.records(), off.records()) != []


def test_two_sites_have_services_of_their_own():
    sites = (Site(name="A", practices=2), Site(name="B", practices=1))
    model = simulated(with_services(SERVICES[:2], sites=sites))
    state = model.region.practice_state
    assert state["services"].tolist() == [2, 2, 2, 0, 0, 0]
    assert state["first_service"][:3].tolist() == [0, 0, 2]
    assert model.region.services["site"].tolist() == [0, 0, 1, 1]
    assert (model.region.services["dose"] > 0.0).all()


def test_a_programmes_own_numbers_are_used():
    text = with_services(SERVICES[:1]).to_yaml()
    marked = text.replace(
        "  parameters: {}\n", "  parameters: {interventions.care_planning_ae_attendances: 0.11}\n", 1
    )
    assert marked != text
    row = simulated(parse_scenario(marked)).region.services[0]
    assert row["removed"][REMOVABLE.index("ae_attendances")] == 0.11


def test_shipped_scenarios_have_no_services():
    assert load("small").programmes[0].services == ()


def test_disease_care_of_two_conditions_may_stand_side_by_side():
    both = tuple(SERVICES[-1].model_copy(update={"condition": name}) for name in ("diabetes", "stroke"))
    assert len(parse_scenario(with_services(both).to_yaml()).programmes[0].services) == 2


def test_defaults_are_hours_of_somebody():
    service = Service(kind="care_planning")
    assert service.hours_per_week > 0.0
    assert service.hours_per_patient_month > 0.0


def test_week_by_week_gives_the_same_as_in_one_go(stretched):
    by_week = stepped(with_services(short_of(2.0), parameters=STRONG))
    assert differing(by_week.records(), stretched.records(), (*HOSPITAL_TABLES, "enrolments")) == []
    for ours, theirs in zip(by_week.teams, stretched.teams, strict=True):
        assert column_bytes(ours.log) == column_bytes(theirs.log)
        assert ours.service_hours.tobytes() == theirs.service_hours.tobytes()

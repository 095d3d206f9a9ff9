"""A team's log adds up: to the enrolments, the people on the caseload, and never more hours than staff have."""

import numpy as np
import pytest

from icpsim.programme.community_team import WAVE_WEEKS
from tests.small_world import CASE_MANAGERS, MEETINGS, column_bytes, simulated, small_scenario, stepped

STAFF = CASE_MANAGERS.model_copy(
    update={"case_managers": 3, "caseload": 20, "turnover_per_year": 4.0, "replace_weeks": 7, "training_weeks": 9}
)
START = 104


def busy(**more):
    return small_scenario(interventions=(STAFF, MEETINGS), quota=150, **more)


@pytest.fixture(scope="module")
def model():
    return simulated(busy())


def test_everybody_enrolled_is_logged_in_the_week_of_enrolment(model):
    enrolments = model.records().enrolments
    for team in model.teams:
        weeks = enrolments["week"][enrolments["site"] == team.site]
        assert team.log["enrolled"].tolist() == np.bincount(weeks, minlength=len(team.log)).tolist()


def test_the_caseload_is_that_of_the_records(model):
    people = model.region.people
    for team in model.teams:
        own = people[team.members]
        for week in range(START, len(team.log)):
            on = (own["enrolled"] <= week) & (own["discharged"] > week) & (own["death_week"] > week)
            assert team.log["caseload"][week] == on.sum()


def test_nothing_is_logged_before_the_programme(model):
    for team in model.teams:
        assert set(column_bytes(team.log[:START])) == {0}
        assert (team.log["staff"][START:] > 0).any()


def test_contacts_take_no_more_hours_than_staff_have(model):
    """Over the four weeks for which hours are shared out: within them a post may fall vacant."""
    used = 0.0
    for team in model.teams:
        hours = team.log["contact_hours"][START:].reshape(-1)
        for begin in range(0, len(hours), WAVE_WEEKS):
            spent = hours[begin : begin + WAVE_WEEKS].sum()
            had = team.posts[:, begin : begin + WAVE_WEEKS].sum() * STAFF.hours_per_week
            assert spent <= had * (1.0 + 1e-12)
            used += spent
    assert used > 500.0


def test_contact_hours_are_those_of_the_dose():
    """30 people want 13.8 hours a week and one case manager has ten; with 22 hours each gets what is wanted."""
    manager = CASE_MANAGERS.model_copy(update={"hours_per_week": 10.0, "ramp_weeks": 0})
    team = simulated(small_scenario(interventions=(manager,), quota=120)).teams[0]
    begin = int(np.flatnonzero(team.log["caseload"] == 30)[0])
    assert team.log["contact_hours"][begin] == pytest.approx(10.0)
    plenty = simulated(small_scenario(interventions=(CASE_MANAGERS,), quota=120)).teams[0].log
    assert plenty["contact_hours"] == pytest.approx(plenty["caseload"] * 2.0 / (52.18 / 12))


def test_meetings_are_those_of_people_discussed(model):
    people = model.region.people
    for team in model.teams:
        discussed = people["mdt_week"][team.members]
        weeks = np.bincount(discussed[discussed < len(team.log)], minlength=len(team.log))
        assert team.log["discussed"].tolist() == weeks.tolist()
        assert (team.log["meetings"] <= len(team.practices)).all()
        assert (team.log["discussed"] <= team.log["meetings"] * MEETINGS.patients_per_meeting).all()
        assert team.log["meeting_hours"].tolist() == (team.log["meetings"] * MEETINGS.meeting_hours).tolist()
        assert team.log["meetings"].sum() > 0


def test_who_is_wanted_and_has_no_place_waits(model):
    """Waiting and enrolled add up to the quota in every week in which the team looks for people."""
    waited = 0
    for team in model.teams:
        enrolled = team.log["enrolled"].cumsum()
        for week in range(START, START + 28, WAVE_WEEKS):
            assert enrolled[week] + team.log["waiting"][week] == team.quota
            waited += team.log["waiting"][week]
        assert (team.log["waiting"][START + 28 :] == 0).all()
    assert waited > 100


def test_staff_are_the_posts_filled(model):
    for team in model.teams:
        filled = (team.posts > 0.0).sum(axis=0)
        after_ramp = slice(STAFF.ramp_weeks, None)
        assert team.log["staff"][START:][after_ramp].tolist() == filled[after_ramp].tolist()
        assert (team.log["staff"][START:] <= filled).all()
        assert len(np.unique(filled)) > 1


def test_the_log_is_the_same_week_by_week(model):
    for ours, theirs in zip(model.teams, stepped(busy()).teams, strict=True):
        assert column_bytes(ours.log) == column_bytes(theirs.log)


def test_without_effects_nobody_works_and_people_still_come():
    team = simulated(busy(), effects=False).teams[0]
    assert team.log["enrolled"].sum() > 0
    assert team.log["contact_hours"].sum() == team.log["meetings"].sum() == 0


def test_the_log_outlives_the_people():
    model = simulated(busy())
    logs = [team.log.copy() for team in model.teams]
    model = simulated(busy())
    model.close()
    assert [column_bytes(team.log) for team in model.teams] == [column_bytes(log) for log in logs]


def test_nobody_leaves_unless_the_scenario_says_so():
    team = simulated(small_scenario()).teams[0]
    assert (team.posts == 1.0).all()

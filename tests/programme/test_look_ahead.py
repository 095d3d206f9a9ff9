"""Nobody who scores people in a week knows what is recorded in that week or later."""

import dataclasses

import numpy as np
import pytest

from icpsim.evaluation.features import features
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.programme.risk_list import RiskList
from icpsim.programme.risk_tool import learn_tool, score
from icpsim.records.schema import NEVER, GPRecords
from icpsim.scenario.schema import Study
from tests.small_world import small_scenario

WHEN = {"spells": "admitted", "outpatient": "week", "ae": "week", "deaths": "week"}
WEEKS = (104, 120, 131)


def until(records, week):
    """Return the records as if nothing had been recorded from this week on (one week, or one a person)."""
    last = np.broadcast_to(np.asarray(week), len(records.registrations))
    kept = {}
    for name, when in WHEN.items():
        table = getattr(records, name)
        kept[name] = table[table[when] < last[table["person"]]]
    people = records.registrations.copy()
    people["to_week"][people["to_week"] >= last] = NEVER
    enrolments = records.enrolments[records.enrolments["week"] < last[records.enrolments["person"]]]
    return dataclasses.replace(records, registrations=people, enrolments=enrolments, **kept)


def with_more(records, week):
    """Return the records with every row once more for each person, dated from this week on."""
    last = np.broadcast_to(np.asarray(week), len(records.registrations))
    more = {}
    for name, when in WHEN.items():
        added = getattr(records, name).copy()
        added[when] = last[added["person"]] + np.arange(len(added)) % 20
        more[name] = np.concatenate([getattr(records, name), added])
    people = records.registrations.copy()
    people["to_week"] = np.minimum(people["to_week"], last + 1)
    return dataclasses.replace(records, registrations=people, **more)


def contacts_until(gp, week):
    return GPRecords(gp.contacts[gp.contacts["week"] < week], gp.registered_conditions)


def contacts_with_more(gp, week):
    added = gp.contacts.copy()
    added["week"] = week + np.arange(len(added)) % 20
    return GPRecords(np.concatenate([gp.contacts, added]), gp.registered_conditions)


CHANGES = pytest.mark.parametrize(
    ("hospital", "practice"),
    [
        pytest.param(until, contacts_until, id="later records deleted"),
        pytest.param(with_more, contacts_with_more, id="later records added"),
    ],
)


def alive(model, week):
    people = model.region.people[model.pilot_people]
    return model.pilot_people[(people["death_week"] > week) & (people["birth_week"] <= week - 52)]


def scored(model, records, gp, week):
    prices, persons = model.parameters.prices, alive(model, week)
    tool = learn_tool(records, gp, persons, week, prices)
    people = RiskList(records.registrations, prices)
    people.look(records, gp, week)
    return score(tool, people, persons)


@CHANGES
@pytest.mark.parametrize("week", WEEKS)
def test_the_programmes_risk_score_does_not_look_ahead(tiny, week, hospital, practice):
    """Learning included: the tool learns from the year before the week, and no further."""
    records, gp = tiny.records(), tiny.region.gp_records()
    ours = scored(tiny, records, gp, week)
    theirs = scored(tiny, hospital(records, week), practice(gp, week), week)
    for name in ("hospital", "both", "emergencies"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name


@CHANGES
@pytest.mark.parametrize("week", WEEKS)
def test_the_week_before_is_seen(tiny, week, hospital, practice):
    """Guards the test above: records of the week before do change the score."""
    records, gp = tiny.records(), tiny.region.gp_records()
    ours = scored(tiny, records, gp, week)
    theirs = scored(tiny, hospital(records, week - 1), practice(gp, week - 1), week)
    assert not np.array_equal(ours.hospital, theirs.hospital)
    assert not np.array_equal(ours.both, theirs.both)


@pytest.mark.parametrize("change", [until, with_more], ids=["later records deleted", "later records added"])
def test_the_evaluators_features_do_not_look_ahead_of_each_persons_index_week(tiny, change):
    records, prices = tiny.records(), tiny.parameters.prices
    everyone = np.arange(len(records.registrations))
    index = (60 + everyone % 80).astype(np.int16)
    ours = features(records, everyone, index, prices)
    theirs = features(change(records, index.astype(int)), everyone, index, prices)
    assert np.array_equal(ours.values, theirs.values)
    sooner = features(change(records, index.astype(int) - 1), everyone, index, prices)
    assert not np.array_equal(ours.values, sooner.values)


def test_who_is_enrolled_does_not_depend_on_how_long_the_study_goes_on(tiny):
    """The whole of targeting at once: scores, professionals' knowledge and places."""
    longer = small_scenario().model_copy(
        update={"study": Study(min_age=50, history_weeks=104, programme_weeks=28, follow_up_weeks=60)}
    )
    model = IntegratedCareModel(longer)
    model.run()
    ours, theirs = tiny.records().enrolments, model.records().enrolments
    assert len(ours) == 60
    assert {name: ours[name].tolist() for name in ("person", "week", "site")} == {
        name: theirs[name].tolist() for name in ("person", "week", "site")
    }

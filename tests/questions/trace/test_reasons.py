"""Every contact is told once, with the draws that brought it; what the draws bring happens, and nothing else."""

from collections import Counter

import pytest

from icpsim.base.randomness import REGISTRY, draw
from icpsim.questions.trace.compare import BOTH, WITH, WITHOUT, compare
from icpsim.questions.trace.events import STOPPED, WeekOfCare, contacts
from icpsim.questions.trace.reasons import SHARE_REMOVED
from icpsim.questions.trace.states import bands

BROUGHT_BY = {
    "consultation": {"gp_consultation"},
    "refused": {"ae_attendance"},
    "attendance": {"ae_attendance"},
    "emergency": {"emergency_admission"},
    "listing": {"listed"},
    "called": {"day_case", "elective_admission"},
    "first_visit": {"outpatient_first"},
    "follow_up": {"outpatient_follow_up"},
    "session": {"chemotherapy"},
    "clinic": {"cancer_clinic"},
    "repeat_visit": {"repeat_day_care"},
}
TABLE_OF = {"spells": "admitted"}


def lives(world):
    return [world.life(person, effects) for person in world.people for effects in (True, False)]


def test_every_record_is_told_once(world):
    """An A&E attendance that ends in admission is told in the admission's line."""
    for life in lives(world):
        told = Counter(
            (event.table, event.week) for event in contacts(life, world.model.parameters) if event.table
        )
        written = Counter()
        for table, rows in life.records.items():
            for row in rows:
                if table != "ae" or row["admitted"] == 0:
                    written[table, int(row[TABLE_OF.get(table, "week")])] += 1
        assert told == written


def test_what_happened_is_what_the_draws_shown_say(world):
    seen = Counter()
    for life in lives(world):
        for event in contacts(life, world.model.parameters):
            seen[event.kind] += 1
            for step in (*event.decisions, *event.follows):
                assert step.below == (step.draw < step.value)
            if event.stopped:
                assert [step.passed for step in event.decisions[:-1]].count(False) == 0
                assert event.decisions[-1].against == SHARE_REMOVED
                assert event.decisions[-1].draw < event.decisions[-1].value
            elif event.kind in {"cancelled", "sent_home"} or "sent home" in event.text:
                assert not event.decisions[-1].passed
            elif event.table and event.kind not in {"death", "community_contact"}:
                assert event.decisions, event
                assert all(step.passed for step in event.decisions), event
    assert set(seen) >= {"emergency_admission", "emergency_avoided", "chemotherapy", "session_not_given", "death"}


@pytest.mark.parametrize("name", BROUGHT_BY)
def test_a_chain_brings_its_event_in_just_the_weeks_that_it_says(world, name):
    for life in lives(world):
        for lived in life.weeks:
            week = WeekOfCare(lived, world.model.parameters)
            happens = week.chain(name).happens
            told = [
                e for e in week.events() if e.chain == name and e.kind in BROUGHT_BY[name] and not _sent_home(e)
            ]
            assert len(told) == int(happens), (lived.week, name, told)


def _sent_home(event):
    return "sent home" in event.text


def test_draws_shown_are_those_of_the_registry(alone):
    names = REGISTRY.names()
    for life in lives(alone):
        for event in contacts(life, alone.model.parameters):
            for step in event.decisions:
                assert step.name in names
                if step.against == SHARE_REMOVED:
                    key = life.at(event.week).now["key"]
                    assert step.draw == draw(key, type(key)(names[step.name]), event.week)


def test_every_decision_that_a_programme_can_stop_has_its_words():
    assert set(STOPPED) <= set(REGISTRY.names())


def test_admissions_follow_the_chance_that_is_told(alone):
    """Over all weeks told of, emergencies drawn are as many as their chances add up to."""
    drawn, expected = 0, 0.0
    for person in alone.enrolled:
        for lived in alone.life(person, effects=False).weeks:
            if lived.week < lived.now["death_week"] and not lived.in_hospital:
                drawn += lived.standing["emergency_draw"] < lived.standing["emergency"]
                expected += float(lived.standing["emergency"])
    assert abs(drawn - expected) < 4.0 * expected**0.5


def test_both_worlds_add_up_to_their_records(world):
    for person in world.people:
        pair = world.life(person, True), world.life(person, False)
        lines = compare(*pair, world.model.parameters)
        for life, own in zip(pair, (WITH, WITHOUT), strict=True):
            told = Counter(line.event.table for line in lines if line.event.table and line.world in (BOTH, own))
            for table in ("spells", "outpatient", "contacts", "deaths"):
                assert told[table] == len(life.records[table]), (person, own, table)


def test_what_the_programme_stopped_is_told_with_the_share_removed(world):
    stopped = 0
    for person in world.differing:
        pair = world.life(person, True), world.life(person, False)
        for line in compare(*pair, world.model.parameters):
            if line.twin is not None and line.twin.against == SHARE_REMOVED:
                stopped += 1
                assert line.world == WITHOUT
                assert line.twin.draw < line.twin.value
    assert stopped >= 3


def test_the_same_draw_is_told_in_both_worlds(world):
    """A contact in one world only because its chance differs has the same draw in both, to one part in 50."""
    compared = 0
    for person in world.people:
        pair = world.life(person, True), world.life(person, False)
        for line in compare(*pair, world.model.parameters):
            if line.elsewhere == "the same draw, against another chance":
                own = next(step for step in line.event.decisions if step.name == line.twin.name)
                assert line.twin.draw == pytest.approx(own.draw, rel=0.02, abs=1e-4)
                assert line.twin.draw >= line.twin.value
                compared += 1
    assert compared >= 1


def test_bands_are_the_weeks_of_a_state(alone):
    for life in lives(alone):
        inside = {w.week for w in life.weeks if w.now["flare_until"] > w.week and w.now["death_week"] > w.week}
        assert {week for begin, end in bands(life, "flare") for week in range(begin, end)} == inside


def test_what_services_put_in_the_place_of_emergencies_is_told(served):
    """And what they stop, with the share that they and the programme remove together."""
    texts, stopped_by = Counter(), Counter()
    for person in served.people:
        for event in contacts(served.life(person, True), served.model.parameters):
            texts[event.text] += 1
            if event.stopped:
                stopped_by[event.decisions[-1].name] += 1
    assert texts["GP contact, in place of an emergency admission"] > 0
    assert any(text.startswith("First outpatient") and "in place of an emergency" in text for text in texts)
    assert stopped_by["other emergency is avoided"] > 0
    assert stopped_by["sensitive emergency is avoided"] > 0
    assert stopped_by["A&E attendance is avoided"] > 0

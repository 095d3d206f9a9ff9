"""A life lived again, alone and week by week, is the life in the full run, with and without the programme."""

from itertools import pairwise

import numpy as np

from icpsim.questions.trace.answer import trace
from tests.small_world import simulated, small_scenario

TABLES = ("spells", "outpatient", "ae", "deaths")
NOT_CARE = {"person", "spare"}


def rows_of(table, person):
    return table[table["person"] == person]


def same(ours, theirs):
    names = [name for name in ours.dtype.names if name not in NOT_CARE]
    return len(ours) == len(theirs) and all(np.array_equal(ours[name], theirs[name]) for name in names)


def test_there_are_such_people(world):
    assert len(world.dying) == 4
    assert len(world.differing) == 6
    assert len(world.never_enrolled) == 6


def test_a_life_with_the_programme_has_the_records_of_the_full_run(world):
    contacts = world.model.region.gp_records().contacts
    for person in world.people:
        life = world.life(person, effects=True)
        for name in TABLES:
            assert same(life.records[name], rows_of(getattr(world.records, name), person)), (person, name)
        assert same(life.records["contacts"], rows_of(contacts, person)), person


def test_a_life_without_the_programme_is_the_truths(world):
    truth = world.truth
    for person in [*world.dying, *world.differing, *world.treated]:
        number = truth.counterfactual_person[np.searchsorted(truth.person, person)]
        life = world.life(person, effects=False)
        for name in TABLES:
            theirs = rows_of(getattr(truth.counterfactual, name), number)
            assert same(life.records[name], theirs), (person, name)
        assert same(life.records["contacts"], rows_of(truth.counterfactual_gp.contacts, number)), person


def test_the_last_row_of_a_life_is_the_persons_at_the_end(world):
    for person in world.people:
        last, theirs = world.life(person, effects=True).weeks[-1].after, world.model.region.people[person]
        assert last.tobytes() == theirs.tobytes(), person


def test_a_week_begins_where_the_one_before_ended(world):
    treated = {"dose"}
    for person in world.people:
        weeks = world.life(person, effects=True).weeks
        for earlier, later in pairwise(weeks):
            assert later.week == earlier.week + 1
            names = [name for name in later.before.dtype.names if name not in treated]
            assert all(later.before[name] == earlier.after[name] for name in names)


def test_somebody_outside_the_pilots_lives_the_life_of_the_full_run():
    scenario = small_scenario()
    model = simulated(scenario, seed=4)
    spells = model.records().spells
    outside = spells["person"][spells["person"] >= len(model.pilot_people)]
    person = int(np.bincount(outside).argmax())
    found = trace(scenario, str(person), seed=4)
    assert same(found.with_programme.records["spells"], rows_of(spells, person))
    assert all(line.world == "both" for line in found.lines)
    assert found.who.site is None

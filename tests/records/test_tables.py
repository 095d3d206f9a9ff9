from dataclasses import replace

import numpy as np
import pytest

from icpsim.records.schema import AE, DEATH
from icpsim.records.tables import EVENT_TABLES, concatenate, join, ordered, study_of
from tests.evaluation.synthetic import make_records


def small(seed):
    return make_records(np.random.default_rng(seed), n_pilot=100, n_outside=200, n_cases=10)


def test_ordered_finds_each_persons_events_in_any_order():
    records = small(1)
    wanted = np.arange(300) % 3 == 0
    found = ordered(records, wanted)
    for name in EVENT_TABLES:
        table, starts = getattr(records, name), found.starts[name]
        for person in np.flatnonzero(wanted):
            theirs = getattr(found.records, name)[starts[person] : starts[person + 1]]
            np.testing.assert_array_equal(theirs, table[table["person"] == person])
    assert not np.isin(found.records.spells["person"], np.flatnonzero(~wanted)).any()
    with pytest.raises(ValueError, match="299 entries for 300"):
        ordered(records, wanted[:-1])


def test_ordered_tables_are_not_copied():
    once = ordered(small(4), np.ones(300, bool))
    again = ordered(once.records, np.zeros(300, bool))
    for name in EVENT_TABLES:
        assert getattr(again.records, name) is getattr(once.records, name)
        np.testing.assert_array_equal(again.starts[name], once.starts[name])
        assert again.starts[name][-1] == getattr(once.records, name).size


def test_a_study_of_people_lists_them_as_often_as_asked():
    records = small(4)
    persons = np.array([7, 250, 7, 0])
    study = study_of(ordered(records, np.ones(300, bool)), persons)
    np.testing.assert_array_equal(study.registrations, records.registrations[persons])
    for name in EVENT_TABLES:
        mine, all_of_them = getattr(study, name), getattr(records, name)
        for place, person in enumerate(persons):
            expected = all_of_them[all_of_them["person"] == person].copy()
            expected["person"] = place
            np.testing.assert_array_equal(mine[mine["person"] == place], expected)


def test_join_renumbers_people_and_practices():
    a, b = small(2), small(3)
    both = join([a, b])
    assert both.registrations.size == 600
    np.testing.assert_array_equal(both.registrations["practice"][300:], b.registrations["practice"] + 30)
    for name in EVENT_TABLES:
        theirs = getattr(both, name)[getattr(a, name).size :]
        np.testing.assert_array_equal(theirs["person"] - 300, getattr(b, name)["person"])
    site = both.practices["site"][both.registrations["practice"]]
    np.testing.assert_array_equal(site[300:], b.practices["site"][b.registrations["practice"]])


def test_concatenate_refuses_other_types():
    assert concatenate([], AE).size == 0
    assert concatenate([np.zeros(2, AE), np.zeros(3, AE)], AE).size == 5
    with pytest.raises(ValueError, match="table 1 has type"):
        concatenate([np.zeros(2, AE), np.zeros(2, DEATH)], AE)


def test_parts_of_two_kinds_are_not_joined():
    national = replace(small(2), extract="national")
    assert join([national, national]).extract == "national"
    with pytest.raises(ValueError, match="one kind of extract, not national and practice"):
        join([national, small(3)])

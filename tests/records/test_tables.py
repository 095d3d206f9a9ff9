import numpy as np
import pytest

from icpsim.records.schema import AE, DEATH
from icpsim.records.tables import EVENT_TABLES, blocks, concatenate, join, subset
from tests.evaluation.synthetic import make_records


def small(seed):
    return make_records(np.random.default_rng(seed), n_pilot=100, n_outside=200, n_cases=10)


def test_subset_keeps_wanted_people_in_order_and_nothing_else():
    records = small(1)
    wanted = np.arange(300) % 3 == 0
    kept = subset(records, wanted)
    for name in EVENT_TABLES:
        table = getattr(records, name)
        expected = table[wanted[table["person"]]]
        expected = expected[np.argsort(expected["person"], kind="stable")]
        np.testing.assert_array_equal(getattr(kept, name), expected)
    assert kept.registrations is records.registrations
    with pytest.raises(ValueError, match="299 entries for 300"):
        subset(records, wanted[:-1])


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


def test_blocks_put_together_are_the_records():
    records = subset(small(4), np.ones(300, bool))
    cut = blocks(records, 128)
    assert [(first, part.registrations.size) for first, part in cut] == [(0, 128), (128, 128), (256, 44)]
    for name in EVENT_TABLES:
        person = np.concatenate([getattr(part, name)["person"] + first for first, part in cut])
        np.testing.assert_array_equal(person, getattr(records, name)["person"])
    with pytest.raises(ValueError, match="not ordered by person"):
        blocks(small(4), 128)

"""Who is sampled, and how people are numbered, change nothing but chance."""

from dataclasses import replace

import numpy as np
import pytest

from icpsim.evaluation.cohort import assemble, pool_at
from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.matching import match_wave
from icpsim.evaluation.sampling import record_hash
from icpsim.evaluation.set_weights import control_weights, expected_units
from icpsim.evaluation.types import EvaluationDesign

from .synthetic import PRICES, make_records

TABLES = "spells", "outpatient", "ae", "deaths", "enrolments", "allocations"


@pytest.fixture(scope="module")
def records():
    found = make_records(np.random.default_rng(41), n_pilot=1500, n_outside=9000, n_cases=120)
    found.registrations["stands_for"] = np.where(np.arange(len(found.registrations)) % 3, 1, 5)
    return found


def renumbered(records, order):
    """Return the same people in another order: new row k is old person ``order[k]``."""
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order))
    tables = {}
    for name in TABLES:
        tables[name] = getattr(records, name).copy()
        tables[name]["person"] = place[tables[name]["person"]]
    return replace(records, registrations=records.registrations[order], **tables)


def shuffled(records, rng):
    """Return the same events in another order."""
    tables = {name: getattr(records, name) for name in ("spells", "outpatient", "ae", "deaths", "enrolments")}
    return replace(records, **{name: table[rng.permutation(len(table))] for name, table in tables.items()})


@pytest.mark.parametrize("controls", [5, 1])
@pytest.mark.parametrize("share", [1.0, 0.2])
def test_neither_the_number_of_people_nor_the_order_of_events_changes_an_estimate(records, share, controls):
    design = EvaluationDesign(screen_share=share, controls_per_case=controls)
    rng = np.random.default_rng(5)
    n, expected = len(records.registrations), evaluate(records, design, PRICES)
    later = np.bincount(records.spells["person"][records.spells["admitted"] > 150], minlength=n)
    orders = rng.permutation(n), np.argsort(later, kind="stable"), np.argsort(-later, kind="stable")
    for other in (shuffled(records, rng), *(renumbered(records, order) for order in orders)):
        found = evaluate(other, design, PRICES)
        assert (found.cases, found.controls) == (expected.cases, expected.controls)
        for ours, theirs in zip(found.effects, expected.effects, strict=True):
            assert ours.estimate == pytest.approx(theirs.estimate, rel=1e-6, abs=1e-9, nan_ok=True)
            assert ours.se == pytest.approx(theirs.se, rel=1e-6, nan_ok=True)


def test_the_number_of_a_person_depends_on_their_records_alone(records):
    u = record_hash(records, 130)
    order = np.random.default_rng(2).permutation(u.size)
    assert np.array_equal(record_hash(renumbered(records, order), 130), u[order])
    assert np.array_equal(record_hash(shuffled(records, np.random.default_rng(3)), 130), u)
    assert np.array_equal(record_hash(records, 130), record_hash(records, 130))
    known = records.spells["admitted"] < 130
    assert not np.array_equal(record_hash(replace(records, spells=records.spells[~known]), 130), u)
    assert np.array_equal(record_hash(replace(records, spells=records.spells[known]), 130), u)
    counts = np.bincount((u * 20).astype(int), minlength=20)
    # People who are just the same have one number, so the variance is somewhat over Poisson's; 8 SD of it.
    assert abs(counts - u.size / 20).max() < 8 * np.sqrt(u.size / 20)


def test_case_and_control_agree_on_whether_they_have_a_recent_record(records):
    design = EvaluationDesign(screen_share=0.2)
    cohort = assemble(records, design)
    recorded = dict(zip(cohort.cases["person"].tolist(), cohort.case_has_record.tolist(), strict=True))
    pairs = evaluate(records, design, PRICES).pairs
    assert {recorded[person] for person in pairs["case"].tolist()} == {True, False}
    for week in cohort.waves:
        pool = pool_at(cohort, design, week)
        of = dict(zip(pool.persons.tolist(), pool.has_record.tolist(), strict=True))
        here = pairs[pairs["index_week"] == week]
        assert [of[p] for p in here["control"].tolist()] == [recorded[p] for p in here["case"].tolist()]


def weights_of(cases, controls, case_strata, control_strata, wanted, units):
    """Match and weight as an evaluation does; return the controls' rows and their weights."""
    found = match_wave(cases, controls, case_strata, control_strata, wanted, 5.0, units)
    _, of_set = np.unique(found.case, return_inverse=True)
    return found.control, control_weights(units[found.control].astype(float), of_set, found.expected, wanted)


@pytest.mark.parametrize("wanted", [1, 5])
def test_controls_weigh_as_much_as_cases_where_most_people_stand_for_many(wanted):
    """Half the cases live where everybody stands for ten, half where nobody does: so do the controls."""
    rng = np.random.default_rng(8)
    of_case, of_control = np.repeat([0, 1], 60), np.repeat([0, 1], 3000)
    cases, controls = rng.normal(0, 1, (120, 2)), rng.normal(0, 1, (6000, 2))
    units = np.where(of_control == 0, 10, 1)
    control, weight = weights_of(cases, controls, of_case, of_control, wanted, units)
    assert np.bincount(of_control[control], weight) == pytest.approx([60, 60])


@pytest.mark.parametrize("n", [2, 5, 10])
@pytest.mark.parametrize("wanted", [1, 5])
def test_kinds_of_people_weigh_as_in_the_whole_pool(wanted, n):
    """Two kinds alike in what is matched on, one kept as one in ``n``; the other's share rises with the score.

    The weight of a kind among controls is that among people near the cases: over 200 pools within 4 standard
    errors (false alarm 6 in 100,000 a check) of half a point of it, which judging expected counts by
    ``NEIGHBOURS`` people leaves at most.
    """
    gaps = []
    for seed in range(200):
        rng = np.random.default_rng([wanted, n, seed])
        space = rng.uniform(-2, 2, 4000)
        often = rng.random(4000) < 0.5 + 0.2 * space  # the kind that is kept whole
        kept = often | (rng.random(4000) < 1 / n)
        units = np.where(often, 1, n)[kept]
        cases = rng.uniform(-2, 2, 60)
        strata = np.zeros(60, int), np.zeros(int(kept.sum()), int)
        control, weight = weights_of(cases[:, None], space[kept][:, None], *strata, wanted, units)
        gaps.append((weight * often[kept][control]).sum() / 60 - (0.5 + 0.2 * cases).mean())
    gap = np.array(gaps)
    assert abs(gap.mean()) < 4 * gap.std() / np.sqrt(gap.size) + 0.005
    assert gap.std() / np.sqrt(gap.size) < 0.01


@pytest.mark.parametrize("wanted", [1, 3, 5])
def test_the_expected_count_of_a_set_is_that_of_sets_drawn_at_random(wanted):
    """Against 20,000 sets drawn from the neighbours with replacement; false alarm 6 in 100,000."""
    rng = np.random.default_rng(wanted)
    counts = rng.choice([1, 2, 5, 10], 80, p=[0.5, 0.2, 0.2, 0.1])
    drawn = rng.choice(counts, (20_000, wanted)).cumsum(axis=1)
    total = np.take_along_axis(drawn, np.argmax(drawn >= wanted, axis=1)[:, None], axis=1)[:, 0]
    expected = expected_units(np.arange(80)[None, :], counts, wanted)[0]
    assert abs(total.mean() - expected) < 4 * total.std() / np.sqrt(total.size)


def test_nothing_changes_where_everybody_counts_for_one():
    rng = np.random.default_rng(3)
    cases, controls = rng.normal(size=(40, 2)), rng.normal(size=(90, 2))
    strata = rng.integers(0, 3, 40), rng.integers(0, 3, 90)
    found = match_wave(cases, controls, *strata, 5, 2.0)
    _, of_set = np.unique(found.case, return_inverse=True)
    weight = control_weights(np.ones(of_set.size), of_set, found.expected, 5)
    assert weight == pytest.approx(1 / np.bincount(of_set)[of_set])

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpsim.evaluation import prognostic
from icpsim.evaluation.cohort import assemble, pool_at
from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.features import features
from icpsim.evaluation.matching import exact_strata, match_wave
from icpsim.evaluation.sampling import person_hash
from icpsim.evaluation.types import EvaluationDesign
from icpsim.records.schema import NEVER

from .synthetic import PRICES, make_records


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.floats(0.2, 3.0))
def test_a_wave_is_exact_near_enough_and_without_replacement(seed, wanted, caliper):
    rng = np.random.default_rng(seed)
    case_space, control_space = rng.normal(0, 1, (25, 4)), rng.normal(0, 1, (90, 4))
    case_strata, control_strata = rng.integers(0, 3, 25), rng.integers(0, 3, 90)
    found = match_wave(case_space, control_space, case_strata, control_strata, wanted, caliper)
    np.testing.assert_array_equal(case_strata[found.case], control_strata[found.control])
    assert np.unique(found.control).size == found.control.size
    gap = np.linalg.norm(case_space[found.case] - control_space[found.control], axis=1)
    np.testing.assert_allclose(found.distance, gap)
    assert (gap <= caliper).all()
    counts = np.bincount(found.case, minlength=25)
    assert counts.max(initial=0) <= wanted
    # No case goes short while a free control of its stratum lies within the caliper.
    free = np.setdiff1d(np.arange(90), found.control)
    for case in np.flatnonzero(counts < wanted):
        near = np.linalg.norm(control_space[free] - case_space[case], axis=1) < caliper
        assert not (near & (control_strata[free] == case_strata[case])).any()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_cases_take_controls_until_they_count_for_enough(seed, wanted):
    rng = np.random.default_rng(seed)
    cases, controls = rng.normal(0, 1, (25, 4)), rng.normal(0, 1, (60, 4))
    of_case, of_control, units = rng.integers(0, 3, 25), rng.integers(0, 3, 60), rng.integers(0, 6, 60)
    found = match_wave(cases, controls, of_case, of_control, wanted, 2.0, units)
    assert np.unique(found.control).size == found.control.size
    assert (units[found.control] > 0).all()
    free = np.setdiff1d(np.flatnonzero(units > 0), found.control)
    for case in range(25):
        own = found.control[found.case == case]
        last = own[np.argmax(found.rank[found.case == case])] if own.size else 0
        assert own.size == 0 or units[own].sum() - units[last] < wanted
        if units[own].sum() < wanted:
            near = np.linalg.norm(controls[free] - cases[case], axis=1) < 2.0
            assert not (near & (of_control[free] == of_case[case])).any()


def test_a_thinned_pool_gives_the_controls_of_the_whole():
    """Two kinds of people alike in what is matched on; one kind is kept as one in ``n``.

    Its share among all controls must be that among people: over 400 pools the mean share of units is within
    four standard errors (false alarm 6 in 100,000). Cutting the last control short would fail: it did.
    """
    for n in (2, 5, 10):
        shares = []
        for seed in range(400):
            rng = np.random.default_rng([n, seed])
            kind = rng.random(600) < 0.5
            kept = ~kind | (rng.random(600) < 1 / n)
            space, units = rng.normal(0, 1, (600, 1))[kept], np.where(kind, n, 1)[kept]
            cases = rng.normal(0, 1, (4, 1))
            strata = np.zeros(4, int), np.zeros(kept.sum(), int)
            found = match_wave(cases, space, *strata, 5, 5.0, units)
            got = units[found.control]
            shares.append([got[kind[kept][found.control]].sum(), got.sum()])
        part, whole = np.array(shares, float).T
        ratio = part.sum() / whole.sum()
        se = np.sqrt(((part - ratio * whole) ** 2).sum()) / whole.sum()
        assert abs(ratio - 0.5) < 4 * se
        assert se < 0.03


def test_turns_are_taken():
    """Two cases at one point, two controls near, one farther: each gets one near control first."""
    cases, controls = np.array([[1.0], [0.9]]), np.array([[1.0], [1.01], [1.5]])
    same = np.zeros(2, int), np.zeros(3, int)
    found = match_wave(cases, controls, *same, controls_per_case=2, caliper=10.0)
    got = {(c, r): k for c, k, r in zip(found.case, found.control, found.rank, strict=True)}
    assert got == {(0, 0): 0, (1, 0): 1, (0, 1): 2}


@pytest.fixture(scope="module", params=[1, 3])
def study(request):
    records = make_records(np.random.default_rng(21), n_pilot=2000, n_outside=4000, n_cases=250)
    design = EvaluationDesign(max_reuse=request.param)
    return records, design, evaluate(records, design, PRICES)


def test_controls_are_eligible_people_at_the_same_week(study):
    records, design, found = study
    pairs, people = found.pairs, records.registrations
    week_of = dict(zip(records.enrolments["person"], records.enrolments["week"], strict=True))
    assert [week_of[p] for p in pairs["case"]] == pairs["index_week"].tolist()
    control = people[pairs["control"]]
    assert (records.practices["site"][control["practice"]] == -1).all()
    assert ((control["from_week"] <= pairs["index_week"]) & (control["to_week"] > pairs["index_week"])).all()
    assert ((pairs["index_week"] - control["birth_week"]) / 52.18 >= design.min_age).all()
    death = np.full(people.size, NEVER)
    death[records.deaths["person"]] = records.deaths["week"]
    assert (death[pairs["control"]] >= pairs["index_week"]).all()


def test_nobody_serves_too_often_and_weights_add_up(study):
    _, design, found = study
    pairs = found.pairs
    _, times = np.unique(pairs["control"], return_counts=True)
    assert times.max() <= design.max_reuse
    _, per_wave = np.unique(np.column_stack([pairs["control"], pairs["index_week"]]), axis=0, return_counts=True)
    assert per_wave.max() == 1
    np.testing.assert_allclose(np.bincount(pairs["set"], pairs["weight"]), 1.0)
    assert np.bincount(pairs["set"]).max() <= design.controls_per_case
    assert found.cases + found.cases_unmatched + found.cases_left_out.total == 250
    assert found.cases == np.unique(pairs["set"]).size
    assert pairs["distance"].max() <= design.caliper


def test_strata_are_exact_in_the_records(study):
    records, _, found = study
    for week in np.unique(found.pairs["index_week"]):
        pairs = found.pairs[found.pairs["index_week"] == week]
        people = [features(records, np.unique(pairs[c]), week, PRICES) for c in ("case", "control")]
        codes = [
            exact_strata(p)[np.searchsorted(np.unique(pairs[c]), pairs[c])]
            for p, c in zip(people, ("case", "control"), strict=True)
        ]
        np.testing.assert_array_equal(*codes)
        first = people[1]
        assert np.isin(exact_strata(first) // 32, range(5)).all()


def test_strata_tell_apart_what_they_should():
    records = make_records(np.random.default_rng(22), n_pilot=500, n_outside=4000, n_cases=20)
    people = features(records, np.arange(4500), 150, PRICES)
    keys = np.column_stack(
        [np.minimum(people.emergencies(52), 4)]
        + [
            people.column(n) > 0
            for n in ("emergency_1_4", "female", "chemotherapy_52", "chemotherapy_12", "repeat_day_care_12")
        ]
    )
    codes = exact_strata(people)
    for key in np.unique(keys, axis=0):
        assert np.unique(codes[(keys == key).all(axis=1)]).size == 1
    assert np.unique(codes).size == np.unique(keys, axis=0).shape[0]


def test_screening_keeps_everyone_with_a_record_and_weights_the_rest():
    records = make_records(np.random.default_rng(23), n_pilot=500, n_outside=20_000, n_cases=20)
    design = EvaluationDesign(screen_share=0.1)
    cohort = assemble(records, design)
    pool = pool_at(cohort, design, 150)
    everyone = pool_at(
        assemble(records, EvaluationDesign(screen_share=1.0)), EvaluationDesign(screen_share=1.0), 150
    )
    assert set(everyone.persons[everyone.has_record]) == set(pool.persons[pool.has_record])
    n_rest = (~everyone.has_record).sum()
    # A binomial share of 0.1; four standard deviations: false alarm 6 in 100,000.
    assert abs((~pool.has_record).sum() - 0.1 * n_rest) < 4 * np.sqrt(0.09 * n_rest)
    assert set(pool.weights[~pool.has_record]) == {10.0}


def test_people_who_stand_for_several_weigh_as_many_and_thinning_counts_towards_the_screen():
    records = make_records(np.random.default_rng(23), n_pilot=500, n_outside=20_000, n_cases=20)
    design = EvaluationDesign(screen_share=0.1, max_reuse=1)
    records.registrations["stands_for"] = 1 + 3 * (np.arange(len(records.registrations)) % 2)
    pool = pool_at(assemble(records, design), design, 150)
    alike = records.registrations["stands_for"][pool.persons]
    assert (pool.weights[pool.has_record] == alike[pool.has_record]).all()
    assert (pool.units[pool.has_record] == alike[pool.has_record]).all()
    assert set(pool.weights[~pool.has_record]) == {10.0}
    assert set(pool.units[~pool.has_record]) == {1}
    share = (alike[~pool.has_record] == 4).mean()  # kept with chance 0.4 and 0.1 of two equal halves
    assert abs(share - 0.8) < 4 * np.sqrt(0.16 / (~pool.has_record).sum())


def test_the_hash_is_uniform_and_its_neighbours_unrelated():
    u = person_hash(np.arange(200_000))
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4 / np.sqrt(u.size)
    counts = np.bincount((u * 100).astype(int), minlength=100)
    chi_square = ((counts - 2000) ** 2 / 2000).sum()
    assert chi_square < 99 + 4 * np.sqrt(2 * 99)  # about 1 in 10,000


@pytest.mark.parametrize("most", [900, 100_000], ids=["sampled", "all taken"])
def test_the_sample_that_scores_are_learnt_on_weighs_up_to_the_pool(monkeypatch, most):
    """Weighted numbers of people with and without a record, by how many each stands for, against the pool's."""
    monkeypatch.setattr(prognostic, "MAX_SAMPLE", most)
    records = make_records(np.random.default_rng(29), n_pilot=500, n_outside=20_000, n_cases=20)
    records.registrations["stands_for"] = np.array([1, 2, 5, 10])[np.arange(len(records.registrations)) % 4]
    design = EvaluationDesign(screen_share=0.2)
    pool = pool_at(assemble(records, design), design, 150)
    chosen, weights = prognostic.sample_people(pool, design.screen_share)
    at = np.searchsorted(pool.persons, chosen)
    assert np.array_equal(pool.persons[at], chosen)
    for n in (1, 2, 5, 10):
        for recorded in (True, False):
            here = (pool.stands_for == n) & (pool.has_record == recorded)
            mine = (pool.stands_for[at] == n) & (pool.has_record[at] == recorded)
            # Given the pool, each is kept by a coin of chance weight-in-pool / weight; 4.5 SD, 7 in 10^6 a cell.
            spread = np.sqrt((weights[mine] * (weights[mine] - pool.weights[at][mine])).sum())
            assert abs(weights[mine].sum() - pool.weights[here].sum()) <= 4.5 * spread + 1e-6

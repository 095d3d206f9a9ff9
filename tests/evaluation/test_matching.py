import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpsim.evaluation.cohort import assemble, places_left, pool_at
from icpsim.evaluation.design import EvaluationDesign
from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.features import features
from icpsim.evaluation.matching import exact_strata, match_wave
from icpsim.evaluation.sampling import person_hash
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
def test_a_control_that_stands_for_several_serves_as_so_many_alike_would(seed, wanted):
    rng = np.random.default_rng(seed)
    cases, controls = rng.normal(0, 1, (25, 4)), rng.normal(0, 1, (40, 4))
    of_case, of_control, places = rng.integers(0, 3, 25), rng.integers(0, 3, 40), rng.integers(1, 6, 40)
    one = match_wave(cases, controls, of_case, of_control, wanted, 2.0, places)
    twin = np.repeat(np.arange(40), places)
    many = match_wave(cases, controls[twin], of_case, of_control[twin], wanted, 2.0)
    assert one.case.tolist() == many.case.tolist()
    assert one.control.tolist() == twin[many.control].tolist()
    assert np.bincount(one.control, minlength=40).max() <= places.max()
    assert (np.bincount(one.control, minlength=40) <= places).all()


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
    assert found.cases + found.cases_unmatched + found.cases_left_out == 250
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
    assert (pool.places[pool.has_record] == alike[pool.has_record]).all()
    assert set(pool.weights[~pool.has_record]) == {10.0}
    assert set(pool.places[~pool.has_record]) == {1}
    share = (alike[~pool.has_record] == 4).mean()  # kept with chance 0.4 and 0.1 of two equal halves
    assert abs(share - 0.8) < 4 * np.sqrt(0.16 / (~pool.has_record).sum())
    used = np.zeros(len(records.registrations), np.int16)
    used[pool.persons] = 1
    left = places_left(pool, used, design.max_reuse)
    assert (left == pool.places - 1).all()
    used[pool.persons] = 0
    assert (places_left(pool, used, 3) == pool.places).all()


def test_the_hash_is_uniform_and_its_neighbours_unrelated():
    u = person_hash(np.arange(200_000))
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4 / np.sqrt(u.size)
    counts = np.bincount((u * 100).astype(int), minlength=100)
    chi_square = ((counts - 2000) ** 2 / 2000).sum()
    assert chi_square < 99 + 4 * np.sqrt(2 * 99)  # about 1 in 10,000

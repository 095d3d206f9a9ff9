import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpsim.evaluation.balance import moments
from icpsim.evaluation.cohort import assemble, pool_at
from icpsim.evaluation.features import features
from icpsim.evaluation.matching import exact_strata, matching_space
from icpsim.evaluation.neighbours import BINS, nearest, sort_into_bins
from icpsim.evaluation.pool_description import describe_pools
from icpsim.evaluation.prognostic import learn_prognostic
from icpsim.evaluation.types import EvaluationDesign
from icpsim.records.tables import ordered

from .synthetic import PRICES, make_records


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.floats(0.05, 4.0), st.booleans())
def test_nearest_equals_looking_at_everyone(seed, k, caliper, on_a_lattice):
    """On a lattice many distances tie: the earlier row comes first."""
    rng = np.random.default_rng(seed)
    cases, controls = rng.normal(0, 1, (12, 3)), rng.normal(0, 2, (150, 3))
    if on_a_lattice:
        cases, controls = np.round(cases * 2) / 2, np.round(controls * 2) / 2
    case_strata, control_strata = rng.integers(2, 5, 12), rng.integers(0, 7, 150)
    grid = sort_into_bins(cases, controls, case_strata, control_strata, caliper)
    for place, stratum in enumerate(np.unique(case_strata)):
        mine = cases[case_strata == stratum]
        found, distance = nearest(mine, grid, place, k, caliper)
        for c, case in enumerate(mine):
            squares = ((case - controls) ** 2).sum(axis=1)
            within = np.flatnonzero((squares < caliper**2) & (control_strata == stratum))
            expected = within[np.lexsort((within, squares[within]))][:k]
            got = found[c][found[c] >= 0]
            np.testing.assert_array_equal(grid.row[got], expected)
            np.testing.assert_allclose(distance[c][: got.size], np.sqrt(squares[expected]))
            assert np.isinf(distance[c][got.size :]).all()


def test_the_grid_holds_whoever_lies_in_the_box_of_the_cases():
    rng = np.random.default_rng(3)
    cases, controls = rng.normal(0, 1, (5, 2)), rng.normal(0, 3, (400, 2))
    grid = sort_into_bins(cases, controls, np.zeros(5, int), rng.integers(0, 1, 400), 0.5)
    box = (controls >= cases.min(axis=0) - 0.5) & (controls <= cases.max(axis=0) + 0.5)
    np.testing.assert_array_equal(np.sort(grid.row), np.flatnonzero(box.all(axis=1)))
    assert grid.size(0) == box.all(axis=1).sum()
    assert grid.start.size == BINS + 1


@pytest.mark.parametrize("weeks", [(150,), (130, 134, 138, 150, 151, 181), tuple(range(106, 182, 4))])
def test_the_pool_is_described_as_its_features_are(weeks):
    """One walk over each person's events says the same as features, scores and strata at each week alone."""
    records = make_records(np.random.default_rng(12), n_pilot=500, n_outside=6000, n_cases=40)
    design = EvaluationDesign()
    cohort = assemble(records, design)
    source = ordered(records, np.ones(records.registrations.size, bool))
    model = learn_prognostic(source, pool_at(cohort, design, 104), 104, design, PRICES)
    pools = {week: pool_at(cohort, design, week) for week in weeks}
    described = describe_pools(source, pools, PRICES, model)
    for week, pool in pools.items():
        people, seen = features(records, pool.persons, week, PRICES), described[week]
        np.testing.assert_array_equal(seen.strata, exact_strata(people))
        space = matching_space(model.log_scores(people), people.column("age"))
        np.testing.assert_allclose(seen.space, space, rtol=0, atol=1e-12)
        expected = moments(people.values, pool.weights)
        np.testing.assert_allclose(seen.moments.mean, expected.mean, rtol=1e-10)
        np.testing.assert_allclose(seen.moments.variance, expected.variance, rtol=1e-8)

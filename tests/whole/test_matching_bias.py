"""What the evaluation adds where nothing was done is the matching's own: shown on people whom nobody treats.

``experiments/matching-bias`` has the figures, on twelve pools; here is one.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "experiments" / "matching-bias"
CHOICES = 120
FAR = 4.0
"""Standard errors over choices; by chance alone a gap is further from nothing in 1 of 16,000 runs."""


@pytest.fixture(scope="module")
def experiment():
    sys.path.insert(0, str(FOLDER))
    try:
        import compare
        import pool

        yield compare, pool.live_pool(0)
    finally:
        sys.path.remove(str(FOLDER))
        for name in ("compare", "pool"):
            sys.modules.pop(name, None)


def gaps(experiment, way, name):
    """Return cases less controls of each choice, over the controls' mean; float64[choices]."""
    compare, pool = experiment
    key = compare.replicate_key(7, 0)
    keys = np.array([compare.combine(key, np.uint64(person)) for person in range(pool.tool.size)], np.uint64)
    columns = compare.compared(pool)
    found = [compare.match(pool, columns, way, compare.draws(keys, compare.CHOSEN, k)) for k in range(CHOICES)]
    cases, controls = (np.array([getattr(one, side)[name] for one in found]) for side in ("cases", "controls"))
    return (cases - controls) / controls.mean()


def test_controls_expect_less_than_cases_chosen_by_chance_but_not_than_those_who_have_somebody_near(experiment):
    compare, _ = experiment
    wide = gaps(experiment, compare.Way(compare.by_chance), "outpatient, expected")
    assert wide.mean() > FAR * wide.std(ddof=1) / np.sqrt(CHOICES)
    for way in (compare.NEAR, compare.Way(compare.by_chance, those_of=compare.NEAR)):
        assert abs(gaps(experiment, way, "outpatient, expected").mean()) < 0.2 * wide.mean()


def test_a_list_that_chooses_by_another_score_is_compared_with_people_of_longer_stays(experiment):
    compare, _ = experiment
    before = {name: gaps(experiment, way, "bed days, before") for name, way in compare.LIST.items()}
    other = before["the evaluators' score"] - before["the list's tool"]
    assert other.mean() > FAR * other.std(ddof=1) / np.sqrt(CHOICES)
    assert abs(before["the evaluators' score"].mean()) < 0.5 * abs(before["the list's tool"].mean())


def test_matching_on_the_list_s_score_takes_most_of_the_change_away(experiment):
    compare, _ = experiment
    changes = {
        name: gaps(experiment, compare.LIST[name], "emergency admissions, after").mean()
        - gaps(experiment, compare.LIST[name], "emergency admissions, before").mean()
        for name in ("the tool, the same cases", "the tool, and matched on it")
    }
    assert abs(changes["the tool, and matched on it"]) < 0.6 * changes["the tool, the same cases"]

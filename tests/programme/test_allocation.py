"""Allocation in trials: fixed numbers, fair draws, and nobody's arm moves when others come or go."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from icpsim.base.randomness import combine
from icpsim.programme.allocation import Allocations, allocate_people, practice_starts, step_starts
from icpsim.records.schema import NEVER, TrialArm

ALPHA = 1e-4
"""False-alarm rate of each statistical test, were the keys drawn anew."""
SITE = np.uint64(12345)


def site(seed: int) -> np.uint64:
    return np.uint64(combine(SITE, np.uint64(seed)))


def keys(n: int, seed: int = 1) -> np.ndarray:
    return np.array([combine(np.uint64(seed), np.uint64(k)) for k in range(n)], np.uint64)


@given(n=st.integers(0, 60), share=st.floats(0.05, 0.95), week=st.integers(0, 2000))
def test_the_number_allocated_is_the_share(n, share, week):
    chosen = allocate_people(keys(n), share, SITE, week)
    assert chosen.shape == (n,)
    assert abs(int(chosen.sum()) - n * share) < 1.0


@given(n=st.integers(2, 40), seed=st.integers(0, 1000))
def test_the_order_of_the_list_does_not_matter(n, seed):
    found = keys(n, seed)
    turned = found[::-1].copy()
    assert np.array_equal(allocate_people(found, 0.5, SITE, 104), allocate_people(turned, 0.5, SITE, 104)[::-1])


def test_everybody_has_the_same_chance():
    times = sum(allocate_people(keys(8, seed), 0.25, site(seed), 104) for seed in range(2000))
    expected = 2000 * 0.25
    spread = (times - expected) / np.sqrt(2000 * 0.25 * 0.75)
    assert times.sum() == 2000 * 2
    # Fixed numbers make the eight counts negatively correlated: the sum of squares has 7 degrees of freedom.
    assert stats.chi2.sf((spread**2).sum() * 7 / 8, 7) > ALPHA


def test_numbers_that_are_not_whole_are_rounded_fairly():
    taken = [int(allocate_people(keys(3), 0.5, site(s), 8).sum()) for s in range(4000)]
    assert set(taken) == {1, 2}
    assert stats.binomtest(sum(n == 2 for n in taken), 4000, 0.5).pvalue > ALPHA


@given(n=st.integers(2, 30), share=st.floats(0.01, 0.99), seed=st.integers(0, 10_000))
def test_practices_of_a_site_are_in_both_arms(n, share, seed):
    starts = practice_starts(keys(n, seed), share, site(seed), 104)
    with_programme = int((starts == 104).sum())
    assert 1 <= with_programme <= n - 1
    assert set(starts) == {104, int(NEVER)}
    if 1 <= n * share <= n - 1:
        assert abs(with_programme - n * share) < 1.0


@given(n=st.integers(1, 30), steps=st.integers(1, 12), seed=st.integers(0, 10_000))
def test_practices_are_spread_over_the_steps(n, steps, seed):
    weeks = 4 * (steps + 1) + seed % 7
    starts = step_starts(keys(n, seed), steps, site(seed), 104, weeks)
    possible = [104 + (step + 1) * weeks // (steps + 1) for step in range(steps)]
    counts = np.array([(starts == week).sum() for week in possible])
    assert counts.sum() == n
    assert counts.max() - counts.min() <= 1
    assert starts.min() >= 104 + 4
    assert starts.max() < 104 + weeks


@pytest.mark.parametrize("place", range(4))
def test_every_practice_has_the_same_chance_of_every_step(place):
    steps = [int(step_starts(keys(4, seed), 4, site(seed), 0, 20)[place]) for seed in range(2000)]
    counts = [steps.count(week) for week in (4, 8, 12, 16)]
    assert stats.chisquare(counts).pvalue > ALPHA


def test_people_are_allocated_once_and_told_by_row():
    found = Allocations(10)
    assert found.not_yet(np.arange(10)).tolist() == list(range(10))
    found.add(np.array([7, 2]), 104, np.array([True, False]))
    assert found.not_yet(np.array([7, 3, 2])).tolist() == [3]
    table = found.table(np.array([0] * 5 + [1] * 5))
    assert table["person"].tolist() == [2, 7]
    assert table["arm"].tolist() == [TrialArm.USUAL_CARE, TrialArm.PROGRAMME]
    assert table["site"].tolist() == [0, 1]
    assert table["week"].tolist() == [104, 104]

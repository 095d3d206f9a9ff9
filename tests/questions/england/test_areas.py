"""Areas and practices: people shared out to the person, known by name, sampled with the chance asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from icpsim.model.parameters import load_parameters
from icpsim.questions.england.areas import Area, make_areas, make_practices, practice_count, sample, shared_out
from icpsim.questions.england.parameters import england_parameters
from tests.small_world import ALPHA

P = load_parameters()
ENGLAND = england_parameters(P.tables)
AREAS = make_areas(1, ENGLAND)
POPULATION = [make_practices(area, 1, P.population) for area in AREAS]


@given(st.integers(0, 10**9), st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=60))
def test_shares_add_up_and_are_within_one_of_proportion(total, weights):
    shares = shared_out(total, weights)
    assert shares.sum() == total
    exact = total * np.array(weights) / np.sum(weights)
    assert np.abs(shares - exact).max() < 1.0 + 1e-6  # rounding up or down, and floating-point error of 1e9


def test_the_country_has_the_people_that_were_asked_for():
    assert sum(area.people for area in AREAS) == int(ENGLAND.population)
    assert len(AREAS) == int(ENGLAND.areas)
    for area, practices in zip(AREAS, POPULATION, strict=True):
        assert sum(practice.list_size for practice in practices) == area.people


@given(st.integers(0, 2**40), st.integers(1, 300), st.integers(1000, 10**8))
def test_any_population_is_shared_out_over_any_number_of_areas(seed, areas, people):
    made = make_areas(seed, ENGLAND._replace(areas=areas, population=people))
    assert sum(area.people for area in made) == people
    assert len({area.key for area in made}) == areas


def test_sizes_of_areas_follow_their_law():
    """Clipping at both ends moves few of them; the law between the ends is log-normal."""
    p = ENGLAND._replace(areas=4000)
    sizes = np.array([area.people for area in make_areas(2, p)]) / (p.population / p.areas)
    between = (sizes > sizes.min() * 1.01) & (sizes < sizes.max() * 0.99)
    scale = sizes.min() / p.area_size_low  # sizes are made to add up by one factor
    sd = p.area_size_sd_log
    law = stats.lognorm(sd, scale=np.exp(-0.5 * sd**2) * scale)
    low, high = law.cdf(p.area_size_low * scale), law.cdf(p.area_size_high * scale)
    assert stats.kstest((law.cdf(sizes[between]) - low) / (high - low), "uniform").pvalue > ALPHA


def test_lists_have_their_mean_and_spread():
    """The mean but for rounding of counts of practices; the spread of logs with clipped ends, within 8%."""
    sizes = np.array([practice.list_size for practices in POPULATION for practice in practices])
    assert sizes.mean() == pytest.approx(P.population.list_size_mean, rel=0.005)
    assert np.log(sizes).std() == pytest.approx(P.population.list_size_sd_log, rel=0.08)


def test_an_area_is_made_the_same_whatever_else_is_made():
    more = make_areas(1, ENGLAND._replace(areas=ENGLAND.areas + 1))
    assert [area.key for area in more[:-1]] == [area.key for area in AREAS]
    names = [practice.name for practices in POPULATION for practice in practices]
    keys = [practice.key for practices in POPULATION for practice in practices]
    assert len(set(names)) == len(set(keys)) == len(names)


def test_hospitals_are_numbered_within_the_area_and_shared_by_neighbours():
    for practices in POPULATION:
        numbers = [practice.hospital for practice in practices]
        assert numbers == sorted(numbers)
        assert set(numbers) == set(range(numbers[-1] + 1))
    each = [len(practices) / (practices[-1].hospital + 1) for practices in POPULATION]
    wanted = P.population.practices_per_hospital
    assert max(each) <= 1.5 * wanted  # one hospital serves at most half as much again before there are two


def test_every_practice_has_the_same_chance_of_being_sampled():
    """Inclusions over 3,000 keys of an area with 23 practices against share * 3,000, by a chi-square test."""
    share, practices, tries = 0.11, 23, 3000
    taken = np.zeros(practices)
    for key in range(tries):
        taken[sample(Area(0, "x", key * 7919 + 1, 1), practices, share)] += 1
    expected = share * tries
    # each count is binomial; samples of fixed size correlate them slightly negatively, which narrows the statistic
    chi2 = ((taken - expected) ** 2).sum() / (expected * (1 - share))
    assert stats.chi2.sf(chi2, practices - 1) > ALPHA
    assert taken.sum() == pytest.approx(expected * practices, abs=4 * np.sqrt(tries) / 2)


@given(st.integers(0, 2**60), st.integers(1, 200), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_takes_every_practice_of_a_smaller_one(key, practices, one, other):
    area = Area(0, "x", key, 1)
    small, large = (set(sample(area, practices, share)) for share in sorted((one, other)))
    assert small <= large
    assert sample(area, practices, 1.0) == list(range(practices))
    assert abs(len(small) - min(one, other) * practices) < 1.0 + 1e-9


def test_practices_are_counted_as_they_are_made():
    assert [practice_count(area, P.population) for area in AREAS] == [len(made) for made in POPULATION]

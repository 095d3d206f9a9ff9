"""Practices: identity by name, sizes, hospitals, sites."""

import numpy as np
from scipy import stats

from icpsim.model.parameters import load_parameters
from icpsim.population.practice_lists import (
    ELSEWHERE,
    NO_PROGRAMME,
    control_practices,
    hospital_of,
    name_key,
    origin_of,
    pilot_practices,
)
from tests.small_world import ALPHA

P = load_parameters().population
SITES = [("North", 2, 0), ("South", 3, 1)]


def test_a_name_stands_for_the_same_key_on_every_machine():
    """First 8 bytes of SHA-256, big-endian: published digest of "abc"."""
    assert int(name_key("abc")) == 0xBA7816BF8F01CFEA


def test_pilot_practices_have_site_programme_and_a_hospital_a_site():
    made = pilot_practices(SITES, origin_of(1, 0), 2000, P)
    assert [(p.name, p.site, p.programme, p.hospital) for p in made] == [
        ("North/0", 0, 0, 0),
        ("North/1", 0, 0, 0),
        ("South/0", 1, 1, 1),
        ("South/1", 1, 1, 1),
        ("South/2", 1, 1, 1),
    ]
    assert {p.list_size for p in made} == {2000}


def test_a_practice_is_known_by_its_name_and_replicate():
    one, other = (pilot_practices(sites, origin_of(1, 0), None, P) for sites in (SITES, SITES[::-1]))
    by_name = {p.name: (p.key, p.list_size, p.deprivation) for p in one}
    assert {p.name: (p.key, p.list_size, p.deprivation) for p in other} == by_name
    again = pilot_practices(SITES, origin_of(1, 1), None, P)
    assert {p.key for p in one}.isdisjoint({p.key for p in again})


def test_controls_are_made_until_there_are_enough_people():
    made = control_practices(100_000, 7, origin_of(1, 0), None, P)
    sizes = [p.list_size for p in made]
    assert sum(sizes[:-1]) < 100_000 <= sum(sizes)
    assert {(p.site, p.programme) for p in made} == {(ELSEWHERE, NO_PROGRAMME)}


def test_a_wider_pool_begins_with_the_narrower_one():
    narrow, wide = (control_practices(people, 7, origin_of(1, 0), None, P) for people in (50_000, 90_000))
    assert wide[: len(narrow)] == narrow


def test_no_controls_are_made_when_none_are_wanted():
    assert control_practices(0.0, 0, origin_of(1, 0), None, P) == []


def test_practices_share_hospitals():
    made = control_practices(1000 * 100, 3, origin_of(1, 0), 1000, P)
    each = int(P.practices_per_hospital)
    assert hospital_of(made).tolist() == [3 + k // each for k in range(100)]


def test_list_sizes_are_log_normal_within_their_limits():
    made = control_practices(2000 * P.list_size_mean, 0, origin_of(4, 0), None, P)
    sizes = np.array([p.list_size for p in made])
    assert (sizes.min() >= P.list_size_min, sizes.max() <= P.list_size_max) == (True, True)
    sd = P.list_size_sd_log
    law = stats.lognorm(sd, scale=P.list_size_mean * np.exp(-0.5 * sd**2))
    between = (sizes > P.list_size_min) & (sizes < P.list_size_max)
    low, high = law.cdf(P.list_size_min), law.cdf(P.list_size_max)
    assert stats.kstest((law.cdf(sizes[between]) - low) / (high - low), "uniform").pvalue > ALPHA


def test_deprivation_of_practices_is_standard_normal():
    deprivation = [p.deprivation for p in control_practices(2000 * 200, 0, origin_of(4, 0), 200, P)]
    assert stats.kstest(deprivation, "norm").pvalue > ALPHA


def test_the_same_sites_have_the_same_lists_of_other_people():
    one, other = (pilot_practices(SITES, origin_of(1, k, same_sites=True), None, P) for k in (0, 5))
    assert [(p.list_size, p.deprivation) for p in one] == [(p.list_size, p.deprivation) for p in other]
    assert {p.key for p in one}.isdisjoint({p.key for p in other})
    assert one == pilot_practices(SITES, origin_of(1, 0), None, P)
    anew = pilot_practices(SITES, origin_of(1, 5), None, P)
    assert [p.list_size for p in anew] != [p.list_size for p in other]
    assert [p.key for p in anew] == [p.key for p in other]

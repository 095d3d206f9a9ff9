"""A thinned pool: the same people with the same lives, fewer of them, and weights that make up for the rest."""

import numpy as np
import pytest
from scipy.stats import norm

from icpsim.care.weekly_rates import AGE_KNOTS
from icpsim.model.parameters import load_parameters
from icpsim.model.region import Region, Span
from icpsim.population.practice_lists import control_practices, origin_of, pilot_practices
from icpsim.population.thinning import ALWAYS_KEPT, ONE_IN_FIVE, ONE_IN_TWO
from icpsim.records.schema import FEMALE, Method
from tests.small_world import ALPHA, column_bytes

PARAMETERS = load_parameters()
WEEKS = 104
FAR = norm.isf(ALPHA / 2)


def region_of(thinned: bool) -> Region:
    pilots = pilot_practices([("A", 1, 0)], origin_of(3, 0), 2500, PARAMETERS.population)
    elsewhere = control_practices(100_000, 1, origin_of(3, 0), 2500, PARAMETERS.population)
    region = Region([*pilots, *elsewhere], Span(WEEKS, 50.0, WEEKS, thinned), PARAMETERS)
    region.live(region.everyone(), 0, WEEKS)
    return region


@pytest.fixture(scope="module")
def whole():
    return region_of(thinned=False)


@pytest.fixture(scope="module")
def thinned():
    return region_of(thinned=True)


def places_in(whole, thinned):
    order = np.argsort(whole.people["key"])
    return order[np.searchsorted(whole.people["key"][order], thinned.people["key"])]


def test_those_who_are_kept_live_the_same_lives(whole, thinned):
    at = places_in(whole, thinned)
    assert len(thinned.people) < 0.5 * len(whole.people)
    assert column_bytes(thinned.people) == column_bytes(whole.people[at])
    ours, theirs = thinned.hospital_records().spells, whole.hospital_records().spells
    theirs = theirs[np.isin(theirs["person"], at)].copy()
    theirs["person"] = np.searchsorted(at, theirs["person"])
    assert column_bytes(ours) == column_bytes(theirs)


def test_pilot_lists_are_not_thinned(whole, thinned):
    end = whole.practice_start[1]
    assert thinned.practice_start[1] == end > 500
    assert set(thinned.stands_for[:end].tolist()) == {1}


def rate_at_start(region):
    """Return expected emergency admissions a year of each person as first made."""
    fresh = Region(region.practices, Span(WEEKS, 50.0, WEEKS, region.span.thinned), PARAMETERS)
    ages = -fresh.people["birth_week"] / 52.18
    e, people = PARAMETERS.emergency, fresh.people
    band = np.searchsorted([5.0, 15.0, 45.0, 65.0, 75.0, 85.0], ages, side="right")
    ratio = np.where(ages < 65, e.condition_ratio_under_65, e.condition_ratio_65_over)
    count = np.array([int(mask).bit_count() for mask in people["conditions"]])
    deprived = np.interp(ages, AGE_KNOTS, e.deprivation_ratio) ** ((people["imd"] - 3.0) / 4.0)
    of_sex = np.where(people["sex"] == FEMALE, e.women_ratio[band], e.men_ratio[band])
    rate = e.base_rate[band] * of_sex * np.exp(people["log_frailty"]) * ratio**count * deprived
    return fresh, rate * np.where(people["care_home"], e.care_home_ratio, 1.0)


def test_how_many_one_stands_for_follows_from_the_expected_admissions(thinned):
    fresh, rate = rate_at_start(thinned)
    elsewhere = np.arange(len(rate)) >= fresh.practice_start[1]
    expected = np.select([rate >= ALWAYS_KEPT, rate >= ONE_IN_TWO, rate >= ONE_IN_FIVE], [1, 2, 5], 10)
    near = np.min([np.abs(rate / edge - 1) for edge in (ALWAYS_KEPT, ONE_IN_TWO, ONE_IN_FIVE)], axis=0) < 0.02
    sure = elsewhere & ~near  # courses begun before week 0 add a condition after the rate was looked at
    agree = thinned.stands_for[sure] == expected[sure]
    assert agree.mean() > 0.99
    assert set(thinned.stands_for[elsewhere].tolist()) == {1, 2, 5, 10}


@pytest.mark.parametrize("what", ["people", "emergencies", "visits"])
def test_weights_make_up_for_those_left_out(whole, thinned, what):
    """Horvitz-Thompson: the weighted total is unbiased; its variance given the whole is sum of y^2 (w - 1)."""

    def amount(region):
        if what == "people":
            return np.ones(len(region.people))
        records = region.hospital_records()
        spells = records.spells[records.spells["method"] == Method.EMERGENCY]
        rows = spells["person"] if what == "emergencies" else records.outpatient["person"]
        return np.bincount(rows, minlength=len(region.people)).astype(float)

    ours, weight = amount(thinned), thinned.stands_for.astype(float)
    spread = np.sqrt((ours**2 * weight * (weight - 1)).sum())
    assert abs((ours * weight).sum() - amount(whole).sum()) < FAR * spread
    unweighted = ours.sum() / len(ours) / (amount(whole).sum() / len(whole.people))
    assert what == "people" or unweighted > 1.2


def test_records_say_for_how_many_each_stands(thinned):
    assert np.array_equal(thinned.hospital_records().registrations["stands_for"], thinned.stands_for)


def test_children_cannot_be_thinned():
    practices = control_practices(2000, 1, origin_of(3, 0), 2000, PARAMETERS.population)
    with pytest.raises(ValueError, match="children"):
        Region(practices, Span(WEEKS, 0.0, WEEKS, thinned=True), PARAMETERS)

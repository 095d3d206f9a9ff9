"""Conditions that come on with age: how many, which, in whom, and how many are diagnosed."""

import numpy as np
import pytest
from scipy import stats

from icpsim.base.row_access import record_of
from icpsim.care.condition_onset import MOST_LIABLE, gain_condition, onset_of
from icpsim.records.schema import CONDITIONS
from tests.one_week import PARAMETERS, WEEK
from tests.small_world import ALPHA

AGE = 70.0
ROUNDS = 12


def after_birthdays(people, age=AGE, **changes):
    """Return people after many birthdays at the same age, and onset's parameters."""
    people = people.copy()
    people["imd"] = 3
    onset = onset_of(PARAMETERS.rooms())._replace(**changes)
    record = record_of({"onset": onset})["onset"][0]
    for k in range(ROUNDS):
        for i in range(len(people)):
            gain_condition(people[i], WEEK + 52 * k, age, record)
    return people, onset


@pytest.fixture(scope="module")
def someone(site):
    people = site.start[:6000].copy()
    people["conditions"] = people["registered_conditions"] = people["unmet_need"] = 0
    return people


def numbers(people):
    return sum((people["conditions"] >> k & 1).astype(int) for k in range(len(CONDITIONS)))


def test_as_many_come_on_as_the_table_says(someone):
    """Poisson: a person-year's chance is the rate at this age times the mean liability, cut at its most."""
    people, onset = after_birthdays(someone)
    sd = onset.clustering_sd_65_over
    u = (np.arange(20_000) + 0.5) / 20_000
    liability = np.minimum(np.exp(sd * stats.norm.ppf(u) - 0.5 * sd**2), MOST_LIABLE).mean()
    chance = np.interp(AGE, [2, 10, 30, 55, 70, 80, 90], np.asarray(onset.rate)) * liability
    total = int(numbers(people).sum())
    assert total > 1000
    person_years = len(people) * ROUNDS
    assert stats.poisson.cdf(total, person_years * chance * 1.03) > ALPHA
    assert stats.poisson.sf(total, person_years * chance * 0.97) > ALPHA


def test_they_come_on_in_proportion_to_their_prevalence(someone):
    people, onset = after_birthdays(someone)
    first = numbers(people) == 1
    counts = np.array([(people["conditions"][first] >> k & 1).sum() for k in range(len(CONDITIONS))])
    shares = np.asarray(onset.prevalence)[:, 4]
    assert stats.chisquare(counts, counts.sum() * shares / shares.sum()).pvalue > ALPHA


def test_liability_clusters_them(someone):
    """More people get two than if onset were alike for all, unless the clustering is taken away."""
    clustered = numbers(after_birthdays(someone, clustering_sd_65_over=0.9)[0])
    alike = numbers(after_birthdays(someone, clustering_sd_65_over=1e-6)[0])
    assert clustered.var() / clustered.mean() > 1.15
    assert alike.var() / alike.mean() < 1.08


def test_new_conditions_are_diagnosed_or_become_unmet_need(someone):
    people, onset = after_birthdays(someone)
    first = numbers(people) == 1
    expected = seen = 0.0
    for k in range(len(CONDITIONS)):
        has = first & (people["conditions"] >> k & 1 == 1)
        expected += has.sum() * onset.diagnosed_share[k]
        seen += (people["registered_conditions"][has] >> k & 1).sum()
    assert stats.norm.sf(abs(seen - expected) / np.sqrt(expected)) > ALPHA / 2
    assert not (people["registered_conditions"] & ~people["conditions"]).any()
    undiagnosed = first & (people["registered_conditions"] == 0)
    assert (people["unmet_need"][undiagnosed] == 1).all()
    assert (people["unmet_need"][first & ~undiagnosed] == 0).all()


def test_nobody_gets_one_twice_and_no_rate_gives_none(someone):
    everything = someone.copy()
    everything["conditions"] = (1 << len(CONDITIONS)) - 1
    assert (after_birthdays(everything)[0]["conditions"] == everything["conditions"]).all()
    assert (after_birthdays(everything)[0]["registered_conditions"] == 0).all()
    assert numbers(after_birthdays(someone, rate=np.zeros(7))[0]).sum() == 0


def test_the_deprived_get_them_earlier(someone):
    onset = record_of({"onset": onset_of(PARAMETERS.rooms())})["onset"][0]
    gained = {}
    for quintile in (1, 5):
        people = someone.copy()
        people["imd"] = quintile
        for k in range(ROUNDS):
            for i in range(len(people)):
                gain_condition(people[i], WEEK + 52 * k, 55.0, onset)
        gained[quintile] = numbers(people).sum()
    rate = np.interp([55 - 6.25, 55 + 6.25], [2, 10, 30, 55, 70, 80, 90], np.asarray(PARAMETERS.onset.rate))
    assert gained[5] / gained[1] == pytest.approx(rate[1] / rate[0], rel=0.25)

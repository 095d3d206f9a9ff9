"""People against the tables they are made from; each check has a false-alarm rate of 1 in 10,000."""

import numpy as np
import pytest
from scipy import stats

from icpsim.care.weekly_rates import AGE_KNOTS
from icpsim.data.national_tables import people_by_age
from icpsim.model.parameters import load_parameters
from icpsim.population.assemble_lists import build_people
from icpsim.population.draw_people import OLDEST_YEAR, gamma_quantiles, makings, quantile, too_young, year_of_age
from icpsim.records.schema import CONDITIONS, NEVER
from tests.small_world import ALPHA

FAR_OUT = stats.norm.isf(ALPHA / 2)
BANDS = ((0, 5), (5, 15), (15, 45), (45, 65), (65, 75), (75, 85), (85, 105))
ENGLAND = people_by_age()


def as_expected(happened, chance):
    """Poisson-binomial: each person's own chance, and whether it happened; normal approximation."""
    spread = np.sqrt((chance * (1.0 - chance)).sum())
    assert spread > 3.0
    return abs(happened.sum() - chance.sum()) < FAR_OUT * spread


def condition_count(masks):
    """Return the number of conditions in each mask."""
    return (masks[:, None] >> np.arange(len(CONDITIONS)) & 1).sum(axis=1)


def in_band(age, band):
    """People of an age band, without the week at either edge in which rounding to weeks could misplace them."""
    low, high = band
    return (age > low + 1 / 52) & (age < high - 1 / 52)


def test_every_year_of_age_holds_england_s_share(age):
    """Edges stand half a week early, because ages run in whole weeks."""
    share = ENGLAND.sum(axis=1) / ENGLAND.sum()
    edges = np.append(np.arange(OLDEST_YEAR + 1.0), 200.0) - 0.5 / 52.18
    edges[0] = -1.0
    counts = np.histogram(age, edges)[0]
    assert stats.chisquare(counts, share * len(age)).pvalue > ALPHA


def test_ages_are_even_within_a_year(age):
    inside = (age % 1.0)[age < OLDEST_YEAR]
    assert stats.kstest(inside + 0.5 / 52.18, "uniform").statistic < FAR_OUT / np.sqrt(len(inside)) + 1.5 / 52.18


def test_years_over_90_are_exponential(age, parameters):
    """Ages run in whole weeks, which a test of 900 people does not see."""
    over = age[age > 90.1] - 90.1
    mean = parameters.population.mean_years_over_90
    assert stats.kstest(over[over < 19], stats.truncexpon(19 / mean, scale=mean).cdf).pvalue > ALPHA


def test_a_year_of_age_is_found_as_a_search_from_below_finds_it():
    tables = makings(load_parameters().rooms())[0]["tables"]
    younger = ENGLAND.sum(axis=1).cumsum() / ENGLAND.sum()
    edges = [*younger[:-1], *np.nextafter(younger, 0.0), *np.arange(128) / 128, 1e-9, 1.0 - 2.0**-53]
    for u in edges:
        assert year_of_age(u, tables) == np.searchsorted(younger, u, side="right")


def test_too_young_leaves_nobody_out_and_lets_no_year_in_too_many():
    younger = ENGLAND.sum(axis=1).cumsum() / ENGLAND.sum()
    assert too_young(0.0, younger) == too_young(0.9, younger) == 0.0
    for age in (1.0, 18.0, 50.0, 50.5, 90.0, 95.0):
        year = min(int(age), OLDEST_YEAR)
        assert np.searchsorted(younger, too_young(age, younger), side="right") == year - 1
        assert too_young(age, younger) == pytest.approx(younger[year - 1], rel=1e-8)


def curve_at(curve, age):
    return np.interp(age, AGE_KNOTS, np.asarray(curve))


@pytest.mark.parametrize("band", BANDS)
def test_women_by_age(people, age, band):
    who = in_band(age, band)
    share = ENGLAND[:, 1] / ENGLAND.sum(axis=1)
    assert as_expected(people["sex"][who] == 1, share[np.minimum(age[who].astype(int), OLDEST_YEAR)])


@pytest.mark.parametrize("band", BANDS[2:5])
def test_what_people_are_made_of_is_independent(people, age, band):
    """Within an age band nothing drawn for its own sake goes with age in the band or with sex."""
    who = in_band(age, band)
    columns = ("sex", "imd", "log_frailty", "elective_propensity", "outpatient_propensity", "continuity")
    drawn = np.column_stack([age[who], *(people[name][who].astype(float) for name in columns)])
    rank = stats.spearmanr(drawn).statistic[np.triu_indices(len(columns) + 1, 1)]
    rise_of_women = 4.0 if band[0] >= 45 else 0.0  # their share rises with age by up to 2 standard errors here
    limit = stats.norm.isf(ALPHA / 2 / len(rank)) + rise_of_women
    assert np.abs(rank).max() * np.sqrt(who.sum() - 1) < limit


def test_a_fifth_of_people_live_in_each_quintile(people, practices):
    """Practices are independent, people of one practice are not: the spread is that between practices."""
    by_practice = people["imd"].reshape(len(practices), -1)
    for quintile in range(1, 6):
        share = (by_practice == quintile).mean(axis=1)
        t = (share.mean() - 0.2) / (share.std(ddof=1) / np.sqrt(len(share)))
        assert abs(t) < stats.norm.isf(ALPHA / 10)
        assert abs(share.mean() - 0.2) < 0.02


def test_deprivation_is_shared_within_a_practice_as_stated(people, practices, parameters):
    """Given a practice's deprivation d, a person's is sqrt(c) d + sqrt(1 - c) noise."""
    c = parameters.population.practice_deprivation_correlation
    cuts = np.append(stats.norm.ppf([0.2, 0.4, 0.6, 0.8]), np.inf)
    deprivation = np.repeat([practice.deprivation for practice in practices], len(people) // len(practices))
    below = stats.norm.cdf((cuts[:, None] - np.sqrt(c) * deprivation) / np.sqrt(1 - c))
    for quintile, chance in enumerate(np.diff(below, axis=0, prepend=0.0), start=1):
        assert as_expected(people["imd"] == quintile, chance)


def prevalence(parameters, condition, age, imd):
    """Chance of a condition at an age and quintile, averaged over the liability that clusters conditions."""
    p = parameters.population
    shifted = age + p.deprivation_age_shift * (imd - 3) / 4.0
    base = curve_at(getattr(parameters.prevalence, condition), shifted)
    u = (np.arange(400) + 0.5) / 400
    grid = np.linspace(0.0, base.max(), 300)
    means = []
    for sd in (p.condition_clustering_sd_under_65, p.condition_clustering_sd_65_over):
        liability = np.exp(sd * stats.norm.ppf(u) - 0.5 * sd**2)
        means.append(np.interp(base, grid, np.minimum(grid[:, None] * liability, 0.95).mean(axis=1)))
    return np.where(age < 65.0, *means)


@pytest.mark.parametrize("condition", [name for name in CONDITIONS if name != "cancer"])
@pytest.mark.parametrize("band", [(0, 45), (45, 65), (65, 75), (75, 85), (85, 105)])
def test_true_prevalence_by_age(people, age, parameters, condition, band):
    who = in_band(age, band)
    chance = prevalence(parameters, condition, age[who], people["imd"][who].astype(float))
    if np.sqrt((chance * (1 - chance)).sum()) <= 3.0:
        pytest.skip("too few expected for a check")
    has = people["conditions"][who] >> CONDITIONS.index(condition) & 1
    assert as_expected(has, chance)


def test_cancer_is_prevalence_and_courses_of_treatment(people, age, parameters):
    """A course gives the condition; it starts with the chance of the incidence curve at the last birthday."""
    chance = prevalence(parameters, "cancer", age, people["imd"].astype(float))
    incidence = curve_at(parameters.cancer.incidence, age - 0.5)
    has = (people["conditions"] >> CONDITIONS.index("cancer") & 1) == 1
    low, high = chance.sum(), (chance + incidence).sum()
    slack = FAR_OUT * np.sqrt(high)
    assert low - slack < has.sum() < high + slack
    assert has[people["cancer_from"] <= 0].all()
    registered = (people["registered_conditions"] >> CONDITIONS.index("cancer") & 1) == 1
    assert registered[people["cancer_from"] <= 0].all()
    ahead = (people["cancer_from"] > 0) & (people["cancer_from"] < NEVER)
    assert 0 < ahead.sum()
    assert registered[ahead].mean() <= has[ahead].mean() < 0.9


@pytest.mark.parametrize("condition", CONDITIONS)
def test_recorded_conditions_are_a_diagnosed_share_of_true_ones(people, parameters, condition):
    k = CONDITIONS.index(condition)
    share = parameters.population.diagnosed_share[k]
    before_study = people["cancer_from"] == NEVER
    true = (people["conditions"] >> k & 1 == 1) & before_study
    recorded = people["registered_conditions"] >> k & 1
    assert true.sum() > 300
    assert stats.binomtest(int(recorded[true].sum()), int(true.sum()), share).pvalue > ALPHA


def test_recorded_conditions_are_a_subset_of_true_ones(people, tiny):
    for columns in (people, tiny.region.people):
        assert not (columns["registered_conditions"] & ~columns["conditions"]).any()


def test_conditions_cluster_in_people(people, age):
    """With shared liability the number of conditions varies by more than independent conditions would."""
    old = (age >= 65) & (age < 75)
    has = people["conditions"][old][:, None] >> np.arange(len(CONDITIONS)) & 1
    alone = (has.mean(axis=0) * (1 - has.mean(axis=0))).sum()
    assert has.sum(axis=1).var() > 1.15 * alone


def test_conditions_come_earlier_where_people_are_deprived(people, age):
    middle = (age >= 45) & (age < 65)
    several = condition_count(people["conditions"]) >= 2
    rates = [several[middle & (people["imd"] == quintile)].mean() for quintile in (1, 5)]
    assert rates[1] > 1.3 * rates[0]


@pytest.mark.parametrize("band", [(45, 65), (65, 75), (75, 85), (85, 105)])
def test_care_homes_by_age(people, age, parameters, band):
    who = in_band(age, band)
    assert as_expected(people["care_home"][who], curve_at(parameters.population.care_home_share, age[who]))


def test_no_child_lives_in_a_care_home_for_the_old(people, age):
    assert people["care_home"][age < 10].sum() == 0


def test_frailty_has_mean_one_and_the_stated_shape(people, age, parameters):
    frailty = np.exp(people["log_frailty"].astype(float))
    p = parameters.population
    for who, shape in ((age < 64.9, p.frailty_shape_under_65), (age > 65.1, p.frailty_shape_65_over)):
        law = stats.gamma(shape, scale=1.0 / shape)
        values = frailty[who][frailty[who] > 0.0011]
        u = (law.cdf(values) - law.cdf(0.0011)) / law.sf(0.0011)
        assert stats.kstest(u, "uniform").pvalue > ALPHA
        assert frailty[who].mean() == pytest.approx(1.0, abs=FAR_OUT * law.std() / np.sqrt(who.sum()))


@pytest.mark.parametrize("shape", [0.45, 4.0])
def test_quantiles_from_the_table_are_scipys(shape):
    u = np.array([1e-6, 0.001, 0.05, 0.5, 0.95, 0.999, 1 - 1e-6])
    own = [quantile(gamma_quantiles(shape), v) for v in u]
    assert own == pytest.approx(stats.gamma.ppf(u, shape, scale=1 / shape).tolist(), rel=2e-3)


@pytest.mark.parametrize("kind", ["elective", "outpatient"])
def test_propensities_are_log_normal_with_mean_one(people, parameters, kind):
    sd = getattr(parameters.population, f"{kind}_propensity_sd")
    log = np.log(people[f"{kind}_propensity"].astype(float))
    assert stats.kstest((log + 0.5 * sd**2) / sd, "norm").pvalue > ALPHA


def test_unmet_need_is_latent_need_and_undiagnosed_conditions(people, parameters):
    p = parameters.population
    before_study = people["cancer_from"] == NEVER
    undiagnosed = condition_count(people["conditions"] & ~people["registered_conditions"])
    healthy = before_study & (undiagnosed == 0)
    base = p.unmet_need_base * p.unmet_need_deprivation_ratio ** ((people["imd"][healthy].astype(float) - 3) / 4)
    assert as_expected(people["unmet_need"][healthy] == 0, np.exp(-base))
    one = before_study & (undiagnosed == 1)
    assert people["unmet_need"][one].min() == 1
    assert people["unmet_need"].max() == 3


def test_continuity_is_an_index_in_per_cent(people, parameters):
    p = parameters.population
    assert people["continuity"].max() <= 100
    middle = stats.norm(p.continuity_mean, p.continuity_sd)
    assert as_expected(people["continuity"] < 50, np.full(len(people), middle.cdf(0.5)))


def test_who_is_old_enough_is_a_choice_of_the_same_people(practices, people, age, parameters):
    old = build_people(practices, 50.0, 52, makings(parameters.rooms())).columns
    everyone = people[np.isin(people["key"], old["key"])]
    assert everyone.tolist() == old.tolist()
    assert len(old) == pytest.approx((age >= 50).sum(), abs=30)
    assert (-old["birth_week"] / 52.18).min() > 50 - 1 / 52


def test_births_have_the_history_of_nobody(practices, parameters):
    people = build_people(practices[:20], 0.0, 104, makings(parameters.rooms()))
    made, start = people.columns, people.practice_start
    born = made[made["birth_week"] >= 0]
    born = born[born["birth_week"] > 0]
    each = int(300 * parameters.population.births_per_person_year * 104 / 52.18)
    assert np.diff(start).tolist() == [300 + each] * 20
    assert (born["death_week"] == NEVER).all()
    assert not (born["conditions"] | born["registered_conditions"] | born["care_home"]).any()
    assert born["birth_week"].max() < 104
    assert len(np.unique(made["key"])) == len(made)

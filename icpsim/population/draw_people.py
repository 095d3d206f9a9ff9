"""Synthetic registered people, each made from their own key: age, sex, deprivation, conditions, propensities.

The same person comes out whatever else is built, in whatever order.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log, sqrt
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, combine, draw, geometric_weeks, normal_quantile, poisson_count
from icpsim.base.row_access import record_of
from icpsim.care.cancer_treatment import CancerParameters, begin_course, diagnose
from icpsim.care.condition_onset import LIABILITY
from icpsim.care.deaths import DeathParameters, decide_death
from icpsim.care.emergency import EmergencyParameters
from icpsim.care.health import HealthParameters, flare_onset
from icpsim.care.hospital_stay import skewed
from icpsim.care.repeat_day_care import RepeatDayCareParameters, yearly_incidence
from icpsim.care.weekly_rates import between, by_age, place_of
from icpsim.data.national_tables import people_by_age
from icpsim.data.tables import AgeCurve, ByCondition
from icpsim.population.patients import PATIENT, blank
from icpsim.records.schema import CONDITIONS, FEMALE, MALE, NEVER

AGE_YEAR = REGISTRY.decision("age band at week 0")
AGE_WITHIN = REGISTRY.decision("age within the band at week 0")
SEX = REGISTRY.decision("sex")
IMD = REGISTRY.decision("deprivation quintile")
CONDITION = REGISTRY.decision("has a condition", width=16)
DIAGNOSED = REGISTRY.decision("condition is diagnosed", width=16)
FRAILTY = REGISTRY.decision("frailty")
ELECTIVE = REGISTRY.decision("propensity for elective care")
OUTPATIENT = REGISTRY.decision("propensity for outpatient care")
CONTINUITY = REGISTRY.decision("continuity with a usual professional")
CARE_HOME = REGISTRY.decision("lives in a care home")
NEED = REGISTRY.decision("unmet need")
FLARE_NOW = REGISTRY.decision("in a flare at week 0")
FLARE_LEFT = REGISTRY.decision("weeks of flare left at week 0")
REPEAT_NOW = REGISTRY.decision("in repeat day care at week 0")
REPEAT_LEFT = REGISTRY.decision("weeks of repeat day care left at week 0")

OLDEST_YEAR = 90
"""The year of age that England's people are counted by up to; over it they are counted together."""
_LONGEST_OVER = 20.0
_BEFORE_STUDY = 30000
_NEVER = int(NEVER)


class PopulationParameters(NamedTuple):
    """Table population.csv."""

    list_size_mean: float
    list_size_sd_log: float
    list_size_min: float
    list_size_max: float
    practices_per_hospital: float
    births_per_person_year: float
    mean_years_over_90: float
    practice_deprivation_correlation: float
    deprivation_age_shift: float
    frailty_shape_under_65: float
    frailty_shape_65_over: float
    condition_clustering_sd_under_65: float
    condition_clustering_sd_65_over: float
    diagnosed_share: ByCondition
    elective_propensity_sd: float
    outpatient_propensity_sd: float
    continuity_mean: float
    continuity_sd: float
    care_home_share: AgeCurve
    unmet_need_base: float
    unmet_need_deprivation_ratio: float


class PrevalenceParameters(NamedTuple):
    """Table prevalence.csv: true prevalence by age, one curve a condition, in the order of CONDITIONS."""

    copd: AgeCurve
    heart_failure: AgeCurve
    coronary_heart_disease: AgeCurve
    stroke: AgeCurve
    diabetes: AgeCurve
    dementia: AgeCurve
    cancer: AgeCurve
    severe_mental_illness: AgeCurve
    depression: AgeCurve
    substance_misuse: AgeCurve


class Inheritance(NamedTuple):
    """Tables that are the same for everyone: prevalence (condition, age knot), frailty quantiles and ages.

    ``younger`` is the share of England's people of a year of age or younger, ``female_share`` that of women among
    those of a year of age; float64[91] each, the last 90 and over. ``first_year``: the youngest year of age at
    each of 128 even steps of the first, from where a year is sought; float64[128].
    """

    prevalence: NDArray[np.float64]
    frailty_young: NDArray[np.float64]
    frailty_old: NDArray[np.float64]
    younger: NDArray[np.float64]
    female_share: NDArray[np.float64]
    first_year: NDArray[np.float64]


class Makings(Protocol):
    """Everything needed to make a person, as it looks to the rules; at run time it is one record."""

    population: PopulationParameters
    tables: Inheritance
    health: HealthParameters
    deaths: DeathParameters
    cancer: CancerParameters
    repeat_day_care: RepeatDayCareParameters
    emergency: EmergencyParameters


def makings(rooms: Mapping[str, Any]) -> NDArray[np.void]:
    """Return the one-row table that rules read as ``Makings``, from the rooms of the model's parameters."""
    population, prevalence = rooms["population"], rooms["prevalence"]
    tables = Inheritance(
        np.stack([getattr(prevalence, name) for name in CONDITIONS]),
        gamma_quantiles(population.frailty_shape_under_65),
        gamma_quantiles(population.frailty_shape_65_over),
        *people_of_england(),
    )
    names = ("health", "deaths", "cancer", "repeat_day_care", "emergency")
    return record_of({"population": population, "tables": tables} | {name: rooms[name] for name in names})


def people_of_england() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return England's people of mid-2009: the last three tables of :class:`Inheritance`."""
    people = people_by_age()
    younger = people.sum(axis=1).cumsum() / people.sum()
    first_year = np.searchsorted(younger, np.arange(128) / 128, side="right").astype(np.float64)
    return younger, people[:, FEMALE] / people.sum(axis=1), first_year


def gamma_quantiles(shape: float) -> NDArray[np.float64]:
    """Return 2,001 quantiles of a mean-1 gamma law at evenly spaced log-odds from -20 to 20."""
    from scipy.special import expit, gammainccinv, gammaincinv  # the same bits as scipy.stats, sooner to import

    odds = np.linspace(-20.0, 20.0, 2001)
    upper = gammainccinv(shape, expit(-odds)) * (1.0 / shape)
    lower = gammaincinv(shape, expit(odds)) * (1.0 / shape)
    table: NDArray[np.float64] = np.where(odds > 0, upper, lower)
    return table


@rule
def quantile(table: NDArray[np.float64], u: float) -> float:
    """Look a uniform number up in a table of quantiles at evenly spaced log-odds from -20 to 20."""
    u = min(max(u, 3e-9), 1.0 - 3e-9)
    at = (log(u / (1.0 - u)) + 20.0) * 50.0
    k = min(int(at), len(table) - 2)
    return table[k] + (at - k) * (table[k + 1] - table[k])


@rule
def year_of_age(u: float, tables: Inheritance) -> int:
    """Return the year of age that a uniform number falls in, by the share of people of each year or younger."""
    year = int(tables.first_year[int(u * len(tables.first_year))])
    while u >= tables.younger[year]:
        year += 1
    return year


@rule
def age_at_start(key: np.uint64, m: Makings) -> float:
    """Return age in years at week 0."""
    year = year_of_age(draw(key, AGE_YEAR, 0), m.tables)
    within = draw(key, AGE_WITHIN, 0)
    if year < OLDEST_YEAR:
        return year + within
    return year + min(-log(1.0 - within) * m.population.mean_years_over_90, _LONGEST_OVER)


@rule
def too_young(youngest: float, younger: NDArray[np.float64]) -> float:
    """Return a draw of the year of age below which everyone is in a year that ends before this age."""
    years = min(int(youngest), OLDEST_YEAR)
    return (1.0 - 1e-9) * younger[years - 1] if years > 0 else 0.0


@rule
def deprivation_quintile(key: np.uint64, practice_deprivation: float, p: PopulationParameters) -> int:
    """Return the quintile (1 least, 5 most deprived) of a person on a list of this deprivation."""
    shared = p.practice_deprivation_correlation
    z = sqrt(shared) * practice_deprivation + sqrt(1.0 - shared) * normal_quantile(draw(key, IMD, 0))
    quintile = 1
    for cut in (-0.8416212335729143, -0.2533471031357997, 0.2533471031357997, 0.8416212335729143):
        quintile += z > cut
    return quintile


@rule
def give_conditions(p: np.void, age: float, m: Makings) -> None:
    """Give true conditions (clustered, earlier where deprived)."""
    shift = m.population.deprivation_age_shift * (p.imd - 3) / 4.0
    young, old = m.population.condition_clustering_sd_under_65, m.population.condition_clustering_sd_65_over
    liability = skewed(draw(p.key, LIABILITY, 0), young if age < 65.0 else old)
    knot, share = place_of(age + shift)
    key, mask = p.key, 0
    for k in range(10):
        chance = min(between(m.tables.prevalence[k], knot, share) * liability, 0.95)
        mask |= int(draw(key, CONDITION + np.uint64(k), 0) < chance) << k
    p.conditions = mask


@rule
def find_conditions(p: np.void, m: Makings) -> None:
    """Have some conditions diagnosed; the others, and more, are unmet need."""
    undiagnosed = 0
    for k in range(10):
        if (p.conditions >> k) & 1:
            if draw(p.key, DIAGNOSED + np.uint64(k), 0) < m.population.diagnosed_share[k]:
                p.registered_conditions |= 1 << k
            else:
                undiagnosed += 1
    base = m.population.unmet_need_base * m.population.unmet_need_deprivation_ratio ** ((p.imd - 3) / 4.0)
    p.unmet_need = min(poisson_count(draw(p.key, NEED, 0), base) + undiagnosed, 3)


@rule
def give_phase(p: np.void, age: float, m: Makings) -> None:
    """Put the person in the middle of a life: flare, last year of life, treatment already under way."""
    onset = flare_onset(p, age, m.health)
    if draw(p.key, FLARE_NOW, 0) < onset * m.health.flare_weeks / (1.0 + onset * m.health.flare_weeks):
        p.flare_until = geometric_weeks(draw(p.key, FLARE_LEFT, 0), m.health.flare_weeks)
    birthday = p.birth_week + (0 - p.birth_week) // 52 * 52
    decide_death(p, birthday - 52, age - 1.0, _BEFORE_STUDY, m.deaths)
    if p.death_week < 0:
        p.death_week = _NEVER
    decide_death(p, birthday, age, _BEFORE_STUDY + 1, m.deaths)
    planned = p.death_week
    begin_course(p, birthday, age, _BEFORE_STUDY, m.cancer)
    diagnose(p, 0)
    if p.death_week < 0:
        p.death_week = planned
    mean = m.repeat_day_care.course_weeks
    if draw(p.key, REPEAT_NOW, 0) < yearly_incidence(p, age, m.repeat_day_care) * mean / WEEKS_PER_YEAR:
        p.repeat_from = 0
        p.repeat_until = geometric_weeks(draw(p.key, REPEAT_LEFT, 0), mean)


@rule
def make_person(p: np.void, key: np.uint64, practice: int, practice_deprivation: float, m: Makings) -> None:
    """Begin one person's row from the person's key: who they are, how frail, and what is wrong with them."""
    age = age_at_start(key, m)
    p.key = key
    p.practice = practice
    p.birth_week = -int(age * WEEKS_PER_YEAR)
    p.sex = FEMALE if draw(key, SEX, 0) < m.tables.female_share[min(int(age), OLDEST_YEAR)] else MALE
    p.imd = deprivation_quintile(key, practice_deprivation, m.population)
    table = m.tables.frailty_young if age < 65.0 else m.tables.frailty_old
    p.log_frailty = log(max(quantile(table, draw(key, FRAILTY, 0)), 1e-3))
    p.care_home = draw(key, CARE_HOME, 0) < by_age(m.population.care_home_share, age)
    give_conditions(p, age, m)


@rule
def complete_person(p: np.void, m: Makings) -> None:
    """Give what does not bear on the risk of an emergency at week 0, and the phase of life."""
    key, age = p.key, age_at_start(p.key, m)
    p.elective_propensity = skewed(draw(key, ELECTIVE, 0), m.population.elective_propensity_sd)
    p.outpatient_propensity = skewed(draw(key, OUTPATIENT, 0), m.population.outpatient_propensity_sd)
    usual = m.population.continuity_mean + m.population.continuity_sd * normal_quantile(draw(key, CONTINUITY, 0))
    p.continuity = int(min(max(usual, 0.0), 1.0) * 100.0)
    find_conditions(p, m)
    give_phase(p, age, m)


@rule
def person_key(practice_key: np.uint64, number: int) -> np.uint64:
    """Return the key of the person with this number on a practice's list."""
    return combine(practice_key, np.uint64(number))


@rule
def find_old_enough(
    practice_key: np.uint64, list_size: int, youngest: float, m: NDArray[np.void], out: NDArray[np.int32]
) -> int:
    """Write the list numbers of people at least ``youngest`` at week 0 into ``out``; return how many."""
    least, n, found = too_young(youngest, m[0].tables.younger), 0, 0
    for number in range(list_size):
        out[n] = number
        n += int(draw(person_key(practice_key, number), AGE_YEAR, 0) >= least)
    for i in range(n):
        number = out[i]
        out[found] = number
        found += int(age_at_start(person_key(practice_key, number), m[0]) >= youngest)
    return found


@rule
def fill_list(
    people: NDArray[np.void],
    numbers: NDArray[np.int32],
    practice_key: np.uint64,
    practice: int,
    practice_deprivation: float,
    nobody: NDArray[np.void],
    m: NDArray[np.void],
) -> None:
    """Begin the people with these list numbers of one practice in ``people``, each on a copy of ``nobody``."""
    for i in range(len(numbers)):
        people[i] = nobody[0]
        make_person(people[i], person_key(practice_key, numbers[i]), practice, practice_deprivation, m[0])


@rule
def complete_list(people: NDArray[np.void], m: NDArray[np.void]) -> None:
    """Complete people whom ``fill_list`` has begun."""
    for i in range(len(people)):
        complete_person(people[i], m[0])


@rule
def make_newborn(p: np.void, week: int) -> None:
    """Turn a person into one born in this week of the study, with the history of nobody."""
    p.birth_week = week
    p.death_week = _NEVER
    p.conditions = 0
    p.registered_conditions = 0
    p.care_home = 0
    p.flare_until = 0
    p.repeat_from = _NEVER
    p.cancer_from = _NEVER


__all__ = ["PATIENT", "Makings", "PopulationParameters", "PrevalenceParameters", "blank", "makings"]

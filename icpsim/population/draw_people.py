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
from icpsim.data.tables import AgeCurve, ByCondition
from icpsim.population.patients import FEMALE, MALE, PATIENT, blank
from icpsim.records.schema import CONDITIONS, NEVER

AGE_BAND = REGISTRY.decision("age band at week 0")
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

BAND_START = np.array([0.0, 5.0, 15.0, 45.0, 65.0, 75.0, 85.0])
BAND_WIDTH = np.array([5.0, 10.0, 30.0, 20.0, 10.0, 10.0, 20.0])
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
    age_share: AgeCurve
    mean_years_over_85: float
    female_share: AgeCurve
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
    """Tables that are the same for everyone: prevalence (condition, age knot) and frailty quantiles."""

    prevalence: NDArray[np.float64]
    frailty_young: NDArray[np.float64]
    frailty_old: NDArray[np.float64]


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
    )
    names = ("health", "deaths", "cancer", "repeat_day_care", "emergency")
    return record_of({"population": population, "tables": tables} | {name: rooms[name] for name in names})


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
def age_at_start(key: np.uint64, p: PopulationParameters) -> float:
    """Return age in years at week 0."""
    u = draw(key, AGE_BAND, 0) * p.age_share.sum()
    within = draw(key, AGE_WITHIN, 0)
    band = 0
    while band < 6 and u >= p.age_share[band]:
        u -= p.age_share[band]
        band += 1
    if band < 6:
        return BAND_START[band] + within * BAND_WIDTH[band]
    return 85.0 + min(-log(1.0 - within) * p.mean_years_over_85, BAND_WIDTH[6])


@rule
def too_young(youngest: float, p: PopulationParameters) -> float:
    """Return a draw of the age band below which everyone is in a band that ends before this age."""
    share = 0.0
    for band in range(6):
        if BAND_START[band] + BAND_WIDTH[band] <= youngest:
            share += p.age_share[band]
    return (1.0 - 1e-9) * share / p.age_share.sum()


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
    age = age_at_start(key, m.population)
    p.key = key
    p.practice = practice
    p.birth_week = -int(age * WEEKS_PER_YEAR)
    band_age = by_age(m.population.female_share, age)
    p.sex = FEMALE if draw(key, SEX, 0) < band_age else MALE
    p.imd = deprivation_quintile(key, practice_deprivation, m.population)
    table = m.tables.frailty_young if age < 65.0 else m.tables.frailty_old
    p.log_frailty = log(max(quantile(table, draw(key, FRAILTY, 0)), 1e-3))
    p.care_home = draw(key, CARE_HOME, 0) < by_age(m.population.care_home_share, age)
    give_conditions(p, age, m)


@rule
def complete_person(p: np.void, m: Makings) -> None:
    """Give what does not bear on the risk of an emergency at week 0, and the phase of life."""
    key, age = p.key, age_at_start(p.key, m.population)
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
    p = m[0].population
    least, n, found = too_young(youngest, p), 0, 0
    for number in range(list_size):
        out[n] = number
        n += int(draw(person_key(practice_key, number), AGE_BAND, 0) >= least)
    for i in range(n):
        number = out[i]
        out[found] = number
        found += int(age_at_start(person_key(practice_key, number), p) >= youngest)
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

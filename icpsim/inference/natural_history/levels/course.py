"""How use runs on from year to year: concentration, regression to the mean, risk scores, last year of life."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.features import Features, features
from icpsim.evaluation.risk_score import area_under_curve, concentration, fit_risk_score, positive_predictive_value
from icpsim.inference.natural_history.levels.rates import emergency
from icpsim.records.schema import Diagnosis, HospitalRecords


@dataclass(frozen=True, slots=True)
class RiskCheck:
    """How well a records-only risk score foretells next year's emergency admissions of people 18 and over."""

    auc: float
    share_top_half_per_cent: float
    share_top_1: float
    share_top_5: float
    share_top_20: float
    ppv_top_half_per_cent: float
    ppv_top_1: float
    deaths_top_half_per_cent: float


def admissions_per_person(records: HospitalRecords, weeks: tuple[int, int]) -> NDArray[np.int64]:
    """Return each person's emergency admissions in these weeks; int64[people]."""
    spells = emergency(records)
    now = (spells["admitted"] >= weeks[0]) & (spells["admitted"] < weeks[1])
    return np.bincount(spells["person"][now], minlength=len(records.registrations))


def risk_check(records: HospitalRecords, prices: Prices, week: int) -> RiskCheck:
    """Fit a risk score on each half of the adults at ``week`` and check it on the other half."""
    people = records.registrations
    age = (week - people["birth_week"]) / WEEKS_PER_YEAR
    adults = np.flatnonzero((age >= 18) & (people["to_week"] > week) & (people["from_week"] <= week))
    x = features(records, adults, week, prices)
    later = admissions_per_person(records, (week, week + 52))[adults]
    score = np.empty(len(adults))
    for half in (0, 1):
        other = slice(1 - half, None, 2)
        fitted = fit_risk_score(_part(x, slice(half, None, 2)), later[half::2] > 0)
        score[other] = fitted.probability(_part(x, other))
    died = people["to_week"][adults] < week + 52
    return RiskCheck(
        auc=area_under_curve(score, later > 0),
        share_top_half_per_cent=concentration(score, later, 0.005),
        share_top_1=concentration(score, later, 0.01),
        share_top_5=concentration(score, later, 0.05),
        share_top_20=concentration(score, later, 0.20),
        ppv_top_half_per_cent=positive_predictive_value(score, later > 0, 0.005),
        ppv_top_1=positive_predictive_value(score, later > 0, 0.01),
        deaths_top_half_per_cent=positive_predictive_value(score, died, 0.005),
    )


def _part(x: Features, rows: slice) -> Features:
    return Features(x.names, x.values[rows])


def regression_to_the_mean(records: HospitalRecords, week: int, years: tuple[int, ...]) -> tuple[float, ...]:
    """Return the share of admissions at 65 and over of people with two or more in the year from ``week``.

    One share for each of ``years`` after the index year (0 is that year itself). Roland et al. 2005 (BMJ
    330:289): 38% in the index year, under 10% a year later, just over 3% five years later.
    """
    people = records.registrations
    old = (week - people["birth_week"]) / WEEKS_PER_YEAR >= 65
    often = old & (admissions_per_person(records, (week, week + 52)) >= 2)

    def share(year: int) -> float:
        begins = week + 52 * year
        of_age = (begins - people["birth_week"]) / WEEKS_PER_YEAR >= 65
        admissions = admissions_per_person(records, (begins, begins + 52)) * of_age
        return float(admissions[often].sum() / admissions.sum())

    return tuple(share(year) for year in years)


def sensitive_share(records: HospitalRecords) -> float:
    """Return the share of emergency admissions that is ambulatory-care-sensitive."""
    spells = emergency(records)
    return float((spells["diagnosis"] == Diagnosis.AMBULATORY_CARE_SENSITIVE).mean())


def last_year_of_life(records: HospitalRecords, weeks: tuple[int, int]) -> tuple[float, float]:
    """Return emergency admissions per person in the last year of life, and their share of all admissions."""
    deaths = records.deaths
    end = np.full(len(records.registrations), 30000, np.int64)
    end[deaths["person"]] = deaths["week"]
    spells = emergency(records)
    left = end[spells["person"]] - spells["admitted"]
    of_decedents = (left >= 0) & (left <= 52)
    ended = (deaths["week"] >= weeks[0] + 52) & (deaths["week"] < weeks[1])
    dead = np.zeros(len(end), bool)
    dead[deaths["person"][ended]] = True
    per_decedent = (of_decedents & dead[spells["person"]]).sum() / max(ended.sum(), 1)
    year = (spells["admitted"] >= weeks[1] - 104) & (spells["admitted"] < weeks[1] - 52)
    return float(per_decedent), float((of_decedents & year).sum() / max(year.sum(), 1))


def dispersion(records: HospitalRecords, week: int) -> float:
    """Return the negative-binomial k of a year's emergency admissions of adults (moments)."""
    people = records.registrations
    adults = ((week - people["birth_week"]) / WEEKS_PER_YEAR >= 18) & (people["to_week"] > week)
    n = admissions_per_person(records, (week, week + 52))[adults]
    mean, variance = n.mean(), n.var()
    return float(mean**2 / max(variance - mean, 1e-12))


def gini(records: HospitalRecords, week: int) -> float:
    """Return the Gini coefficient of a year's emergency admissions among adults alive at ``week``."""
    people = records.registrations
    adults = ((week - people["birth_week"]) / WEEKS_PER_YEAR >= 18) & (people["to_week"] > week)
    n = np.sort(admissions_per_person(records, (week, week + 52))[adults])
    rank = np.arange(1, len(n) + 1)
    return float((2.0 * rank - len(n) - 1.0) @ n / (len(n) * n.sum()))

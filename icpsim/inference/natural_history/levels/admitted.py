"""Risk scores among people lately admitted, in the manner of PARR and PARR-30, at their published thresholds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.features import Features, features
from icpsim.evaluation.risk_score import area_under_curve, fit_risk_score
from icpsim.inference.natural_history.levels.rates import emergency
from icpsim.records.schema import HospitalRecords


def within_a_year(records: HospitalRecords, prices: Prices, week: int) -> Iterator[tuple[str, float]]:
    """Yield how well a score of people admitted as emergencies in the last quarter foretells a year's admission.

    Four quarters from ``week``, cross-fitted in two halves: area under the curve, predictive value at 0.5 and
    0.7, sensitivity at 0.5 (PARR; Billings et al. 2006, BMJ 333:327).
    """
    score, year = _scored(records, prices, [week + 13 * k for k in range(4)], 13, 52)
    yield "admitted_auc", area_under_curve(score, year)
    yield "admitted_ppv_at_0.5", float(year[score >= 0.5].mean())
    yield "admitted_ppv_at_0.7", float(year[score >= 0.7].mean())
    yield "admitted_sensitivity_at_0.5", float((score[year] >= 0.5).mean())


def within_four_weeks(records: HospitalRecords, prices: Prices, week: int) -> float:
    """Return the area under the curve of readmission within four weeks, for people discharged in the last week.

    Twenty weeks, a month apart (PARR-30; Billings et al. 2012, BMJ Open 2:e001667).
    """
    score, month = _scored(records, prices, [week + 4 * k for k in range(20)], 1, 4)
    return area_under_curve(score, month)


def _scored(
    records: HospitalRecords, prices: Prices, weeks: list[int], recent: int, ahead: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return cross-fitted chances, and who was admitted within ``ahead`` weeks, of those lately discharged."""
    waves = [_wave(records, prices, week, recent, ahead) for week in weeks]
    x = Features(waves[0][0].names, np.concatenate([wave[0].values for wave in waves]))
    outcome = np.concatenate([wave[1] for wave in waves])
    return _cross_fitted(x, outcome, np.concatenate([wave[2] for wave in waves])), outcome


def _wave(
    records: HospitalRecords, prices: Prices, week: int, recent: int, ahead: int
) -> tuple[Features, NDArray[np.bool_], NDArray[np.int64]]:
    people = records.registrations
    age = (week - people["birth_week"]) / WEEKS_PER_YEAR
    spells = emergency(records)
    home = spells["admitted"].astype(np.int64) + spells["nights"] // 7
    lately = spells["person"][(home >= week - recent) & (home < week)]
    chosen = np.unique(lately[(age[lately] >= 18) & (people["to_week"][lately] > week)]).astype(np.int64)
    later = spells["admitted"] - week
    again = np.zeros(len(people), bool)
    again[spells["person"][(later >= 0) & (later < ahead)]] = True
    return features(records, chosen, week, prices), again[chosen], chosen


def _cross_fitted(x: Features, outcome: NDArray[np.bool_], person: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each row's probability by a score learnt on people of the other half; float64[n]."""
    score = np.empty(len(outcome))
    for half in (0, 1):
        mine = person % 2 == half
        fitted = fit_risk_score(Features(x.names, x.values[~mine]), outcome[~mine])
        score[mine] = fitted.probability(Features(x.names, x.values[mine]))
    return score

"""Raw effects within groups of sites, from one matching: the evaluators' own subgroup analysis.

The evaluation matched all cases once and estimated effects over all sites and over the case-management sites
(RAND Europe and Ernst & Young 2012). What further statistics would tell apart rival explanations stands here too:
effects by month, deaths, the trend before enrolment, and how much of the elective fall is cancer care.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.did import difference_did, rate_ratio_did
from icpsim.evaluation.evaluate import matched_rows
from icpsim.evaluation.observation import seen
from icpsim.evaluation.outcomes import MatchedRows, outcome_windows
from icpsim.evaluation.pool_cache import PoolMemory
from icpsim.evaluation.types import EvaluationDesign
from icpsim.evaluation.windows import sum_windows
from icpsim.records.schema import NEVER, Diagnosis, HospitalRecords, Method


@dataclass(frozen=True, slots=True)
class MatchedStudy:
    """Matched people and what they used; n rows.

    ``amounts`` maps outcomes to float64[n, 7] (before, then six months after); ``cancer`` float64[n, 2] are
    admissions for cancer or chemotherapy before and after; ``earlier`` float64[n] emergencies in the window before
    the one before the index week; ``died`` bool[n] within the window after it; ``seen_earlier`` bool[n] tells
    whether all of the window of ``earlier`` is in the records.
    """

    rows: MatchedRows
    amounts: dict[str, Floats]
    cancer: Floats
    earlier: Floats
    died: NDArray[np.bool_]
    seen_earlier: NDArray[np.bool_]


def matched_study(
    records: HospitalRecords, design: EvaluationDesign, prices: Prices, memory: PoolMemory | None = None
) -> MatchedStudy:
    """Match, and count what cases and controls used. Arguments and errors as in ``evaluate``."""
    return counted_study(*matched_rows(records, design, prices, memory), design, prices)


def counted_study(
    rows: MatchedRows, study: HospitalRecords, design: EvaluationDesign, prices: Prices
) -> MatchedStudy:
    """Count what matched people used; ``study`` holds their records alone, row k's person being person k."""
    window, spells = design.window_weeks, study.spells
    everyone = np.arange(rows.person.size, dtype=np.int32)
    electives = spells["method"] != Method.EMERGENCY
    cancer = electives & np.isin(spells["diagnosis"], (Diagnosis.CANCER, Diagnosis.CHEMOTHERAPY))

    def counted(which: NDArray[np.bool_], edges: tuple[int, ...]) -> Floats:
        return sum_windows(
            spells["person"], spells["admitted"], which.astype(np.float64), everyone, rows.index_week, edges
        )

    death = study.death_weeks()
    earliest = rows.index_week.astype(np.int64) - 2 * window
    return MatchedStudy(
        rows,
        outcome_windows(study, rows.index_week, window, prices),
        counted(cancer, (-window, 0, window)),
        counted(~electives, (-2 * window, -window))[:, 0],
        (death != NEVER) & (death.astype(int) - rows.index_week < window),
        (earliest >= 0) & (seen(study).first <= earliest),
    )


def group_statistics(study: MatchedStudy, sites: NDArray[np.integer]) -> dict[str, float]:
    """Return raw effects among cases of these sites (numbers in ``practices``) and their controls.

    Log rate ratios; pounds a patient for ``hospital_cost``, ``cohort_cost`` (cases' cost before) and
    ``untreated_cost`` (their cost after, less the estimate); ``cancer_fall``: fall of cancer care as a share of
    electives expected; ``deaths``: share of cases dying less that of controls; ``trend``: log ratio of the change
    between the two windows before the index week, in sets of which everyone is seen in both;
    ``emergency_month_1`` to ``_6``. NaN where there was no event.
    """
    mine = np.isin(study.rows.site, sites)
    treated, weights = study.rows.treated[mine], study.rows.weight[mine]

    def ratio(before: Floats, after: Floats) -> float:
        return rate_ratio_did(before[mine], after[mine], treated, weights, {}).estimate

    found = {}
    for name, amount in study.amounts.items():
        before, after = amount[:, 0], amount[:, 1:].sum(axis=1)
        if name == "hospital_cost":
            found[name] = difference_did(before[mine], after[mine], treated, weights, {}).estimate
            found["cohort_cost"] = float(before[mine][treated].mean())
            found["untreated_cost"] = float(after[mine][treated].mean()) - found[name]
        else:
            found[name] = ratio(before, after)
    emergencies = study.amounts["emergency_admissions"]
    for month in range(1, emergencies.shape[1]):
        found[f"emergency_month_{month}"] = ratio(emergencies[:, 0], emergencies[:, month])
    whole = mine & ~np.isin(study.rows.set, study.rows.set[~study.seen_earlier])
    who = study.rows.treated[whole], study.rows.weight[whole]
    found["trend"] = rate_ratio_did(study.earlier[whole], emergencies[whole, 0], *who, {}).estimate
    found["deaths"] = _mean_difference(study.died[mine], treated, weights)
    electives = study.amounts["elective_admissions"][mine]
    found["cancer_fall"] = _fall(study.cancer[mine], treated, weights) / _expected(
        np.column_stack([electives[:, 0], electives[:, 1:].sum(axis=1)]), treated, weights
    )
    return found


def _mean_difference(values: NDArray[np.bool_], treated: NDArray[np.bool_], weights: Floats) -> float:
    return float(
        np.average(values[treated], weights=weights[treated])
        - np.average(values[~treated], weights=weights[~treated])
    )


def _expected(amount: Floats, treated: NDArray[np.bool_], weights: Floats) -> float:
    """Return cases' mean after had it changed as their controls' did; ``amount`` float64[n, 2]."""
    cases = amount[treated, 0].mean()
    before, after = np.average(amount[~treated], axis=0, weights=weights[~treated])
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(cases * after / before)


def _fall(amount: Floats, treated: NDArray[np.bool_], weights: Floats) -> float:
    return _expected(amount, treated, weights) - float(amount[treated, 1].mean())

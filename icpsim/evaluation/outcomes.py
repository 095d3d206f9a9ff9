"""What happens to matched people before and after their index week, and the effects on each outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.evaluation.costs import Prices, outpatient_costs, spell_costs
from icpsim.evaluation.did import (
    Clusters,
    corrected_difference,
    corrected_rate_ratio,
    difference_did,
    fit_outcome_model,
    rate_ratio_did,
)
from icpsim.evaluation.features import Features, is_count
from icpsim.evaluation.types import MonthlyEffect, OutcomeEffect
from icpsim.evaluation.windows import sum_windows
from icpsim.records.outcomes import BY_NAME, EVALUATED, HEADLINES, WEEK_OF, Outcome, in_pounds
from icpsim.records.schema import CONDITIONS, NEVER, GPRecords, HospitalRecords

MONTHS = 6

Events = tuple[NDArray[np.int32], NDArray[np.int16], Floats]
"""Person, week and amount of each event."""

OUTCOMES = EVALUATED
_COSTS = {"spells": spell_costs, "outpatient": outpatient_costs}
_COVARIATES = ("age", "female", "emergency_1_4", "chemotherapy_12", "chemotherapy_52", "repeat_day_care_52",
               "ae_52", "outpatient_26", *CONDITIONS)  # fmt: skip


@dataclass(frozen=True)
class MatchedRows:
    """Everyone in the analysis, a row for each case and each control of each set; n rows.

    ``person`` int32, ``index_week`` int16, ``treated`` bool, ``set`` int32, ``site`` int16 (a control has its
    case's), ``weight`` float64 (1, or 1/m for each of m controls).
    """

    person: NDArray[np.int32]
    index_week: NDArray[np.int16]
    treated: NDArray[np.bool_]
    set: NDArray[np.int32]
    site: NDArray[np.int16]
    weight: Floats

    @cached_property
    def clusters(self) -> Clusters:
        """Return the groupings for standard errors, matched set, person and site, as small numbers."""
        _, person = np.unique(self.person, return_inverse=True)
        return {"set": self.set, "person": person, "site": self.site}


def events_by_outcome(records: HospitalRecords, prices: Prices) -> dict[str, list[Events]]:
    """Return every event that counts towards each outcome, a list of events for each table it is counted in."""
    return {name: events_of(BY_NAME[name], records, prices) for name in OUTCOMES}


def events_of(outcome: Outcome, records: HospitalRecords | GPRecords, prices: Prices) -> list[Events]:
    """Return the events of the records that count towards an outcome, table by table."""
    found = []
    for name in outcome.tables:
        rows = getattr(records, name)
        amount = _COSTS[name](rows, prices) if outcome.amount is None else outcome.amount(rows)
        found.append((rows["person"], rows[WEEK_OF[name]], amount.astype(np.float64)))
    return found


def month_edges(window_weeks: int) -> tuple[int, ...]:
    """Return the weeks that part the window into six months, (0, 4, 9, 13, 17, 22, 26) for 26 weeks."""
    return tuple(int(window_weeks * m / MONTHS + 0.5) for m in range(MONTHS + 1))


def outcome_windows(
    study: HospitalRecords,
    index_week: NDArray[np.int16],
    window_weeks: int,
    prices: Prices,
    before_weeks: int | None = None,
) -> dict[str, Floats]:
    """Return each outcome's amounts: before, then each of six months after; float64[n, 7].

    Person k of the study has the index week ``index_week[k]``. A time before of ``before_weeks`` that is not as
    long as the window is put at its rate a week over the window's length, which is what an offset for time does.
    """
    everyone = np.arange(index_week.size, dtype=np.int32)
    before = window_weeks if before_weeks is None else before_weeks
    edges = (-before, *sorted(set(month_edges(window_weeks))))
    amounts = {
        name: sum(
            (sum_windows(person, when, amount, everyone, index_week, edges) for person, when, amount in tables),
            start=np.zeros((everyone.size, len(edges) - 1)),
        )
        for name, tables in events_by_outcome(study, prices).items()
    }
    for amount in amounts.values():
        amount[:, 0] *= window_weeks / before
    return amounts


def time_at_risk(
    death_week: NDArray[np.int16], rows: MatchedRows, window_weeks: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return weeks alive in the after-window (death in mid-week) and who died in it; float64[n], bool[n]."""
    lag = death_week[rows.person].astype(np.float64) - rows.index_week
    died = (death_week[rows.person] != NEVER) & (lag < window_weeks)
    return np.where(died, lag + 0.5, window_weeks), died


def covariates(people: Features, log_scores: Floats, before: Mapping[str, Floats]) -> Floats:
    """Return the outcome model's columns: log scores, use before (log1p), age, sex, conditions; float64[n, k].

    ``before`` maps each outcome to its amounts in the before-window, float64[n].
    """
    known = [people.column(name).astype(np.float64) for name in _COVARIATES]
    known = [np.log1p(c) if is_count(name) else c for name, c in zip(_COVARIATES, known, strict=True)]
    return np.column_stack([log_scores, *(np.log1p(before[name]) for name in HEADLINES), *known])


def effect_on(
    outcome: str,
    before: Mapping[str, Floats],
    after: Floats,
    rows: MatchedRows,
    known: Floats,
    exposure: tuple[Floats, Floats],
) -> OutcomeEffect:
    """Return the difference-in-differences of one outcome, raw, bias-corrected and per person-time.

    ``known`` float64[n, k] are :func:`covariates`; the outcome's own past is added to them. ``exposure`` is
    the time at risk before and after, float64[n] each.
    """
    b, treated, w, clusters = before[outcome], rows.treated, rows.weight, rows.clusters
    x = known if outcome in HEADLINES else np.column_stack([known, np.log1p(b)])
    model = fit_outcome_model(after, x, treated, w)
    person_time = float("nan")
    if in_pounds(outcome):
        raw = difference_did(b, after, treated, w, clusters)
        corrected = corrected_difference(after, model, treated, w, clusters)
    else:
        raw = rate_ratio_did(b, after, treated, w, clusters)
        corrected = corrected_rate_ratio(after, model, treated, w, clusters)
        person_time = rate_ratio_did(b, after, treated, w, {}, exposure).estimate
    means = [float(np.average(y[g], weights=w[g])) for g in (treated, ~treated) for y in (b, after)]
    return OutcomeEffect(
        outcome, BY_NAME[outcome].measure,
        raw.estimate, raw.se["person"], raw.se["set"], raw.se["site"],
        corrected.estimate, corrected.se["person"], person_time, *means,
    )  # fmt: skip


def monthly_effects(emergencies: Floats, rows: MatchedRows, window_weeks: int) -> tuple[MonthlyEffect, ...]:
    """Return the rate ratio of emergency admissions in each month after against the window before.

    ``emergencies`` float64[n, 7] as from :func:`outcome_windows`. A transient cause (an acute deterioration,
    found need) shows in the first months, a lasting one in all.
    """
    edges = sorted(set(month_edges(window_weeks)))
    clusters = {"person": rows.clusters["person"]}
    found = []
    for month in range(1, len(edges)):
        effect = rate_ratio_did(emergencies[:, 0], emergencies[:, month], rows.treated, rows.weight, clusters)
        found.append(MonthlyEffect(month, edges[month - 1], edges[month], effect.estimate, effect.se["person"]))
    return tuple(found)

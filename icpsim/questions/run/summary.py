"""From replicates to the result of a study: everything that is printed, drawn and written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import icpsim
from icpsim.base.intervals import further_value
from icpsim.data.published_effects import load_targets
from icpsim.questions.run.answer import BalanceRow, DesignResult, MonthlyRow, StudyResult
from icpsim.questions.run.one_outcome import bias_row, left_out, outcome_replicates, outcome_result
from icpsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from icpsim.questions.run.replicate import Replicate


class StudyError(RuntimeError):
    """No replicate of a study could be evaluated."""


def summarise(scenario: Scenario, seed: int, done: Sequence[Replicate], drawn: bool = False) -> StudyResult:
    """Turn replicates into the study's result; those that could not be evaluated are named in warnings."""
    good = [replicate for replicate in done if replicate.evaluation is not None]
    if not good:
        raise StudyError(f"no replicate could be evaluated: {done[0].problem}")
    evaluations = [replicate.evaluation for replicate in good if replicate.evaluation is not None]
    further, unable = _further_designs([replicate.designs for replicate in good])
    targets = load_targets(scenario.observed) if scenario.observed else ()
    columns = {row.outcome: outcome_replicates(row.outcome, good) for row in good[0].truth}
    warnings = [f"replicate {r.number}: {r.problem}" for r in done if r.problem]
    warnings += dict.fromkeys(text for found in evaluations for text in found.warnings)
    estimated = [name for name in columns if np.isfinite(columns[name].estimate).any()]
    warnings += [text for name in estimated if (text := left_out(columns[name]))]
    warnings += unable
    return StudyResult(
        scenario=scenario.scenario,
        title=scenario.title,
        version=icpsim.__version__,
        seed=seed,
        replicates=len(done),
        cases=_mean(replicate.enrolled for replicate in good),
        controls=_mean(found.controls for found in evaluations),
        cases_matched=_mean(found.cases for found in evaluations),
        outcomes=tuple(outcome_result(column, targets) for column in columns.values()),
        bias=tuple(bias_row(columns[name]) for name in estimated),
        balance=_balance(evaluations),
        support=_support(evaluations),
        monthly=_monthly(good),
        deaths={
            "cases": _mean(found.deaths_cases for found in evaluations),
            "controls": _mean(found.deaths_controls for found in evaluations),
        },
        warnings=tuple(warnings),
        replicate_rows=tuple(row for replicate in good for row in _rows(replicate)),
        drawn=drawn,
        designs=further,
    )


def _further_designs(figures: Sequence[Mapping[str, float]]) -> tuple[tuple[DesignResult, ...], list[str]]:
    """Return what further designs found, and a sentence for each that could not be done in some replicate."""
    if not any(figures):
        return (), []
    from icpsim.questions.designs.summary import problems
    from icpsim.questions.run.other_designs import results

    return results(figures), problems(figures)


def _mean(values: Any) -> float:
    return float(np.mean(list(values)))


def _balance(evaluations: Sequence[Any]) -> tuple[BalanceRow, ...]:
    rows = [found.balance for found in evaluations]
    return tuple(
        BalanceRow(
            first.feature,
            _mean(row[k].difference_before for row in rows),
            _mean(row[k].difference_after for row in rows),
        )
        for k, first in enumerate(rows[0])
    )


def _support(evaluations: Sequence[Any]) -> dict[str, float]:
    names = evaluations[0].support.__slots__
    support = {name: _mean(getattr(found.support, name) for found in evaluations) for name in names}
    return support | {"cases_unmatched": _mean(found.cases_unmatched for found in evaluations)}


def _monthly(good: Sequence[Replicate]) -> tuple[MonthlyRow, ...]:
    rows = []
    evaluations = [replicate.evaluation for replicate in good if replicate.evaluation is not None]
    truths = [next(t for t in replicate.truth if t.outcome == "emergency_admissions") for replicate in good]
    for k, month in enumerate(evaluations[0].monthly):
        found = further_value(
            np.array([e.monthly[k].estimate for e in evaluations]),
            np.array([e.monthly[k].se for e in evaluations]),
        )
        true = np.array([t.monthly[k] if k < len(t.monthly) else np.nan for t in truths])
        kept = true[np.isfinite(true)]
        rows.append(
            MonthlyRow(
                "emergency_admissions",
                month.month,
                float(np.exp(found.mean)),
                float(np.exp(found.low)),
                float(np.exp(found.high)),
                float(np.exp(kept.mean())) if len(kept) else float("nan"),
            )
        )
    return tuple(rows)


def _rows(replicate: Replicate) -> Iterator[dict[str, float | int | str]]:
    found = replicate.evaluation
    if found is None:
        return
    truth = {row.outcome: row for row in replicate.truth}
    enrolled = {row.outcome: row for row in replicate.truth_enrolled}
    for effect in found.effects:
        true = truth[effect.outcome]
        yield {
            "replicate": replicate.number,
            "outcome": effect.outcome,
            "measure": effect.measure,
            "cases": found.cases,
            "controls": found.controls,
            "estimate": effect.estimate,
            "se": effect.se,
            "se_set": effect.se_set,
            "se_site": effect.se_site,
            "corrected": effect.corrected,
            "corrected_se": effect.corrected_se,
            "person_time": effect.person_time,
            "true": true.effect,
            "true_se": true.se,
            "true_enrolled": enrolled[effect.outcome].effect,
            "true_enrolled_se": enrolled[effect.outcome].se,
            "before_cases": effect.before_cases,
            "after_cases": effect.after_cases,
            "before_controls": effect.before_controls,
            "after_controls": effect.after_controls,
        }

"""A study: replicates of one scenario, on as many workers as asked, summarised beside what was published.

A replicate is a pure function of (scenario, seed, number), so any number of workers gives the same bytes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import icpsim
from icpsim.base.intervals import prediction
from icpsim.base.kinds import Progress
from icpsim.data.targets import load_targets
from icpsim.questions.study.answer import BalanceRow, DesignResult, MonthlyRow, StudyResult
from icpsim.questions.study.summary import OutcomeReplicates, bias_row, left_out, outcome_result
from icpsim.questions.study.unit import WHOLE, ReplicateOnce, from_text
from icpsim.runs.engine import Workers
from icpsim.runs.errors import Failure
from icpsim.runs.run import run_what_can
from icpsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from icpsim.questions.study.replicate import Replicate


class StudyError(RuntimeError):
    """No replicate of a study could be evaluated."""


def run_study(
    scenario: Scenario,
    replicates: int | None = None,
    seed: int | None = None,
    workers: Workers = 1,
    progress: Progress = lambda *_: None,
    drawn: bool = True,
    work: Path | None = None,
) -> StudyResult:
    """Run the replicates of a scenario and set observed, estimated and true effects side by side.

    Each replicate has a draw of the shipped posterior, unless ``drawn`` is false: then the parameter tables'
    values hold. What the scenario itself sets holds in either case. Finished replicates are kept in ``work``: the
    same call goes on from there. Replicates that fail are named in warnings. Raises StudyError when none could be
    evaluated, with the first reason, and PosteriorError when there is nothing to draw from.
    """
    if scenario.evaluation.designs:
        from icpsim.questions.study.other_designs import check_designs

        check_designs(scenario)
    n = scenario.run.replicates if replicates is None else replicates
    seed = scenario.run.seed if seed is None else seed
    units = [ReplicateOnce(scenario, seed, number, drawn) for number in range(n)]
    found = run_what_can(units, workers, progress, "simulating, matching, estimating", work)
    done = [from_text(str(one[WHOLE])) for one in found if not isinstance(one, Failure)]
    failed = [str(one) for one in found if isinstance(one, Failure)]
    if not done:
        raise StudyError(f"no replicate could be simulated: {failed[0]}")
    result = summarise(scenario, seed, done, drawn)
    return dataclasses.replace(result, warnings=(*(f"left out: {text}" for text in failed), *result.warnings))


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
    from icpsim.questions.study.other_designs import results

    return results(figures), problems(figures)


def outcome_replicates(outcome: str, good: Sequence[Replicate]) -> OutcomeReplicates:
    """Return one outcome's estimates and truths over replicates; NaN where records cannot show it."""
    nothing = float("nan")
    rows: list[tuple[float, ...]] = []
    measure = "rate_ratio"
    for replicate in good:
        truth = next(row for row in replicate.truth if row.outcome == outcome)
        measure = truth.measure
        effects = replicate.evaluation.effects if replicate.evaluation else ()
        found = next((row for row in effects if row.outcome == outcome), None)
        estimate = (
            (found.estimate, found.se, found.corrected, found.corrected_se, found.relative)
            if found
            else (nothing,) * 5
        )
        rows.append((*estimate, truth.effect, truth.relative, truth.se))
    columns = np.array(rows, np.float64).T
    return OutcomeReplicates(
        outcome=outcome,
        measure=measure,
        estimate=columns[0],
        se=columns[1],
        corrected=columns[2],
        corrected_se=columns[3],
        relative_estimate=columns[4],
        true=columns[5],
        relative_true=columns[6],
        true_se=columns[7],
    )


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
        found = prediction(
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
            "before_cases": effect.before_cases,
            "after_cases": effect.after_cases,
            "before_controls": effect.before_controls,
            "after_controls": effect.after_controls,
        }

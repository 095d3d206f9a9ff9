"""Run the scenario that stands for a published study and score it against the study's rows of the registry."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from icpsim.base.kinds import Progress
from icpsim.data.published_effects import calibration_targets, load_targets
from icpsim.questions.run.answer import StudyResult
from icpsim.questions.validation.registry import ValidationTarget
from icpsim.questions.validation.scoring import RowScore, Summary, score_row, summarise
from icpsim.runs.engine import Workers
from icpsim.scenario.schema import Scenario

PILOTS = "case-management-sites"
"""Row set of targets.csv whose published effects are carried over as a reference prediction."""


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """A published effect, its score, and ``held_out``: whether nothing was fitted to results of its patients."""

    target: ValidationTarget
    score: RowScore
    held_out: bool


@dataclass(frozen=True, slots=True)
class StudyScores:
    """One published study scored against one simulated one."""

    study: str
    scenario: str
    title: str
    version: str
    seed: int
    replicates: int
    rows: tuple[ScoredRow, ...]
    warnings: tuple[str, ...]


def validate_study(
    rows: Sequence[ValidationTarget],
    scenario: Scenario,
    fitted: Collection[str],
    workers: Workers = 1,
    progress: Progress = lambda *_: None,
) -> StudyScores:
    """Run ``scenario``, as often and from the seed it says, and score it against one study's ``rows``.

    ``fitted`` names the rows of targets.csv that the model in use was fitted to (:func:`fitted_rows`). Raises
    StudyError when no replicate could be evaluated.
    """
    from icpsim.questions.run.study import run_study

    result = run_study(scenario, scenario.run.replicates, scenario.run.seed, workers, progress)
    return StudyScores(
        study=rows[0].study,
        scenario=result.scenario,
        title=result.title,
        version=result.version,
        seed=result.seed,
        replicates=result.replicates,
        rows=tuple(
            ScoredRow(row, score_result(row, result), not set(row.shares_data_with) & set(fitted)) for row in rows
        ),
        warnings=result.warnings,
    )


def fitted_rows(*sets: str) -> frozenset[str]:
    """Names of the targets of ``sets`` (all if none is given) that are for calibration; raises TargetError."""
    return frozenset(target.target for target in calibration_targets(*sets))


def score_result(row: ValidationTarget, result: StudyResult) -> RowScore:
    """Score one published effect against the estimates of every replicate of a study."""
    found = [line for line in result.replicate_rows if line["outcome"] == row.outcome]
    estimates = np.array([line["estimate"] for line in found], np.float64)
    errors = np.array([line["se"] for line in found], np.float64)
    return score_row(row.measure, (row.observed, row.se), estimates, errors, _carried(row))


def summary_of(scored: Sequence[StudyScores], held_out: bool = False) -> Summary:
    """Coverage, signs and mean skills over all rows of all studies, or over those ``held_out`` alone."""
    return summarise(row.score for study in scored for row in study.rows if row.held_out or not held_out)


def _carried(row: ValidationTarget) -> tuple[float, float] | None:
    same = (row.outcome, row.measure)
    found = [t for t in load_targets(PILOTS) if (t.outcome, t.measure) == same]
    return (found[0].observed, found[0].se) if found else None

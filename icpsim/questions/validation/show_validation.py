"""Show scores against published effects: tables, a plain sentence a row, and the object of ``--json``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from icpsim.questions.validation.answer import ScoredRow, StudyScores, summary_of
from icpsim.questions.validation.registry import ValidationTarget
from icpsim.questions.validation.scoring import ReferenceScore, RowScore, Summary
from icpsim.report.amounts import capital, replicates
from icpsim.report.as_json import json_object
from icpsim.report.tables import say, table
from icpsim.report.words import UNKNOWN, effect, label, percent, words

ANSWERS = {True: "yes", False: "no", None: UNKNOWN}
LEGEND = (
    "sign: right or wrong, where the observed interval leaves out no effect",
    "width: of the predicted interval, over that of the observed one",
    "no effect, carried over: skill against predicting no effect, or the pilots'",
    "published effects (calibration/targets.csv); 1 perfect, 0 no better",
)


def print_scores(console: Console, scored: Sequence[StudyScores]) -> None:
    """Print every study's tables and sentences, then all rows together."""
    for study in scored:
        head = f"{study.study}, by scenario {study.scenario}   {replicates(study.replicates)}, seed {study.seed}"
        say(console, head, style="bold")
        console.print(coverage_table(study.rows))
        console.print()
        console.print(skill_table(study.rows))
        lines = [*(f"  {line}" for line in LEGEND), "", *(sentence(row) for row in study.rows)]
        say(console, *lines, *(f"warning: {text}" for text in study.warnings), "")
    say(console, *summary_lines(summary_of(scored)), *held_out_lines(scored))


def coverage_table(rows: Sequence[ScoredRow]) -> Table:
    """Observed beside predicted, each with its 90% interval; whether it is inside and the sign is right."""
    found = _table("", "observed (90%)", "predicted (90%)", "inside", "sign")
    for row, score in ((line.target, line.score) for line in rows):
        found.add_row(
            _short(row),
            _interval(row.measure, score.observed, score.observed_low, score.observed_high),
            _interval(row.measure, score.predicted, score.predicted_low, score.predicted_high),
            ANSWERS[score.covered],
            ANSWERS[score.sign_right] if score.sign_clear else UNKNOWN,
        )
    return found


def skill_table(rows: Sequence[ScoredRow]) -> Table:
    """Width of the predicted interval, and skill of point and interval against both references."""
    found = _table("", "width", "no effect:\npoint", "\ninterval", "carried over:\npoint", "\ninterval")
    for row, score in ((line.target, line.score) for line in rows):
        skills = [*_skills(score.no_effect), *_skills(score.carry_over)]
        found.add_row(_short(row), _number(score.width_ratio, ".1f"), *skills)
    return found


def sentence(line: ScoredRow) -> str:
    """Say in plain words what one published effect says of the prediction, and what the row itself rests on."""
    row, score = line.target, line.score
    name = label(row.outcome)
    observed, mean, low, high = (
        effect(row.measure, value, 1)
        for value in (score.observed, score.predicted, score.predicted_low, score.predicted_high)
    )
    text = f"{capital(name)}: {observed} was found; "
    if score.covered is None:
        return f"{text}the simulation gives no interval for it. {_basis(line)}"
    where = "inside" if score.covered else "above" if score.error < 0 else "below"
    text += f"the simulation predicts {mean}, in 9 of 10 evaluations between {low} and {high}. "
    text += f"What was found lies {where}{'' if score.covered else ' that'}. "
    if not score.sign_clear:
        text += "Which way the effect goes is not clear from what was found. "
    else:
        text += f"The sign is {'right' if score.sign_right else 'wrong'}. "
    text += f"{_nearer(row.measure, score)} {_basis(line)}"
    return text


def summary_lines(summary: Summary) -> Iterator[str]:
    """Say coverage, signs and mean skill over all rows."""
    if not summary.rows:
        yield "No published effect has a prediction with an interval."
        return
    ends = " to ".join(percent(x).removeprefix("+") for x in (summary.coverage_low, summary.coverage_high))
    yield (
        f"All {summary.rows} published effects: {summary.covered} covered by their 90% intervals"
        f" ({percent(summary.coverage).removeprefix('+')}; 90% interval of that share {ends},"
        " as if effects were independent; those of one study are not)."
    )
    yield f"Sign right in {summary.signs_right} of {summary.clear} whose published sign is clear."
    for name, point, interval in (
        ("no effect", summary.no_effect_error_skill, summary.no_effect_interval_skill),
        ("carrying the pilots' effects over", summary.carry_over_error_skill, summary.carry_over_interval_skill),
    ):
        yield f"Mean skill against {name}: point {_number(point)}, interval {_number(interval)}."


def held_out_lines(scored: Sequence[StudyScores]) -> Iterator[str]:
    """Say how many rows are held out, and what only those say."""
    rows = [row for study in scored for row in study.rows]
    held = sum(row.held_out for row in rows)
    if held == len(rows):
        yield "All are held out: nothing was fitted to results of the same patients."
        return
    yield f"Held out: {held} of {len(rows)}; the others share patients with results that can be fitted (--fitted)."
    if held:
        yield "Those held out alone:"
        yield from summary_lines(summary_of(scored, held_out=True))


def as_object(scored: Sequence[StudyScores]) -> dict[str, Any]:
    """Plain values of all scores; unknown numbers are null."""
    value = {
        "studies": [
            {
                **{name: getattr(study, name) for name in ("study", "scenario", "title", "version")},
                "seed": study.seed,
                "replicates": study.replicates,
                "rows": [
                    asdict(row.target) | asdict(row.score) | {"held_out": row.held_out} for row in study.rows
                ],
                "warnings": study.warnings,
            }
            for study in scored
        ],
        "summary": summary_of(scored),
        "summary_held_out": summary_of(scored, held_out=True),
    }
    return json_object(value)


def _table(*headings: str) -> Table:
    return table(headings, show_edge=False, padding=(0, 1, 0, 0))


def _short(row: ValidationTarget) -> str:
    return words(row.outcome)


def _interval(measure: str, value: float, low: float, high: float) -> str:
    ends = " to ".join(effect(measure, end).replace("%", "").replace("£", "") for end in (low, high))
    return f"{effect(measure, value)} ({ends})" if math.isfinite(low) else effect(measure, value)


def _skills(reference: ReferenceScore | None) -> tuple[str, str]:
    if reference is None:
        return UNKNOWN, UNKNOWN
    return _number(reference.error_skill), _number(reference.interval_skill)


def _number(value: float, form: str = "+.2f") -> str:
    return format(value, form) if math.isfinite(value) else UNKNOWN


def _nearer(measure: str, score: RowScore) -> str:
    text = [f"It is {_than(score.no_effect.error_skill)} 'no effect'"]
    if score.carry_over is not None:
        carried = effect(measure, score.carry_over.value)
        text.append(f"{_than(score.carry_over.error_skill)} the pilots' {carried} carried over")
    return f"{' and '.join(text)}."


def _than(skill: float) -> str:
    return "nearer than" if skill > 0 else "no nearer than"


def _basis(line: ScoredRow) -> str:
    row = line.target
    basis = f"Tags: value {row.tag}, error {row.se_tag}."
    if not line.held_out:
        basis += f" NOT HELD OUT: {', '.join(row.shares_data_with)} can be fitted."
    return basis

"""``icpsim records`` and ``icpsim evaluate``: hospital records out, and the evaluation on anybody's records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import icpsim
from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json, print_rows, progress_bar

if TYPE_CHECKING:
    from icpsim.evaluation.types import Evaluation
    from icpsim.records.schema import Extract


class ExtractKind(StrEnum):
    """What ``--extract`` takes, as :data:`icpsim.records.schema.Extract` has it."""

    PRACTICE = "practice"
    NATIONAL = "national"


@answered
def write_records(
    scenario: options.ScenarioName,
    out: Annotated[Path, typer.Option(help="New folder for the tables (Parquet).")],
    replicate: Annotated[int, typer.Option(min=0, help="Which replicate.")] = 0,
    seed: options.FileSeed = None,
    settings: options.Settings = None,
) -> None:
    """Simulate one replicate and write its HES-shaped records: one Parquet file a table.

    Its mechanisms are its draw of the posterior, as in a study.
    """
    from icpsim.records.parquet import write_parquet
    from icpsim.report.folder import MARKER, put_in_place
    from icpsim.scenario.schema import load

    chosen = load(scenario, settings or ())

    from icpsim.inference.posterior import drawn_scenario
    from icpsim.questions.run.replicate import simulate_records

    with put_in_place(out) as fresh, progress_bar(shown=True) as progress:
        progress(0, 2, "simulating")
        number = chosen.run.seed if seed is None else seed
        records = simulate_records(drawn_scenario(chosen, number, replicate), number, replicate)
        progress(1, 2, "writing records")
        write_parquet(records, fresh)
        run = {"icpsim": icpsim.__version__, "scenario": chosen.scenario, "seed": number, "replicate": replicate}
        (fresh / MARKER).write_text(json.dumps(run) + "\n", encoding="utf-8")
    typer.echo(f"Written: {out} ({len(records.registrations):,} people, {len(records.spells):,} spells)")


@answered
def evaluate_records(
    folder: Annotated[Path, typer.Argument(help="Folder of HES-shaped tables (see `icpsim records`).")],
    min_age: Annotated[int, typer.Option(min=0, help="Youngest case, years.")] = 50,
    controls: Annotated[int, typer.Option(min=1, help="Controls sought for each case.")] = 5,
    extract: Annotated[
        ExtractKind | None,
        typer.Option(
            help="practice: nothing is seen of people after they leave their practice; national: hospital"
            " events go on. Default: what the files say, or practice."
        ),
    ] = None,
    without_record: Annotated[
        float,
        typer.Option(
            min=0.01,
            max=1.0,
            help="Share looked at of possible controls without an emergency, chemotherapy or repeat-day-care"
            " record in two years; 1 looks at all, which takes longer.",
        ),
    ] = 0.2,
    as_json: options.Json = False,
) -> None:
    """Evaluate records, simulated or your own extract: match controls, compare six months before and after."""
    from icpsim.evaluation.evaluate import evaluate
    from icpsim.evaluation.types import EvaluationDesign
    from icpsim.model.parameters import load_parameters
    from icpsim.records.checks import check
    from icpsim.records.parquet import RecordsError, read_parquet

    records = read_parquet(folder)
    problems = check(records)
    if problems:
        raise RecordsError("\n".join(f"{folder}: {problem}" for problem in problems))
    if extract is not None:
        records = replace(records, extract=extract.value)
    design = EvaluationDesign(min_age=min_age, controls_per_case=controls, screen_share=without_record)
    found = evaluate(records, design, load_parameters().prices)
    _print(found, records.extract, without_record, as_json)


def _print(found: Evaluation, extract: Extract, share: float, as_json: bool) -> None:
    from icpsim.report.as_json import json_object
    from icpsim.report.words import effect, interval, label

    rows: list[dict[str, Any]] = []
    for row in found.effects:
        estimate, low, high = interval(row.measure, row.estimate, row.se)
        rows.append(
            {
                "outcome": row.outcome,
                "measure": row.measure,
                "estimated": estimate,
                "estimated_low": low,
                "estimated_high": high,
                "corrected": interval(row.measure, row.corrected, row.corrected_se)[0],
                "before_cases": row.before_cases,
                "after_cases": row.after_cases,
                "before_controls": row.before_controls,
                "after_controls": row.after_controls,
            }
        )
    if as_json:
        deaths = {"cases": found.deaths_cases, "controls": found.deaths_controls}
        whole = {"cases": found.cases, "controls": found.controls, "outcomes": rows, "deaths": deaths}
        whole |= {"extract": extract, "without_record": share, "cases_left_out": found.cases_left_out}
        whole |= {"controls_left_out": found.controls_left_out, "cases_unmatched": found.cases_unmatched}
        print_json(json_object(whole | {"support": found.support, "warnings": found.warnings}))
        return
    shown = [
        {
            "outcome": label(row["outcome"]),
            "estimated": f"{effect(row['measure'], row['estimated'], 1)} "
            f"({effect(row['measure'], row['estimated_low'], 1)} to "
            f"{effect(row['measure'], row['estimated_high'], 1)})",
            "corrected": effect(row["measure"], row["corrected"], 1),
            **{name: f"{row[name]:,.2f}" for name in row if name.startswith(("before", "after"))},
        }
        for row in rows
    ]
    headings = {
        "outcome": "per patient, six months",
        "estimated": "estimated (90% interval)",
        "corrected": "corrected",
        "before_cases": "cases before",
        "after_cases": "after",
        "before_controls": "controls before",
        "after_controls": "after",
    }
    print_rows(f"{found.cases:,} cases, {found.controls:,} controls", shown, headings, ("outcome", "estimated"))
    typer.echo(f"deaths within the window: cases {found.deaths_cases:.1%}, controls {found.deaths_controls:.1%}")
    for line in _left_out(found, extract, share):
        typer.echo(line)


def _left_out(found: Evaluation, extract: Extract, share: float) -> Iterator[str]:
    """Say who was left out because no whole window is seen, and what to look out for."""
    kind = {
        "practice": "nothing is seen of people who are on no list",
        "national": "hospital events go on when people leave their practice",
    }
    yield f"taken as a {extract} extract: {kind[extract]}"
    if share < 1.0:
        yield (
            "of possible controls without an emergency, chemotherapy or repeat-day-care record in two years"
            f" {share:.0%} were looked at, chosen by what their records hold; `--without-record 1` looks at all"
        )
    for who, out in (("cases", found.cases_left_out), ("possible controls", found.controls_left_out)):
        if out.total:
            yield f"{who} left out: {out}"
    if found.cases_unmatched:
        yield f"cases without a control, left out: {found.cases_unmatched:,}"
    yield from (f"warning: {text}" for text in found.warnings)

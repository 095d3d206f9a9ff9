"""``icpsim records`` and ``icpsim evaluate``: hospital records out, and the evaluation on anybody's records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import icpsim
from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json, print_rows, progress_bar

if TYPE_CHECKING:
    from icpsim.evaluation.types import Evaluation


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
    design = EvaluationDesign(min_age=min_age, controls_per_case=controls)
    _print(evaluate(records, design, load_parameters().prices), as_json)


def _print(found: Evaluation, as_json: bool) -> None:
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

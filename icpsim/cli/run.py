"""``icpsim run``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, tell, working

if TYPE_CHECKING:
    from icpsim.questions.run.answer import StudyResult
    from icpsim.scenario.schema import Scenario


@answered
def run_scenario(
    scenario: options.ScenarioName,
    replicates: options.Replicates = None,
    seed: options.FileSeed = None,
    settings: options.Settings = None,
    workers: options.Workers = None,
    backend: options.On = options.Backend.LOCAL,
    scheduler: options.Scheduler = None,
    draws: options.Draws = True,
    work: options.Work = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Simulate a scenario, evaluate it as the published evaluation did, and compare."""
    from icpsim.scenario.schema import load

    chosen = load(scenario, [*(settings or ()), *_run_settings(replicates, seed)])

    from icpsim.questions.run.study import run_study

    with working(out, as_json) as progress:
        place = options.where(workers, backend, scheduler)
        result = run_study(chosen, chosen.run.replicates, chosen.run.seed, place, progress, draws, work)
    told = dict.fromkeys([*result.warnings, *_range_warnings(chosen)])
    _report(replace(result, warnings=tuple(told)), chosen, out, as_json)


def _run_settings(replicates: int | None, seed: int | None) -> list[str]:
    given = {"run.replicates": replicates, "run.seed": seed}
    return [f"{key}={value}" for key, value in given.items() if value is not None]


def _range_warnings(scenario: Scenario) -> list[str]:
    from icpsim.data.tables import load_tables

    parts = [scenario.parameters, *(programme.parameters for programme in scenario.programmes)]
    return [warning for part in parts for warning in load_tables(part).warnings()]


def _report(result: StudyResult, scenario: Scenario, out: Path | None, as_json: bool) -> None:
    from icpsim.questions.run.show_folder import write_folder
    from icpsim.questions.run.show_json import as_object
    from icpsim.questions.run.show_picture import write_picture
    from icpsim.questions.run.show_table import print_study

    def show() -> None:
        print_study(console(), result, scenario.observed)
        if out is None:
            picture = Path(f"icpsim-{scenario.scenario}.png")
            write_picture(result, picture)
            typer.echo(f"Picture: {picture}")

    written = as_object(result, scenario.observed)
    tell(out, as_json, written, show, lambda folder: write_folder(folder, result, scenario.to_yaml()))

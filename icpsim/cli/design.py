"""``icpsim design``: what your evaluation would be able to see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, print_json, progress_bar

if TYPE_CHECKING:
    from icpsim.questions.designs.answer import DesignStudy


@answered
def try_out_designs(
    scenario: options.ScenarioName,
    designs: Annotated[
        list[str] | None, typer.Option("--design", help="Designs by name; may be repeated. Default: all possible.")
    ] = None,
    windows: Annotated[
        list[int] | None,
        typer.Option("--window", help="Weeks of follow-up; may be repeated. Default: 13, 26, 52."),
    ] = None,
    settings: options.Settings = None,
    check_size: Annotated[
        int | None,
        typer.Option(
            min=2, max=16, help="Simulate again with so many times the sites: does the law of sizes hold?"
        ),
    ] = None,
    outcome: Annotated[str, typer.Option(help="Outcome that is shown.")] = "emergency_admissions",
    replicates: options.Replicates = None,
    seed: options.FileSeed = None,
    workers: options.Workers = None,
    backend: options.On = options.Backend.LOCAL,
    scheduler: options.Scheduler = None,
    draws: options.Draws = True,
    work: options.Work = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Tell each evaluation design's bias, coverage and power for a planned programme, against the known truth."""
    from icpsim.data.tables import nearest
    from icpsim.evaluation.outcomes import OUTCOMES
    from icpsim.questions.designs.answer import try_designs
    from icpsim.questions.errors import LaboratoryError
    from icpsim.report.folder import check_folder
    from icpsim.scenario.schema import load

    if outcome not in OUTCOMES:
        raise LaboratoryError(f"--outcome {outcome}: there are {', '.join(OUTCOMES)}{nearest(outcome, OUTCOMES)}")
    planned = load(scenario, settings or ())
    if out is not None:
        check_folder(out)
    place = options.where(workers, backend, scheduler)
    with progress_bar(shown=not as_json) as progress:
        study = try_designs(
            planned,
            replicates or planned.run.replicates,
            planned.run.seed if seed is None else seed,
            place,
            progress,
            designs=designs or (),
            windows=windows or (),
            drawn=draws,
            work=work,
            check_size=check_size,
        )
    _tell(study, outcome, out, as_json)


def _tell(study: DesignStudy, outcome: str, out: Path | None, as_json: bool) -> None:
    """Write the folder if one is named; print the answer, or one JSON object."""
    if out is not None:
        from icpsim.questions.designs.show_folder import write_designs

        write_designs(out, study, outcome)
    if as_json:
        from icpsim.questions.designs.show_folder import as_object

        print_json(as_object(study, outcome))
        return
    from icpsim.questions.designs.show_tables import print_designs

    print_designs(console(), study, outcome)
    if out is not None:
        typer.echo(f"Written: {out}")

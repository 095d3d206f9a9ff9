"""``icpsim sensitivity``: which uncertain inputs move the results, and how much of what moves is chance."""

from __future__ import annotations

from typing import Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, print_json, progress_bar

Varied = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        help="A parameter, key=lo:hi, key=v1,v2,..., a table (mechanisms) or a role (price); may be repeated."
        " Default: the calibrated mechanisms that act.",
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        help="What is to be explained; may be repeated. Default: admissions avoided, net cost and the true effect"
        " on emergency admissions. A wrong name lists all.",
    ),
]
Source = Annotated[
    str, typer.Option("--from", help="prior: inputs over their ranges; posterior: as the calibration left them.")
]


@answered
def explain_by_inputs(
    scenario: options.ScenarioName,
    method: Annotated[str, typer.Option(help="morris, sobol, morris+sobol, pawn or delta.")] = "morris",
    outcomes: Outcomes = None,
    samples: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Morris trajectories (default 10), Sobol base samples (a power of two; 64), or points (500).",
        ),
    ] = None,
    trajectories: Annotated[
        int | None, typer.Option(min=4, help="Morris trajectories of morris+sobol. Default: 10.")
    ] = None,
    vary: Varied = None,
    group: Annotated[
        list[str] | None, typer.Option(help="name=key,key,...: inputs that are moved together; may be repeated.")
    ] = None,
    source: Source = "prior",
    settings: options.Settings = None,
    replicates: options.EachReplicates = 4,
    seed: options.FileSeed = None,
    workers: options.Workers = None,
    backend: options.On = options.Backend.LOCAL,
    scheduler: options.Scheduler = None,
    work: options.Work = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Tell which uncertain inputs move the results, and how much of what moves is chance."""
    from dataclasses import replace

    from icpsim.questions.sensitivity.ask import (
        about_simulation,
        ask_sensitivity,
        check_asked,
        read_space,
        simulation,
    )
    from icpsim.questions.sensitivity.show_terminal import as_object, print_sensitivity
    from icpsim.report.folder import check_folder
    from icpsim.scenario.schema import load

    base = load(scenario, settings or ())
    space = read_space(base, vary or (), group or ())
    check_asked(method, source, samples, space)
    model = simulation(base, space, outcomes or (), seed)
    about = about_simulation(base, replicates or 4, model.seed)
    if out is not None:
        check_folder(out)
    place = options.where(workers, backend, scheduler)
    with progress_bar(shown=not as_json) as progress:
        model = replace(model, workers=place, progress=progress, work=work)
        found = ask_sensitivity(model, about, method, samples, source, trajectories)
    if out is not None:
        from icpsim.questions.sensitivity.show_folder import write_sensitivity

        write_sensitivity(out, found)
    if as_json:
        print_json(as_object(found))
        return
    print_sensitivity(console(), found)
    if out is not None:
        typer.echo(f"Written: {out}")

"""``icpsim sweep``: a grid of settings on the same people and draws, and the front of cost and admissions."""

from __future__ import annotations

from typing import Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, print_json, progress_bar


@answered
def sweep_scenario(
    scenario: options.ScenarioName,
    vary: Annotated[
        list[str], typer.Option("--vary", help="key=v1,v2,... or key=from:to:step; may be repeated for a grid.")
    ],
    settings: options.Settings = None,
    replicates: options.Replicates = None,
    seed: options.FileSeed = None,
    workers: options.Workers = None,
    backend: options.On = options.Backend.LOCAL,
    scheduler: options.Scheduler = None,
    draws: options.Draws = True,
    evaluate: Annotated[bool, typer.Option(help="Match controls and estimate effects in every cell.")] = False,
    work: options.Work = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Vary settings over a grid: net cost against emergency admissions, and which cells none beats."""
    from icpsim.questions.compare.answer import answer
    from icpsim.questions.compare.runs import compare
    from icpsim.questions.compare.show_sweep import print_sweep, sweep_object, write_sweep
    from icpsim.questions.compare.sweep import grid_arms, policies
    from icpsim.report.folder import check_folder

    arms = grid_arms(scenario, vary, settings or ())
    if out is not None:
        check_folder(out)
    run = arms[0].scenario.run
    n, first = replicates or run.replicates, run.seed if seed is None else seed
    place = options.where(workers, backend, scheduler)
    with progress_bar(shown=not as_json) as progress:
        found = compare(
            arms,
            n,
            first,
            place,
            progress,
            drawn=draws,
            evaluated=evaluate,
            work=work,
        )
    told = answer(found, f"{arms[0].scenario.title}: {', '.join(text.partition('=')[0] for text in vary)} varied")
    front = policies(found)
    if out is not None:
        write_sweep(out, told, found, front)
    if as_json:
        print_json(sweep_object(told, front))
        return
    print_sweep(console(), told, front)
    if out is not None:
        typer.echo(f"Written: {out}")

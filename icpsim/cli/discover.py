"""``icpsim discover``: which combinations of uncertain inputs make a policy fail."""

from __future__ import annotations

from typing import Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, print_json, progress_bar
from icpsim.cli.sensitivity import Source, Varied


@answered
def discover_failures(
    scenario: options.ScenarioName,
    fails: Annotated[
        str, typer.Option(help="When the policy fails: outcome>limit or outcome<limit. A wrong name lists them.")
    ] = "net_cost>0",
    samples: Annotated[int, typer.Option(min=1, help="Points; half find boxes, the others judge them.")] = 500,
    vary: Varied = None,
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
    """Find the combinations of uncertain inputs in which a policy fails, though it may be good on average."""
    from dataclasses import replace

    from icpsim.questions.sensitivity.ask import about_simulation, read_space, simulation
    from icpsim.questions.sensitivity.discovery import discover, read_fails
    from icpsim.questions.sensitivity.outcomes import UNITS
    from icpsim.questions.sensitivity.show_discovery import discovery_object, print_discovery
    from icpsim.questions.sensitivity.sources import check_source
    from icpsim.report.folder import check_folder
    from icpsim.scenario.schema import load

    base = load(scenario, settings or ())
    check_source(source, "delta")
    when = read_fails(fails)
    model = simulation(base, read_space(base, vary or (), ()), [when.outcome], seed)
    about = about_simulation(base, replicates or 4, model.seed)
    if out is not None:
        check_folder(out)
    place = options.where(workers, backend, scheduler)
    with progress_bar(shown=not as_json) as progress:
        model = replace(model, workers=place, progress=progress, work=work)
        found = discover(model, about, when, samples, source, UNITS[when.outcome])
    if out is not None:
        from icpsim.questions.sensitivity.show_discovery_folder import write_discovery

        write_discovery(out, found)
    if as_json:
        print_json(discovery_object(found))
        return
    print_discovery(console(), found)
    if out is not None:
        typer.echo(f"Written: {out}")

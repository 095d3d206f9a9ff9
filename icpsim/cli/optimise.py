"""``icpsim optimise``: the best policy within a budget and a staff limit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, print_json, progress_bar

if TYPE_CHECKING:
    from icpsim.questions.compare.best import Found, Search


@answered
def find_best_policy(
    scenario: options.ScenarioName,
    choose: Annotated[
        list[str], typer.Option("--choose", help="key=v1,v2,... or key=lo:hi; what may be chosen; repeat it.")
    ],
    objective: Annotated[
        str, typer.Option(help="admissions_avoided (most), net_cost or whole_system_cost (least).")
    ] = "admissions_avoided",
    budget: Annotated[
        float | None, typer.Option(min=0.0, help="Most that the programme may cost, pounds a year.")
    ] = None,
    staff: Annotated[int | None, typer.Option(min=0, help="Most posts over all sites.")] = None,
    trials: Annotated[int, typer.Option(min=1, help="Settings to try.")] = 40,
    batch: Annotated[int, typer.Option(min=1, help="Settings simulated together; part of the search.")] = 8,
    settings: options.Settings = None,
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
    """Find the setting that does best within limits, then try it again on draws that the search has not seen."""
    from icpsim.questions.compare.best import Limits, Search, find_best
    from icpsim.questions.compare.search_space import parse_space
    from icpsim.report.folder import check_folder
    from icpsim.scenario.schema import load

    base = load(scenario, settings or ())
    space = parse_space(choose)
    if out is not None:
        check_folder(out)
    task = Search(
        scenario,
        tuple(settings or ()),
        objective,
        Limits(budget, staff),
        replicates or base.run.replicates,
        trials,
        batch,
        base.run.seed if seed is None else seed,
        draws,
    )
    place = options.where(workers, backend, scheduler)
    with progress_bar(shown=not as_json) as progress:
        found = find_best(task, space, place, progress, work)
    _tell(task, found, base.title, out, as_json)


def _tell(task: Search, found: Found, name: str, out: Path | None, as_json: bool) -> None:
    """Write the folder if one is named; print the answer, or one JSON object."""
    from icpsim.questions.compare.answer import answer
    from icpsim.questions.compare.show_best import best_object, print_best

    title = f"{name}: the best found against the scenario as it is, on draws the search has not seen"
    told = None if found.again is None else answer(found.again, title)
    if out is not None and told is not None and found.again is not None:
        from icpsim.questions.compare.show_folder import write_answer

        write_answer(out, told, found.again)
    if as_json:
        print_json(best_object(task, found, told))
        return
    print_best(console(), task, found, told)
    if out is not None and told is not None:
        typer.echo(f"Written: {out}")

"""``icpsim decide``: which option to choose over the posterior, and what it is worth to know more before."""

from __future__ import annotations

from typing import Annotated

import typer

from icpsim.cli.answers import answered
from icpsim.cli.arms import Json, Out, Replicates, Seed, Settings, Work, Workers
from icpsim.cli.machine import cores
from icpsim.cli.printing import console, print_json, progress_bar


@answered
def decide_between(
    scenarios: Annotated[list[str], typer.Argument(help="Options: SCENARIO or LABEL=SCENARIO.")],
    settings: Settings = None,
    or_nothing: Annotated[bool, typer.Option(help="Whether no programme is an option too.")] = True,
    threshold: Annotated[
        list[float] | None,
        typer.Option(
            help="Pounds worth paying for each emergency admission avoided; may be repeated. Default: 0 (money"
            " alone) and what an emergency admission costs."
        ),
    ] = None,
    view: Annotated[
        str, typer.Option(help="Whose money: commissioner, hospital, 'general practice' or 'whole system'.")
    ] = "commissioner",
    years: Annotated[int, typer.Option(min=1, help="Years for which the decision holds, discounted.")] = 1,
    people: Annotated[
        int | None,
        typer.Option(min=1, help="People for whom it is made. Default: those on the programmes' lists."),
    ] = None,
    replicates: Replicates = None,
    seed: Seed = None,
    workers: Workers = None,
    work: Work = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Weigh options by net benefit over the posterior: acceptability, and the value of perfect information."""
    from icpsim.comparison.arms import read_arm
    from icpsim.comparison.decide import check_decision, decide, read_view
    from icpsim.comparison.runs import compare
    from icpsim.report.folder import check_folder

    whose = read_view(view)
    arms = [read_arm(text, settings or ()) for text in scenarios]
    run = arms[0].scenario.run
    count = replicates or run.replicates
    check_decision(len(arms), or_nothing, count, threshold or ())
    if out is not None:
        check_folder(out)
    with progress_bar(shown=not as_json) as progress:
        found = compare(
            arms,
            count,
            run.seed if seed is None else seed,
            workers or cores(),
            progress,
            evaluated=False,
            work=work,
        )
    names = [*(["no programme"] if or_nothing else []), *(arm.label for arm in arms)]
    told = decide(
        found,
        f"Which: {' or '.join(names)}?",
        threshold or (),
        whose,
        or_nothing=or_nothing,
        years=years,
        people=people,
    )
    if out is not None:
        from icpsim.report.decision.folder import write_decision

        write_decision(out, told, found)
    if as_json:
        from icpsim.report.decision.answer import as_object

        print_json(as_object(told))
        return
    from icpsim.report.decision.answer import print_decision

    print_decision(console(), told)
    if out is not None:
        typer.echo(f"Written: {out}")

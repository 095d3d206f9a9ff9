"""``icpsim decide``: which option to choose over the posterior, and what it is worth to know more before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, print_json, progress_bar

if TYPE_CHECKING:
    from icpsim.questions.compare.arms import Arm
    from icpsim.questions.compare.runs import Comparison
    from icpsim.questions.decide.answer import DecisionAnswer

Options = Annotated[list[str] | None, typer.Argument(help="Options: SCENARIO or LABEL=SCENARIO.")]
WhatIf = Annotated[
    str | None, typer.Option("--what-if", help="A what-if, by name or file: its arms are options, too.")
]
OrNothing = Annotated[bool, typer.Option(help="Whether no programme is an option too.")]
Thresholds = Annotated[
    list[float] | None,
    typer.Option(
        help="Pounds worth paying for each emergency admission avoided; may be repeated. Default: 0 (money alone)"
        " and what an emergency admission costs."
    ),
]
Whose = Annotated[
    str,
    typer.Option(
        help="Whose money: commissioner, hospital, 'community provider', 'general practice' or 'whole system'."
    ),
]
Years = Annotated[int, typer.Option(min=1, help="Years for which the decision holds, discounted.")]
People = Annotated[
    int | None, typer.Option(min=1, help="People for whom it is made. Default: those on the programmes' lists.")
]


@answered
def decide_between(
    scenarios: Options = None,
    what_if: WhatIf = None,
    settings: options.ArmSettings = None,
    or_nothing: OrNothing = True,
    threshold: Thresholds = None,
    view: Whose = "commissioner",
    years: Years = 1,
    people: People = None,
    replicates: options.EachReplicates = None,
    seed: options.FileSeed = None,
    workers: options.Workers = None,
    backend: options.On = options.Backend.LOCAL,
    scheduler: options.Scheduler = None,
    work: options.Work = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Weigh options by net benefit over the posterior: acceptability, and the value of perfect information."""
    from icpsim.questions.compare.runs import compare
    from icpsim.questions.decide.answer import check_decision, decide, read_view
    from icpsim.report.folder import check_folder

    whose, thresholds = read_view(view), threshold or ()
    arms, question, usual, first = _asked(scenarios or (), what_if, settings or (), or_nothing)
    count = replicates or usual
    check_decision(len(arms), or_nothing, count, thresholds)
    if out is not None:
        check_folder(out)
    kept = first if seed is None else seed
    place = options.where(workers, backend, scheduler)
    with progress_bar(shown=not as_json) as progress:
        found = compare(arms, count, kept, place, progress, evaluated=False, work=work)
    told = decide(found, question, thresholds, whose, or_nothing=or_nothing, years=years, people=people)
    _tell(told, found, out, as_json)


def _asked(
    scenarios: Sequence[str], what_if: str | None, settings: Sequence[str], or_nothing: bool
) -> tuple[list[Arm], str, int, int]:
    """Return the options, the question in words, and the usual replicates and seed."""
    from icpsim.questions.compare.arms import read_arm
    from icpsim.questions.compare.what_if import load_what_if
    from icpsim.questions.errors import ComparisonError

    arms = [read_arm(text, settings) for text in scenarios]
    if what_if is not None:
        asked = load_what_if(what_if, settings)
        question, run = asked.what_if.question, asked.what_if
        return [*asked.arms, *arms], question, run.replicates, run.seed
    if not arms:
        raise ComparisonError("no option is named: give SCENARIO or LABEL=SCENARIO, or --what-if NAME")
    names = [*(["no programme"] if or_nothing else []), *(arm.label for arm in arms)]
    own = arms[0].scenario.run
    return arms, f"Which: {' or '.join(names)}?", own.replicates, own.seed


def _tell(told: DecisionAnswer, found: Comparison, out: Path | None, as_json: bool) -> None:
    from icpsim.questions.decide.show_terminal import as_object, print_decision

    if out is not None:
        from icpsim.questions.decide.show_folder import write_decision

        write_decision(out, told, found)
    if as_json:
        print_json(as_object(told))
        return
    print_decision(console(), told)
    if out is not None:
        typer.echo(f"Written: {out}")

"""``icpsim what-if``: questions that come with icpsim, or a file with one of your own."""

from __future__ import annotations

from typing import Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.arms import ask


@answered
def answer_what_if(
    name: Annotated[str | None, typer.Argument(help="Name of a what-if or a file; none: list them.")] = None,
    replicates: options.Replicates = None,
    seed: options.FileSeed = None,
    workers: options.Workers = None,
    backend: options.On = options.Backend.LOCAL,
    scheduler: options.Scheduler = None,
    draws: options.Draws = True,
    waterfall: options.Waterfall = 0,
    work: options.Work = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Answer a what-if: its question, its arms side by side, and what follows in words."""
    from icpsim.questions.compare.what_if import load_what_if, what_if_names

    if name is None:
        _list(what_if_names(), as_json)
        return
    question = load_what_if(name)
    asked = question.what_if
    ask(
        question.arms,
        asked.question,
        replicates or asked.replicates,
        asked.seed if seed is None else seed,
        outcome=asked.outcome,
        workers=options.where(workers, backend, scheduler),
        draws=draws,
        evaluate=asked.evaluated,
        waterfall=waterfall or asked.waterfall,
        work=work,
        out=out,
        as_json=as_json,
    )


def _list(names: list[str], as_json: bool) -> None:
    from icpsim.cli.printing import print_json, print_rows
    from icpsim.questions.compare.what_if import load_what_if

    found = [load_what_if(name) for name in names]
    rows = [
        {"name": one.what_if.what_if, "question": one.what_if.question, "arms": len(one.arms)} for one in found
    ]
    if as_json:
        print_json({"what_ifs": rows})
    else:
        print_rows("What-ifs", rows, {"name": "name", "question": "question", "arms": "arms"}, ("name",))

"""Options and endings that the commands about several arms share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from icpsim.cli.printing import console, print_json, progress_bar

if TYPE_CHECKING:
    from icpsim.questions.compare.arms import Arm
    from icpsim.runs.engine import Workers as Where


def ask(
    arms: Sequence[Arm],
    title: str,
    replicates: int,
    seed: int,
    *,
    outcome: str = "emergency_admissions",
    workers: Where,
    draws: bool = True,
    evaluate: bool = True,
    waterfall: int = 0,
    work: Path | None = None,
    out: Path | None = None,
    as_json: bool = False,
) -> None:
    """Simulate arms, work out the answer, and tell it: on the terminal or as JSON, and as a folder if named."""
    from icpsim.questions.compare.answer import answer
    from icpsim.questions.compare.drivers import drive
    from icpsim.questions.compare.runs import compare
    from icpsim.report.folder import check_folder

    if out is not None:
        check_folder(out)
    n = workers
    with progress_bar(shown=not as_json) as progress:
        found = compare(arms, replicates, seed, n, progress, drawn=draws, evaluated=evaluate, work=work)
        driven = None
        if waterfall:
            driven = drive(arms, min(waterfall, replicates), seed, n, progress, drawn=draws, work=work)
    told = answer(found, title, outcome, driven)
    if out is not None:
        from icpsim.questions.compare.show_folder import write_answer

        write_answer(out, told, found)
    if as_json:
        from icpsim.questions.compare.show_terminal import as_object

        print_json(as_object(told))
        return
    from icpsim.questions.compare.show_terminal import print_answer

    print_answer(console(), told)
    if out is not None:
        typer.echo(f"Written: {out}")

"""``icpsim trace``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json, progress_bar

PICTURES = (".png", ".svg")


@answered
def trace_person(
    scenario: options.ScenarioName,
    person: Annotated[
        str | None, typer.Option(help="Row number from 0, or enrolled:K for the K-th person to be enrolled.")
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help="The first enrolled person whose two lives differ.")
    ] = False,
    seed: options.Seed = 1,
    replicate: Annotated[int, typer.Option(min=0, help="Number of the replicate, from 0.")] = 0,
    settings: options.Settings = None,
    weeks: Annotated[str | None, typer.Option(help="A-B: tell and draw these weeks of the study only.")] = None,
    picture: Annotated[Path | None, typer.Option(help="File for the picture: .png or .svg.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for text, JSON, versions and picture.")] = None,
    as_json: options.Json = False,
) -> None:
    """Follow one person week by week, with and without the programme, and tell why each thing happened."""
    from icpsim.inference.posterior import drawn_scenario
    from icpsim.questions.trace.answer import trace
    from icpsim.report.folder import check_folder
    from icpsim.scenario.schema import load

    chosen = load(scenario, settings or ())
    who = _person(person, example)
    span = _weeks(weeks, chosen.study.weeks)
    _check_picture(picture)
    if out is not None:
        check_folder(out)
    with progress_bar(shown=not as_json) as progress:
        found = trace(drawn_scenario(chosen, seed, replicate), who, seed, replicate, progress)

    from icpsim.questions.trace.show_json import as_object
    from icpsim.questions.trace.show_text import printed

    if picture is not None:
        from icpsim.questions.trace.show_picture import write_picture

        write_picture(found, picture, span)
    if out is not None:
        from icpsim.questions.trace.show_folder import write_folder

        write_folder(out, found, span)
    if as_json:
        print_json(as_object(found, span))
        return
    for line in printed(found, span):
        typer.echo(line)
    for place in (picture, out):
        if place is not None:
            typer.echo(f"Written: {place}")


def _person(person: str | None, example: bool) -> str:
    from icpsim.questions.errors import PersonError
    from icpsim.questions.trace.answer import EXAMPLE, check_person

    if (person is None) != example:
        raise PersonError("name one person: --person N (a row number), --person enrolled:K, or --example")
    if person is None:
        return EXAMPLE
    check_person(person)
    return person


def _weeks(given: str | None, weeks: int) -> tuple[int, int] | None:
    from icpsim.questions.errors import PersonError

    if given is None:
        return None
    found = re.fullmatch(r"(\d{1,6})-(\d{1,6})", given)
    if found is None or not int(found[1]) <= int(found[2]) < weeks:
        raise PersonError(f"--weeks {given}: write A-B with 0 <= A <= B <= {weeks - 1}, such as 100-150")
    return int(found[1]), int(found[2])


def _check_picture(picture: Path | None) -> None:
    from icpsim.questions.errors import PersonError

    if picture is None:
        return
    if picture.suffix.lower() not in PICTURES:
        raise PersonError(f"--picture {picture}: the name should end in {' or '.join(PICTURES)}")
    if not picture.parent.is_dir() or picture.is_dir():
        raise PersonError(f"--picture {picture}: its folder should exist, and it should not be a folder itself")

"""``icpsim parameters``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill
from typing import Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import INPUT_WRONG, answered
from icpsim.cli.printing import console, print_json


@answered
def list_parameters(
    as_json: options.Json = False,
    tag: Annotated[
        list[str] | None,
        typer.Option(help="Only numbers with this tag (SEED, PAGE, RECALL, JUDGEMENT); may be repeated."),
    ] = None,
) -> None:
    """Print every number of the model with its range, unit, role, source and tag, and count them."""
    from icpsim.data.judged import DERIVED, MATCHES, NONE, matches
    from icpsim.data.tables import TAGS, load_tables, nearest

    wrong = [t for t in tag or () if t not in TAGS]
    for t in wrong:
        typer.echo(f"--tag {t}: is not one of {', '.join(TAGS)}{nearest(t.upper(), TAGS)}", err=True)
    if wrong:
        raise typer.Exit(INPUT_WRONG)
    match = matches()
    rows = [
        row | {"match": match.get(f"{row['table']}.{row['name']}", NONE)}
        for row in load_tables().rows()
        if not tag or row["tag"] in tag
    ]
    counts = {
        "tag": _counts(rows, "tag", TAGS),
        "match": _counts(rows, "match", (*MATCHES, NONE)),
        "derived": _counts([row for row in rows if DERIVED in str(row["note"])], "tag", TAGS),
    }
    if as_json:
        print_json({"parameters": rows, "counts": counts})
        return
    width = console().width
    for row in rows:
        typer.echo(f"{row['table']}.{row['name']}  {row['value']:,.8g} ({_range(row)}) {row['unit']}")
        said = f"{row['tag']}; match {row['match']}; {row['role']}. {row['source']}. {row['note']}"
        typer.echo(
            fill(
                said,
                width,
                initial_indent="    ",
                subsequent_indent="    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    typer.echo(f"\n{len(rows)} parameters.")
    typer.echo(f"By tag: {_told(counts['tag'])}.")
    typer.echo(f"Worked out of figures at the source, as the note shows: {_told(counts['derived'])}.")
    typer.echo("By match, how close a public source comes to the number (calibration/judged.csv):")
    for name, meaning in (MATCHES | {NONE: "nothing found"}).items():
        typer.echo(f"{counts['match'][name]:>6} {name}: {meaning}")


def _counts(rows: Sequence[Mapping[str, object]], column: str, values: Iterable[str]) -> dict[str, int]:
    return {value: sum(row[column] == value for row in rows) for value in values}


def _told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def _range(row: Mapping[str, object]) -> str:
    return f"{row['low']:,.8g} to {row['high']:,.8g}"

"""``icpsim parameters``."""

from __future__ import annotations

from typing import Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import INPUT_WRONG, answered
from icpsim.cli.printing import print_json, print_rows


@answered
def list_parameters(
    as_json: options.Json = False,
    tag: Annotated[
        list[str] | None,
        typer.Option(help="Only numbers with this tag (SEED, PAGE, RECALL, JUDGEMENT); may be repeated."),
    ] = None,
) -> None:
    """Print every number of the model with its range, unit, role, source and tag."""
    from icpsim.data.tables import TAGS, load_tables, nearest

    wrong = [t for t in tag or () if t not in TAGS]
    for t in wrong:
        typer.echo(f"--tag {t}: is not one of {', '.join(TAGS)}{nearest(t.upper(), TAGS)}", err=True)
    if wrong:
        raise typer.Exit(INPUT_WRONG)
    rows = [row for row in load_tables().rows() if not tag or row["tag"] in tag]
    if as_json:
        print_json({"parameters": rows})
        return
    for row in rows:
        row["parameter"] = f"{row['table']}.{row['name']}"
        row["range"] = f"{row['low']:g} to {row['high']:g}"
        row["source; note"] = f"{row['source']}; {row['note']}"
    columns = ("parameter", "value", "range", "unit", "role", "tag", "source; note")
    print_rows(f"{len(rows)} parameters", rows, {c: c for c in columns}, whole=("parameter", "range", "tag"))

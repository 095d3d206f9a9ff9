"""``icpsim version``."""

from __future__ import annotations

from typing import Annotated

import typer

from icpsim import __version__
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json


@answered
def print_version(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print the version of icpsim."""
    if as_json:
        print_json({"version": __version__})
    else:
        typer.echo(__version__)

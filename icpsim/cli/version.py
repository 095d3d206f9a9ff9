"""``icpsim version``."""

from __future__ import annotations

import typer

from icpsim import __version__
from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json


@answered
def print_version(as_json: options.Json = False) -> None:
    """Print the version of icpsim."""
    if as_json:
        print_json({"version": __version__})
    else:
        typer.echo(__version__)

"""``icpsim calibration``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, print_json


@answered
def show_calibration(
    pictures: Annotated[Path | None, typer.Option(help="Folder for its pictures.")] = None,
    as_json: options.Json = False,
) -> None:
    """Show what the published effects say of the mechanisms, and what they leave open."""
    from icpsim.inference.posterior import shipped_draws, shipped_report

    told = shipped_report()
    if as_json:
        print_json(told)
    else:
        from icpsim.questions.calibration.show_tables import print_calibration

        print_calibration(console(), told)
    if pictures is not None:
        from icpsim.questions.calibration.show_pictures import write_pictures

        for path in write_pictures(pictures, told, shipped_draws()):
            if not as_json:
                typer.echo(f"Picture: {path}")

"""``icpsim validate``."""

from __future__ import annotations

from typing import Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json


@answered
def validate_scenario(
    file: Annotated[str, typer.Argument(help="A scenario file, or the name of a scenario of icpsim.")],
    settings: options.Settings = None,
    as_json: options.Json = False,
) -> None:
    """Check a scenario file; every problem is named with its file, line and field (exit code 2)."""
    from icpsim.scenario.schema import load

    scenario = load(file, settings or ())
    sites = sum(len(p.sites) for p in scenario.programmes)
    practices = sum(p.practices for p in scenario.programmes)
    cases = sum(p.enrolment_total for p in scenario.programmes)
    if as_json:
        facts = {"sites": sites, "practices": practices, "enrolment_total": cases}
        print_json({"valid": True, "scenario": scenario.scenario, **facts})
    else:
        typer.echo(f"{file} is valid: {scenario.title}; {sites} sites, {practices} practices, {cases:,} cases")

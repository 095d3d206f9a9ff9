"""``icpsim assumptions``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json, print_rows, progress_bar

COMMAND = "uv run icpsim assumptions --write"


@answered
def log_assumptions(
    scenario: options.ScenarioName = "case-management-sites",
    seed: options.Seed = 1,
    replicates: Annotated[
        int, typer.Option(min=1, help="Replicates; what moves a headline on the first is run on the others too.")
    ] = 1,
    workers: options.Workers = None,
    work: options.KeptWork = Path("results/assumptions"),
    write: Annotated[
        bool, typer.Option("--write", help="Write docs/assumptions.md and calibration/assumptions.csv.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Move every assumed number to the ends of its range, one at a time, and list what moves a headline."""
    from icpsim.questions.assumptions.answer import one_at_a_time
    from icpsim.questions.assumptions.show_log import fitted_ranges, write_log
    from icpsim.report.as_json import json_object
    from icpsim.runs.engine import Store
    from icpsim.scenario.schema import load

    chosen = load(scenario)
    ranges = fitted_ranges(Path("calibration/natural_history/fitted.csv"))
    with progress_bar(shown=not as_json) as progress:
        store = Store(work, workers or options.cores())
        found = one_at_a_time(chosen, seed, store, progress, replicates=replicates, ranges=ranges)
    rows: list[dict[str, Any]] = [asdict(row) | {"listed": row.listed} for row in found.rows]
    if as_json:
        told = {"scenario": found.scenario, "seed": seed, "widths": found.widths, "assumptions": rows}
        print_json(json_object(told))
    else:
        headings = {"parameter": "assumption", "value": "value", "low": "low", "high": "high", "tag": "tag"}
        headings |= {"headline": "moves most", "shift": "by", "share": "share of its interval"}
        listed = [row for row in rows if row["listed"]]
        title = "Assumed numbers that move a headline by more than a tenth of its 90% interval"
        print_rows(title, listed, headings, whole=["parameter"])
        typer.echo(f"{len(listed)} of {len(rows)} assumed numbers")
        for problem in found.problems:
            typer.echo(problem)
    if write:
        write_log(found, ranges, COMMAND, Path("docs/assumptions.md"), Path("calibration/assumptions.csv"))
        if not as_json:
            typer.echo("Written: docs/assumptions.md, calibration/assumptions.csv")

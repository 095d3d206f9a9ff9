"""``icpsim england``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json, print_rows, progress_bar

if TYPE_CHECKING:
    from icpsim.questions.england.machine import ProcessUse


@answered
def simulate_england(
    weeks: Annotated[int, typer.Option(min=1, max=520, help="Weeks to count, after the run-in.")] = 52,
    share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Share of each area's practices; totals are scaled up.")
    ] = 1.0,
    seed: options.Seed = 1,
    workers: options.Workers = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="table.name=number: a parameter; may be repeated.")
    ] = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Simulate all England, area by area, and print a year's totals beside the national ones."""
    from icpsim.questions.england.country import run_england
    from icpsim.questions.england.request import request_of
    from icpsim.report.folder import check_folder

    request = request_of(weeks, share, seed, settings or ())
    if out is not None:
        check_folder(out)
    with progress_bar(shown=not as_json) as progress:
        result, uses = run_england(request, workers or options.cores(), progress)
    machine = _machine(uses)
    if out is not None:
        from icpsim.questions.england.show_folder import write_folder

        write_folder(out, result)

    from icpsim.questions.england.show_table import HEADINGS, as_object, printed_rows, summary

    if as_json:
        print_json(as_object(result) | {"machine": machine})
        return
    title = f"England: {result.weeks} weeks, given as a year of {WEEKS_PER_YEAR}, beside national totals"
    print_rows(title, list(printed_rows(result)), HEADINGS, whole=[name for name in HEADINGS if name != "source"])
    for line in summary(result):
        typer.echo(line)
    typer.echo(
        f"{machine['cpu_seconds']:.0f} s of processor time;"
        f" peak memory {machine['peak_megabytes']:,.0f} MB in {len(uses)} processes,"
        f" {machine['peak_megabytes_of_one']:,.0f} MB in the largest"
    )
    if out is not None:
        typer.echo(f"Written: {out}")


def _machine(uses: tuple[ProcessUse, ...]) -> dict[str, float]:
    peaks = [use.peak_bytes / 1e6 for use in uses]
    return {
        "cpu_seconds": sum(use.cpu_seconds for use in uses),
        "processes": len(uses),
        "peak_megabytes": sum(peaks),
        "peak_megabytes_of_one": max(peaks),
    }

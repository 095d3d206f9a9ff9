"""``icpsim calibrate natural-history``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json, print_rows, progress_bar

if TYPE_CHECKING:
    from icpsim.inference.natural_history import NaturalHistoryFit

app = typer.Typer(help="Fit the model to evidence.", no_args_is_help=True)


@app.callback()
def _calibrate() -> None:
    """Fit the model to evidence."""


@app.command("natural-history")
@answered
def calibrate_natural_history(
    practices: Annotated[int, typer.Option(min=2, help="Practices to simulate at every point.")] = 40,
    seed: Annotated[int, typer.Option(min=2, help="First of the fit's four seeds; 1 is kept for checking.")] = 101,
    steps: Annotated[int, typer.Option(min=1, help="Most steps of the search.")] = 9,
    draws: Annotated[int, typer.Option(min=2, help="Draws of the fitted uncertainty to simulate.")] = 24,
    workers: options.Workers = None,
    backend: options.On = options.Backend.LOCAL,
    scheduler: options.Scheduler = None,
    folder: Annotated[Path, typer.Option("--from", help="Folder of targets.csv and free.csv.")] = Path(
        "calibration/natural_history"
    ),
    work: options.KeptWork = Path("results/natural-history"),
    write: Annotated[
        bool, typer.Option("--write", help="Write the fit into the parameter tables and its tables into --from.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Fit levels and shapes of care without any programme to the evidence's ranges."""
    from icpsim.inference.errors import CalibrationError
    from icpsim.inference.natural_history import Settings, calibrate
    from icpsim.inference.natural_history.report import write_parameters, write_tables
    from icpsim.runs.engine import Store

    for name in ("targets.csv", "free.csv"):
        if not (folder / name).is_file():
            raise CalibrationError(f"--from {folder}: there is no {name} in it")
    settings = Settings(practices=practices, seed=seed, steps=steps, draws=draws)
    with progress_bar(shown=not as_json) as progress:
        fit = calibrate(folder, Store(work, options.where(workers, backend, scheduler)), settings, progress)
    if as_json:
        print_json(_as_object(fit))
    else:
        _print(fit)
    if write:
        write_tables(folder, fit.targets, fit.parameters, fit.draws, _settings(fit))
        write_parameters(fit.values, fit.levels)
        if not as_json:
            typer.echo(f"Written: the parameter tables, and fitted.csv, fit.csv, draws.csv, fit.json in {folder}")


def _settings(fit: NaturalHistoryFit) -> dict[str, Any]:
    inside = sum(row.inside for row in fit.targets)
    return {
        "version": fit.version,
        **asdict(fit.settings),
        "misfit": [round(cost, 3) for cost in fit.cost],
        "targets": len(fit.targets),
        "inside": inside,
    }


def _as_object(fit: NaturalHistoryFit) -> dict[str, Any]:
    return {
        **_settings(fit),
        "target_rows": [asdict(row) for row in fit.targets],
        "parameters": [asdict(row) for row in fit.parameters],
    }


def _print(fit: NaturalHistoryFit) -> None:
    rows: list[dict[str, Any]] = [
        asdict(row) | {"verdict": "" if row.inside else "outside"} for row in fit.targets
    ]
    names = {"target": "target", "low": "low", "high": "high", "simulated": "simulated", "verdict": ""}
    spread = {"predicted_low": "5%", "predicted_high": "95% of draws", "weight": "weight"}
    title = "Targets, and what the fitted natural history simulates at a seed the fit has not seen"
    print_rows(title, rows, names | spread, whole=["target", "verdict"])
    parameters: list[dict[str, Any]] = [
        asdict(row) | {"bound": "at the end of its range" if row.at_bound else ""} for row in fit.parameters
    ]
    headings = {"parameter": "parameter", "kind": "", "start": "start", "fitted": "fitted"}
    headings |= {"fitted_low": "5%", "fitted_high": "95%", "shrinkage": "shrinkage", "bound": ""}
    print_rows("Fitted parameters (shrinkage: 1 - SD / prior SD)", parameters, headings, whole=["parameter"])
    for row in fit.targets:
        if not row.inside:
            typer.echo(f"{row.target} = {row.simulated:.4g}, not {row.low:g} to {row.high:g}: {row.reason}")
    inside = sum(row.inside for row in fit.targets)
    typer.echo(f"{inside} of {len(fit.targets)} targets inside ({inside / len(fit.targets):.0%})")

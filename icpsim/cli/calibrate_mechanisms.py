"""``icpsim calibrate mechanisms``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.calibrate import app
from icpsim.cli.printing import console, print_json, progress_bar

if TYPE_CHECKING:
    from icpsim.base.kinds import Progress
    from icpsim.inference.mechanisms.calibration import Settings
    from icpsim.inference.mechanisms.conclusions import Calibration
    from icpsim.runs.engine import Workers


SOURCE = "Posterior mean given the published effects (icpsim calibrate mechanisms; calibration/posterior)"


@app.command("mechanisms")
@answered
def calibrate_the_mechanisms(
    scenario: Annotated[
        str,
        typer.Option(help="World that is evaluated; its programme 'case management' gives the cm_ statistics."),
    ] = "all-sites",
    seed: options.EvaluationsSeed = 2009,
    first: Annotated[
        int, typer.Option(min=4, help="First points of each explanation (even; 4 times as many).")
    ] = 128,
    wave: Annotated[int, typer.Option(min=8, help="Points of each of the two further waves.")] = 160,
    check: Annotated[int, typer.Option(min=20, help="Evaluations of posterior draws that check it.")] = 160,
    points: Annotated[
        int | None,
        typer.Option(
            min=256,
            help="Prior points of each explanation that are weighted; a power of 2. Default: 32768, with --stored"
            " as many as were.",
        ),
    ] = None,
    draws: Annotated[int, typer.Option(min=10, help="Draws of the posterior that are shipped.")] = 2000,
    workers: options.Workers = None,
    backend: options.On = options.Backend.LOCAL,
    scheduler: options.Scheduler = None,
    folder: Annotated[Path, typer.Option("--from", help="Folder of priors.csv and posterior/.")] = Path(
        "calibration"
    ),
    work: options.KeptWork = Path("results/mechanisms"),
    stored: Annotated[
        bool, typer.Option("--stored", help="Infer anew from the shipped simulations; simulate nothing.")
    ] = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Write the posterior into --from/posterior, its means into the parameter tables."
        ),
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Infer what case management does from the published effects, through the evaluation itself."""
    from icpsim.inference.errors import CalibrationError
    from icpsim.inference.mechanisms.calibration import Settings

    if first % 2 or (points is not None and points & (points - 1)):
        raise CalibrationError("--first must be even and --points a power of 2")
    if not (folder / "priors.csv").is_file():
        raise CalibrationError(f"--from {folder}: there is no priors.csv in it")
    settings = Settings(scenario, seed, first, further=(wave, wave), check=check, draws=draws)
    if points is not None:
        settings = replace(settings, points=points)
    place = options.where(workers, backend, scheduler)
    with progress_bar(shown=not as_json) as progress:
        if stored:
            found = _inferred_anew(settings, points, folder, place, progress)
        else:
            found = _calibrated(settings, folder, work, place, progress)
    _tell(found, folder / "posterior" if write else None, as_json)


def _tell(found: Calibration, folder: Path | None, as_json: bool) -> None:
    """Print the report, and write the posterior where there is a folder for it."""
    from icpsim.base.source_digest import source_of
    from icpsim.inference.mechanisms.report import posterior_means, report
    from icpsim.inference.mechanisms.shipping import write_posterior
    from icpsim.inference.mechanisms.simulations import SimulatedEvaluation
    from icpsim.inference.natural_history.report import write_parameters
    from icpsim.questions.calibration.show_tables import print_calibration

    told = report(found)
    if as_json:
        print_json(told)
    else:
        print_calibration(console(), told)
    if folder is not None:
        write_posterior(folder, found, source_of(SimulatedEvaluation.__module__))
        write_parameters(posterior_means(told), (), SOURCE)
        if not as_json:
            typer.echo(f"Written: {folder}, and posterior means into the parameter tables")


def _calibrated(settings: Settings, folder: Path, work: Path, workers: Workers, progress: Progress) -> Calibration:
    """Simulate what the folder of work does not hold, and infer."""
    from icpsim.inference.mechanisms.conclusions import calibrate_mechanisms
    from icpsim.runs.engine import Store
    from icpsim.scenario.schema import load

    store = Store(work, workers)
    return calibrate_mechanisms(folder / "priors.csv", load(settings.scenario), store, settings, progress)


def _inferred_anew(
    settings: Settings, points: int | None, folder: Path, workers: Workers, progress: Progress
) -> Calibration:
    """Infer from the stored simulations, with as many prior points as they were unless others are asked for."""
    from icpsim.inference.mechanisms.calibration import read_task
    from icpsim.inference.mechanisms.conclusions import conclude
    from icpsim.inference.mechanisms.shipping import read_simulations, stored_settings
    from icpsim.runs.engine import processes

    posterior = folder / "posterior"
    kept = stored_settings(posterior, settings)
    if points is not None:
        kept = replace(kept, points=points)
    task = read_task(folder / "priors.csv", kept, processes(workers), progress)
    return conclude(task, read_simulations(posterior, task.priors))

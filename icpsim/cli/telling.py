"""``icpsim telling``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, print_json, progress_bar


@answered
def show_what_would_have_told(
    simulate: Annotated[bool, typer.Option("--simulate", help="Simulate and evaluate anew.")] = False,
    stored: Annotated[
        bool, typer.Option("--stored", help="Work out anew from the shipped simulations; simulate nothing.")
    ] = False,
    scenario: Annotated[str, typer.Option(help="Study that is simulated.")] = "case-management-sites",
    seed: options.EvaluationsSeed = 2012,
    each: Annotated[int, typer.Option(min=2, help="Posterior draws of each of the four explanations.")] = 24,
    per_past: Annotated[int, typer.Option(min=4, help="Draws that share a past; a multiple of 4.")] = 12,
    permutations: Annotated[int, typer.Option(min=2, help="Permutations that say what nothing gives.")] = 60,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; each holds a world of 3 GB. Default: all cores.")
    ] = None,
    work: options.KeptWork = Path("results/telling"),
    write: Annotated[
        Path | None, typer.Option(help="Folder for report and simulations, such as calibration/further.")
    ] = None,
    out: options.PictureFile = None,
    as_json: options.Json = False,
) -> None:
    """Tell what further evidence would have told of the explanation and the true effect, and how precisely."""
    from icpsim.questions.further_evidence.answer import sentences, shipped_telling
    from icpsim.questions.further_evidence.simulations import Plan
    from icpsim.report.folder import check_picture

    _check(simulate, stored, write)
    check_picture(out)
    if simulate or stored:
        with progress_bar(shown=not as_json) as progress:
            plan = Plan(scenario, seed, each, per_past)
            told = _told(plan, None if stored else work, permutations, workers or options.cores(), write, progress)
    else:
        told = shipped_telling()
    lines = sentences(told)
    if as_json:
        print_json(told | {"sentences": lines})
    else:
        from icpsim.questions.further_evidence.show_telling import print_telling

        print_telling(console(), told, lines)
    if out is not None:
        from icpsim.questions.further_evidence.show_telling import write_picture

        path = write_picture(out, told)
        if not as_json:
            typer.echo(f"Picture: {path}")


def _check(simulate: bool, stored: bool, write: Path | None) -> None:
    from icpsim.inference.errors import CalibrationError

    if simulate and stored:
        raise CalibrationError("--simulate and --stored: choose one, to simulate anew or to work out anew")
    if write is not None and not (simulate or stored):
        raise CalibrationError(f"--write {write}: there is nothing new to write without --simulate or --stored")


def _told(
    plan: Any, work: Path | None, permutations: int, workers: int, write: Path | None, progress: Any
) -> dict[str, Any]:
    """Simulate, or read the shipped simulations when there is no folder to work in; write what is asked for."""
    from icpsim.base.source_digest import source_of
    from icpsim.inference.posterior import shipped_draws
    from icpsim.questions.further_evidence.answer import read_simulations, report, shipped_telling, write_files
    from icpsim.questions.further_evidence.evaluations import FurtherEvaluation
    from icpsim.questions.further_evidence.evidence import tell
    from icpsim.questions.further_evidence.simulations import Plan, simulate
    from icpsim.runs.engine import Store
    from icpsim.scenario.schema import load

    if work is not None:
        found = simulate(plan, load(plan.scenario), shipped_draws(), Store(work, workers), progress)
        source = source_of(FurtherEvaluation.__module__)
    else:
        found, before = read_simulations(shipped_draws()), shipped_telling()
        plan = Plan(*(before[name] for name in ("scenario", "seed", "each", "per_past")))
        source = before["source"]
    told = report(tell(found, permutations), plan, source)
    if write is not None:
        write_files(write, told, found)
    return told

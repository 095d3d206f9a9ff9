"""``icpsim confounder``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, print_json, progress_bar


@answered
def explain_by_confounder(
    observed: Annotated[float, typer.Option(help="Rate ratio that was observed.")] = 1.09,
    true: Annotated[float, typer.Option(help="Rate ratio that would be true.")] = 1.0,
    controls: Annotated[float, typer.Option(help="Share of controls who have the hidden trait.")] = 0.2,
    gap: Annotated[
        list[float] | None, typer.Option(help="Prevalence gaps of the grid, as shares; may be repeated.")
    ] = None,
    rate_ratio: Annotated[
        list[float] | None, typer.Option(help="Rate ratios of the grid; may be repeated.")
    ] = None,
    measure: Annotated[
        bool, typer.Option("--measure", help="Measure the model's hidden traits anew, by simulation.")
    ] = False,
    scenario: Annotated[str, typer.Option(help="Study in which they are measured.")] = "case-management-sites",
    draws: Annotated[int, typer.Option(min=8, help="Posterior draws over which they are measured.")] = 8,
    seed: Annotated[int, typer.Option(min=2, help="Seed of the simulated worlds.")] = 2013,
    workers: options.Workers = None,
    work: options.KeptWork = Path("results/confounder"),
    write: Annotated[
        Path | None, typer.Option(help="File for what was measured, such as calibration/further/hidden.json.")
    ] = None,
    out: options.PictureFile = None,
    as_json: options.Json = False,
) -> None:
    """Tell how strong an unobserved confounder must be to explain the rise, or to hide a fall."""
    from icpsim.questions.hidden_confounder.answer import GAPS, RATE_RATIOS, answer, sentences
    from icpsim.questions.hidden_confounder.measure import shipped_traits, write_json
    from icpsim.report.folder import check_picture

    check_picture(out)
    grid = gap or GAPS, rate_ratio or RATE_RATIOS
    answer(observed, true, controls, *grid, None)  # wrong input is refused before anything is simulated
    if measure:
        with progress_bar(shown=not as_json) as progress:
            measured = _measured(scenario, draws, seed, work, workers or options.cores(), progress)
    else:
        measured = shipped_traits()
    if write is not None:
        write_json(write, measured)
    told = answer(observed, true, controls, *grid, measured)
    lines = sentences(told)
    if as_json:
        print_json(told | {"sentences": lines})
    else:
        from icpsim.questions.hidden_confounder.show_confounding import print_answer

        print_answer(console(), told, lines)
    if out is not None:
        from icpsim.questions.hidden_confounder.show_confounding import write_picture

        path = write_picture(out, told)
        if not as_json:
            typer.echo(f"Picture: {path}")


def _measured(scenario: str, draws: int, seed: int, work: Path, workers: int, progress: Any) -> dict[str, Any]:
    from icpsim.inference.posterior import shipped_draws
    from icpsim.questions.hidden_confounder.measure import measure
    from icpsim.runs.engine import Store
    from icpsim.scenario.schema import load

    return measure(load(scenario), shipped_draws(), draws, seed, Store(work, workers), progress)

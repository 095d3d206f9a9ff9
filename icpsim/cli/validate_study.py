"""``icpsim validate-study``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import console, print_json, progress_bar

if TYPE_CHECKING:
    from icpsim.questions.validation.registry import ValidationTarget
    from icpsim.scenario.schema import Scenario


@answered
def score_studies(
    scenario: Annotated[
        str | None, typer.Argument(help="Name of a scenario or a file. Default: those of the registry.")
    ] = None,
    study: Annotated[
        str | None,
        typer.Option(help="Study of calibration/validation.csv. Default: those of the scenario, or all."),
    ] = None,
    fitted: Annotated[
        list[str] | None,
        typer.Option(
            help="Set of calibration/targets.csv the model was fitted to; may be repeated. Default: all."
        ),
    ] = None,
    replicates: options.Replicates = None,
    seed: options.FileSeed = None,
    settings: options.Settings = None,
    workers: options.Workers = None,
    as_json: options.Json = False,
) -> None:
    """Score simulated studies against published effects that no calibration may see."""
    given = {"run.replicates": replicates, "run.seed": seed}
    chosen = [*(settings or ()), *(f"{key}={value}" for key, value in given.items() if value is not None)]
    pairs = _pairs(scenario, study, chosen)

    from icpsim.questions.validation.answer import fitted_rows, validate_study
    from icpsim.questions.validation.show_validation import as_object, print_scores

    known = fitted_rows(*(fitted or ()))

    with progress_bar(shown=not as_json) as progress:
        scored = [validate_study(rows, one, known, workers or options.cores(), progress) for rows, one in pairs]
    if as_json:
        print_json(as_object(scored))
    else:
        print_scores(console(), scored)


def _pairs(
    scenario: str | None, study: str | None, settings: list[str]
) -> list[tuple[tuple[ValidationTarget, ...], Scenario]]:
    from icpsim.questions.validation.registry import by_study, read_registry, rows_of_scenario, rows_of_study
    from icpsim.scenario.schema import load

    rows = read_registry()
    loaded = None if scenario is None else load(scenario, settings)
    if study is not None:
        rows = rows_of_study(rows, study)
    elif loaded is not None:
        rows = rows_of_scenario(rows, loaded.scenario)
    return [(part, loaded or load(part[0].scenario, settings)) for part in by_study(rows)]

"""``icpsim compare`` and ``icpsim targeting``: arms side by side on the same people and draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.arms import ask

if TYPE_CHECKING:
    from icpsim.questions.compare.arms import Arm


@answered
def compare_arms(
    scenarios: Annotated[
        list[str], typer.Argument(help="Scenarios: SCENARIO or LABEL=SCENARIO; the first is the reference.")
    ],
    settings: options.ArmSettings = None,
    outcome: Annotated[str, typer.Option(help="Outcome that is shown by group.")] = "emergency_admissions",
    replicates: options.EachReplicates = None,
    seed: options.FileSeed = None,
    workers: options.Workers = None,
    backend: options.On = options.Backend.LOCAL,
    scheduler: options.Scheduler = None,
    draws: options.Draws = True,
    evaluate: options.Evaluate = True,
    waterfall: options.Waterfall = 0,
    work: options.Work = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Compare scenarios on the same people and draws: what differs, for whom, at what cost, and why."""
    from icpsim.questions.compare.arms import check_outcome, read_arm

    check_outcome(outcome)
    arms = [read_arm(text, settings or ()) for text in scenarios]
    run = arms[0].scenario.run
    title = " against ".join(arm.label for arm in reversed(arms)) if len(arms) < 3 else "Arms side by side"
    ask(
        arms,
        title,
        replicates or run.replicates,
        run.seed if seed is None else seed,
        outcome=outcome,
        workers=options.where(workers, backend, scheduler),
        draws=draws,
        evaluate=evaluate,
        waterfall=waterfall,
        work=work,
        out=out,
        as_json=as_json,
    )


@answered
def compare_targeting(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario or a file; its staff serve every policy.")],
    policies: Annotated[
        list[str] | None,
        typer.Option("--policy", help="Policies to compare, by name; may be repeated. Default: the catalogue."),
    ] = None,
    settings: options.ArmSettings = None,
    replicates: options.EachReplicates = None,
    seed: options.FileSeed = None,
    workers: options.Workers = None,
    backend: options.On = options.Backend.LOCAL,
    scheduler: options.Scheduler = None,
    draws: options.Draws = True,
    evaluate: options.Evaluate = True,
    work: options.Work = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Compare whom to target: every policy of the catalogue at the same caseload."""
    from icpsim.questions.compare.arms import targeting_arms
    from icpsim.scenario.schema import load

    base = load(scenario, settings or ())
    arms: list[Arm] = targeting_arms(base, policies or ())
    ask(
        arms,
        f"{base.title}: whom to target, at the same caseload",
        replicates or base.run.replicates,
        base.run.seed if seed is None else seed,
        workers=options.where(workers, backend, scheduler),
        draws=draws,
        evaluate=evaluate,
        work=work,
        out=out,
        as_json=as_json,
    )

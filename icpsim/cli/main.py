"""Entry point of the ``icpsim`` command."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress

import typer

from icpsim.cli import (
    assumptions,
    baseline,
    calibrate_mechanisms,
    calibration,
    compare,
    confounder,
    decide,
    design,
    discover,
    england,
    optimise,
    parameters,
    plan,
    records,
    results,
    scenarios,
    schema,
    sensitivity,
    sweep,
    telling,
    trace,
    validate,
    validate_study,
    version,
    what_if,
)
from icpsim.cli import run as run_command
from icpsim.cli.answers import STOPPED
from icpsim.cli.bytecode import keep_bytecode

app = typer.Typer(
    name="icpsim",
    help="Simulate England's Integrated Care Pilots and evaluate them as the published evaluation did.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("run")(run_command.run_scenario)
app.command("records")(records.write_records)
app.command("evaluate")(records.evaluate_records)
app.command("scenarios")(scenarios.list_scenarios)
app.command("validate")(validate.validate_scenario)
app.command("validate-study")(validate_study.score_studies)
app.command("plan")(plan.print_plan)
app.command("parameters")(parameters.list_parameters)
app.command("baseline")(baseline.compare_baseline)
app.command("england")(england.simulate_england)
app.add_typer(calibrate_mechanisms.app, name="calibrate")
app.command("calibration")(calibration.show_calibration)
app.command("confounder")(confounder.explain_by_confounder)
app.command("telling")(telling.show_what_would_have_told)
app.command("what-if")(what_if.answer_what_if)
app.command("compare")(compare.compare_arms)
app.command("decide")(decide.decide_between)
app.command("sweep")(sweep.sweep_scenario)
app.command("optimise")(optimise.find_best_policy)
app.command("sensitivity")(sensitivity.explain_by_inputs)
app.command("discover")(discover.discover_failures)
app.command("design")(design.try_out_designs)
app.command("targeting")(compare.compare_targeting)
app.command("results")(results.query_results)
app.command("trace")(trace.trace_person)
app.command("assumptions")(assumptions.log_assumptions)
app.command("schema")(schema.print_schema)
app.command("version")(version.print_version)


def run() -> None:
    """Run the command line; exit codes are 0 done, 1 failed, 2 the input is wrong, 130 stopped.

    A request to end (SIGTERM) stops it as Ctrl-C does, so that no worker is left behind.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    keep_bytecode()
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except KeyboardInterrupt:
        raise SystemExit(STOPPED) from None


if __name__ == "__main__":
    run()

"""``icpsim baseline``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_rows, tell, working

if TYPE_CHECKING:
    from icpsim.inference.natural_history.levels import BaselineResult
    from icpsim.inference.natural_history.levels.capacity import CapacityResult, CapacityRow
    from icpsim.inference.natural_history.levels.pictured import BaselineCurves

PICTURE = Path("icpsim-baseline.png")
WHOLE = ("target", "low", "high", "simulated", "verdict", "unit", "tag")
HEADINGS = {
    "target": "target",
    "low": "low",
    "high": "high",
    "simulated": "simulated",
    "verdict": "",
    "unit": "unit",
    "tag": "tag",
}

CAPACITY_HEADINGS = {
    "target": "figure",
    "plausible": "plausible",
    "base": "base",
    "verdict": "",
    "beds": "beds -10%",
    "appointments": "GP -10%",
    "social_care": "social care -10%",
    "unit": "unit",
    "tag": "tag",
}


@answered
def compare_baseline(
    seed: options.Seed = 1,
    practices: Annotated[int, typer.Option(min=1, help="Practices to simulate.")] = 40,
    out: options.Out = None,
    capacity: Annotated[
        bool, typer.Option("--capacity", help="Instead: beds, waits, appointments and delays, and a tenth less.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Simulate without any programme, print levels beside the evidence for them, and draw them."""
    if capacity:
        _compare_capacity(seed, practices, out, as_json)
        return

    from icpsim.inference.natural_history.levels import measure_baseline
    from icpsim.inference.natural_history.levels.pictured import measure_curves

    with working(out, as_json) as progress:
        result = measure_baseline(seed, practices, progress)
        curves = measure_curves(seed, practices, result.rows, progress)
    _report(result, curves, out, as_json)


def _report(result: BaselineResult, curves: BaselineCurves, out: Path | None, as_json: bool) -> None:
    from icpsim.questions.baseline.show_findings import findings
    from icpsim.questions.baseline.show_folder import as_object, made_by, write_folder
    from icpsim.questions.baseline.show_pictures import OVERVIEW, draw, save

    def show() -> None:
        _print_levels(result)
        _print_beside_england(curves)
        for name, sentence in findings(curves).items():
            typer.echo(f"{name}: {sentence}")
        if out is None:
            save(draw(OVERVIEW, curves, made_by(result.seed)), PICTURE)
            typer.echo(f"Picture: {PICTURE}")

    tell(out, as_json, as_object(result, curves), show, lambda folder: write_folder(folder, result, curves))


def _print_beside_england(curves: BaselineCurves) -> None:
    from icpsim.questions.baseline.show_england import BELOW, HEADINGS, TITLE, table_rows

    print_rows(TITLE, table_rows(curves.england), HEADINGS, whole=tuple(HEADINGS))
    typer.echo("\n".join(BELOW))


def _compare_capacity(seed: int, practices: int, out: Path | None, as_json: bool) -> None:
    from icpsim.inference.natural_history.levels.capacity import measure_capacity
    from icpsim.questions.baseline.show_capacity import capacity_object, write_capacity_folder

    with working(out, as_json) as progress:
        result = measure_capacity(seed, practices, progress)
    tell(
        out,
        as_json,
        capacity_object(result),
        show=lambda: _print_capacity(result),
        write=lambda folder: write_capacity_folder(folder, result),
    )


def _print_capacity(result: CapacityResult) -> None:
    title = f"A hospital of {result.beds:,.0f} beds for {result.people:,} people (sources and notes: --json)"
    print_rows(
        title,
        [_short(row) for row in result.rows],
        CAPACITY_HEADINGS,
        whole=("target", "plausible", "unit", "tag"),
    )
    inside = sum(row.inside for row in result.rows)
    typer.echo(f"{inside} of {len(result.rows)} inside what is plausible, with settled supply")


def _short(row: CapacityRow) -> dict[str, str]:
    numbers = {
        name: f"{round(getattr(row, name), 4):.3g}" for name in ("base", "beds", "appointments", "social_care")
    }
    plausible = f"{row.low:g} to {row.high:g}"
    verdict = "" if row.inside else "outside"
    return numbers | {
        "target": row.target,
        "unit": row.unit,
        "tag": row.tag,
        "plausible": plausible,
        "verdict": verdict,
    }


def _within(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _print_levels(result: BaselineResult) -> None:
    rows: list[dict[str, Any]] = [asdict(row) for row in result.rows]
    for row in rows:
        row["verdict"] = "" if row["inside"] else "outside"
        row["unit"] = _within(row["unit"], 18)
        row |= {name: float(f"{row[name]:.4g}") for name in ("low", "high", "simulated")}
    title = "Levels without any programme, beside the evidence (sources and notes: --json)"
    print_rows(title, rows, HEADINGS, whole=WHOLE)
    for row in rows:
        if not row["inside"]:
            reason = row["reason"] or "the fit's own check has it inside: chance at this seed and size"
            typer.echo(
                f"{row['target']} = {row['simulated']:.4g}, not {row['low']:g} to {row['high']:g}: {reason}"
            )
    inside = sum(bool(row["inside"]) for row in rows)
    typer.echo(f"{inside} of {len(rows)} inside the evidence's range")

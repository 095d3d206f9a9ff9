"""``icpsim baseline``."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Annotated, Any

import typer

from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json, print_rows, progress_bar


@answered
def compare_baseline(
    seed: Annotated[int, typer.Option(min=0, help="Seed of all randomness.")] = 1,
    practices: Annotated[int, typer.Option(min=1, help="Practices to simulate.")] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Simulate without any programme and print levels beside the evidence for them."""
    from icpsim.baseline import measure_baseline

    with progress_bar(shown=not as_json) as progress:
        result = measure_baseline(seed, practices, progress)
    rows: list[dict[str, Any]] = [asdict(row) for row in result.rows]
    if as_json:
        print_json({"targets": [_without_nan(row) for row in rows]})
        return
    for row in rows:
        row["verdict"] = "" if row["inside"] else "outside"
        row["short"] = row["source"] if len(row["source"]) <= 48 else row["source"][:47] + "…"
    headings = {"target": "target", "low": "low", "high": "high", "simulated": "simulated", "verdict": ""}
    title = "Levels without any programme, beside the evidence (full sources and notes: --json)"
    print_rows(title, rows, headings | {"unit": "unit", "tag": "tag", "short": "source"})
    inside = sum(bool(row["inside"]) for row in rows)
    typer.echo(f"{inside} of {len(rows)} inside the evidence's range")


def _without_nan(row: dict[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()}

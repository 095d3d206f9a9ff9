"""The output folder of the natural history: table, JSON, versions and pictures; whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from importlib import metadata
from pathlib import Path
from typing import Any

from icpsim.inference.natural_history.levels import BaselineResult, BaselineRow
from icpsim.inference.natural_history.levels.pictured import BaselineCurves, as_plain
from icpsim.questions.baseline.show_findings import findings
from icpsim.questions.baseline.show_pictures import Made, write_pictures
from icpsim.report.folder import put_in_place, write_versions

FORMATS = ("png", "svg")


def as_object(result: BaselineResult, curves: BaselineCurves) -> dict[str, Any]:
    """Return targets, the pictures' sentences and the curves behind them, ready for JSON."""
    targets = [as_plain(asdict(row)) for row in result.rows]
    return {"targets": targets, "findings": findings(curves), "curves": as_plain(curves)}


def write_folder(folder: Path, result: BaselineResult, curves: BaselineCurves) -> None:
    """Write ``baseline.csv``, ``baseline.json``, versions and every picture as PNG and SVG.

    Raises FolderError when the folder holds files of others.
    """
    made = made_by(result.seed)
    with put_in_place(folder) as fresh:
        _write_table(fresh / "baseline.csv", result)
        _write_json(fresh / "baseline.json", as_object(result, curves))
        write_pictures(fresh, curves, made, FORMATS)
        write_versions(fresh, made.version, {"seed": made.seed, "people": result.people})


def made_by(seed: int) -> Made:
    """Return which version and seed made this."""
    return Made(metadata.version("icpsim"), seed)


def _write_table(path: Path, result: BaselineResult) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, [field.name for field in fields(BaselineRow)], lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(row) for row in result.rows)


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")

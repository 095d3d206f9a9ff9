"""The output folder of the natural history: table, JSON, versions and pictures; whole or not at all."""

from __future__ import annotations

from dataclasses import fields
from importlib import metadata
from pathlib import Path
from typing import Any

from icpsim.inference.natural_history.levels import BaselineResult, BaselineRow
from icpsim.inference.natural_history.levels.beside_england import Beside
from icpsim.inference.natural_history.levels.pictured import BaselineCurves
from icpsim.questions.baseline.show_findings import findings
from icpsim.questions.baseline.show_pictures import Made, write_pictures
from icpsim.report.as_json import json_object, write_json
from icpsim.report.folder import answer_folder, write_csv

FORMATS = ("png", "svg")


def as_object(result: BaselineResult, curves: BaselineCurves) -> dict[str, Any]:
    """Return targets, what stands beside England, the pictures' sentences and their curves, ready for JSON."""
    drawn = {field.name: getattr(curves, field.name) for field in fields(curves) if field.name != "england"}
    return json_object(
        {"targets": result.rows, "england": curves.england.rows, "findings": findings(curves), "curves": drawn}
    )


def write_folder(folder: Path, result: BaselineResult, curves: BaselineCurves) -> None:
    """Write ``baseline.csv``, ``england.csv``, ``baseline.json``, versions and every picture as PNG and SVG.

    Raises FolderError when the folder holds files of others.
    """
    made = made_by(result.seed)
    with answer_folder(folder, made.version, {"seed": made.seed, "people": result.people}) as fresh:
        write_csv(fresh / "baseline.csv", BaselineRow, result.rows)
        write_csv(fresh / "england.csv", Beside, curves.england.rows)
        write_json(fresh / "baseline.json", as_object(result, curves))
        write_pictures(fresh, curves, made, FORMATS)


def made_by(seed: int) -> Made:
    """Return which version and seed made this."""
    return Made(metadata.version("icpsim"), seed)

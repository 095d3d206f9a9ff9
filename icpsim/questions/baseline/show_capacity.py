"""The capacity table as JSON and as an output folder; whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from icpsim.inference.natural_history.levels.capacity import CapacityResult, CapacityRow
from icpsim.questions.baseline.show_folder import made_by
from icpsim.report.as_json import json_object, write_json
from icpsim.report.folder import answer_folder, write_csv


def capacity_object(result: CapacityResult) -> dict[str, Any]:
    """Return the rows, and whose they are, ready for JSON."""
    return json_object(
        {"seed": result.seed, "people": result.people, "beds": result.beds, "capacity": result.rows}
    )


def write_capacity_folder(folder: Path, result: CapacityResult) -> None:
    """Write ``capacity.csv``, ``capacity.json`` and versions; raises FolderError over files of others."""
    made = made_by(result.seed)
    with answer_folder(folder, made.version, {"seed": made.seed, "people": result.people}) as fresh:
        write_csv(fresh / "capacity.csv", CapacityRow, result.rows)
        write_json(fresh / "capacity.json", capacity_object(result))

"""The capacity table as JSON and as an output folder; whole or not at all."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict, fields
from importlib import metadata
from pathlib import Path
from typing import Any

from icpsim.inference.natural_history.levels.capacity import CapacityResult, CapacityRow
from icpsim.questions.baseline.show_folder import made_by
from icpsim.report.folder import LIBRARIES, MARKER, put_in_place


def capacity_object(result: CapacityResult) -> dict[str, Any]:
    """Return the rows, and whose they are, ready for JSON."""
    return {
        "seed": result.seed,
        "people": result.people,
        "beds": result.beds,
        "capacity": [asdict(row) for row in result.rows],
    }


def write_capacity_folder(folder: Path, result: CapacityResult) -> None:
    """Write ``capacity.csv``, ``capacity.json`` and versions; raises FolderError over files of others."""
    made = made_by(result.seed)
    versions = {
        "icpsim": made.version,
        "python": sys.version.split()[0],
        "seed": made.seed,
        "people": result.people,
        "libraries": {library: metadata.version(library) for library in LIBRARIES},
    }
    with put_in_place(folder) as fresh:
        with (fresh / "capacity.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, [field.name for field in fields(CapacityRow)], lineterminator="\n")
            table.writeheader()
            table.writerows(asdict(row) for row in result.rows)
        _write_json(fresh / "capacity.json", capacity_object(result))
        _write_json(fresh / MARKER, versions)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")

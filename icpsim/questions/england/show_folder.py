"""The output folder of a simulated year: tables, JSON, versions and picture; whole or not at all."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

import pandas as pd

from icpsim.questions.england.answer import EnglandResult
from icpsim.questions.england.show_picture import write_picture
from icpsim.questions.england.show_table import as_object
from icpsim.report.folder import LIBRARIES, MARKER, put_in_place


def write_folder(folder: Path, result: EnglandResult) -> None:
    """Write ``totals``, ``areas`` and ``weeks`` (Parquet), ``england.json``, versions and ``picture.png``.

    Raises FolderError when the folder holds files of others.
    """
    value = as_object(result)
    tables = {"totals": value["totals"], "areas": value["by_area"], "weeks": value["by_week"]}
    with put_in_place(folder) as fresh:
        for name, rows in tables.items():
            pd.DataFrame(rows).to_parquet(fresh / f"{name}.parquet", compression="zstd", index=False)
        (fresh / "england.json").write_text(
            json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        write_picture(result, fresh / "picture.png")
        (fresh / MARKER).write_text(json.dumps(versions(result), indent=2) + "\n", encoding="utf-8")


def versions(result: EnglandResult) -> dict[str, object]:
    """Return what this result was made with."""
    return {
        "icpsim": result.version,
        "python": sys.version.split()[0],
        "seed": result.seed,
        "share": result.share,
        "libraries": {library: metadata.version(library) for library in LIBRARIES},
    }

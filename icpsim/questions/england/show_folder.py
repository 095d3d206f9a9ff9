"""The output folder of a simulated year: tables, JSON, versions and picture; whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from icpsim.questions.england.answer import EnglandResult
from icpsim.questions.england.show_picture import write_picture
from icpsim.questions.england.show_table import as_object
from icpsim.report.as_json import write_json
from icpsim.report.folder import answer_folder


def write_folder(folder: Path, result: EnglandResult) -> None:
    """Write ``totals``, ``areas`` and ``weeks`` (Parquet), ``england.json``, versions and ``picture.png``.

    Raises FolderError when the folder holds files of others.
    """
    value = as_object(result)
    tables = {"totals": value["totals"], "areas": value["by_area"], "weeks": value["by_week"]}
    with answer_folder(folder, result.version, {"seed": result.seed, "share": result.share}) as fresh:
        for name, rows in tables.items():
            pd.DataFrame(rows).to_parquet(fresh / f"{name}.parquet", compression="zstd", index=False)
        write_json(fresh / "england.json", value)
        write_picture(result, fresh / "picture.png")

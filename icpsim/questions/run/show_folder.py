"""Write a study's output folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from icpsim.questions.run.answer import StudyResult
from icpsim.report.folder import answer_folder, write_table


def write_folder(folder: Path, result: StudyResult, scenario_yaml: str) -> None:
    """Write tables (Parquet), scenario as run, versions and picture; replaces an earlier folder of ours.

    Everything is written to a folder beside it which is then renamed, so nothing is ever half-written.
    Raises FolderError as :func:`icpsim.report.folder.check_folder`.
    """
    from icpsim.questions.run.show_picture import write_picture

    about = {"scenario": result.scenario, "seed": result.seed, "replicates": result.replicates}
    with answer_folder(folder, result.version, about) as fresh:
        _write_tables(fresh, result)
        (fresh / "scenario.yaml").write_text(scenario_yaml, encoding="utf-8")
        write_picture(result, fresh / "picture.png")


def _write_tables(folder: Path, result: StudyResult) -> None:
    tables: dict[str, Iterable[Mapping[str, Any]]] = {
        "outcomes": map(asdict, result.outcomes),
        "bias": map(asdict, result.bias),
        "balance": map(asdict, result.balance),
        "monthly": map(asdict, result.monthly),
        "replicates": result.replicate_rows,
    }
    if result.designs:
        tables["designs"] = map(asdict, result.designs)
    run = {"scenario": result.scenario, "version": result.version, "seed": result.seed}
    for name, rows in tables.items():
        write_table(folder / f"{name}.parquet", [run | dict(row) for row in rows])

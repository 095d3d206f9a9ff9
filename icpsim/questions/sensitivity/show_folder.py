"""An analysis' folder: points, outcomes of every replicate, indices, sentences, pictures."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from icpsim.questions.sensitivity.answer import Sensitivity
from icpsim.questions.sensitivity.show_pictures import write_pictures
from icpsim.questions.sensitivity.show_sentences import sentences
from icpsim.questions.sensitivity.show_terminal import as_object
from icpsim.questions.sensitivity.show_words import caption
from icpsim.report.folder import LIBRARIES, answer_folder, write_table, write_told

LIBRARIES_USED = (*LIBRARIES, "SALib")


def write_sensitivity(folder: Path, found: Sensitivity) -> None:
    """Write all of an analysis; replaces an earlier folder of ours, and leaves nothing half-written.

    ``evaluations.parquet`` holds inputs and outcomes of every point, a column for each replicate;
    ``indices.parquet`` every measure. Raises FolderError when the folder holds what icpsim did not write.
    """
    made = {"seed": found.about.seed, "replicates": found.about.replicates}
    with answer_folder(folder, found.about.version, made, LIBRARIES_USED) as fresh:
        write_table(fresh / "evaluations.parquet", evaluation_rows(found))
        write_table(
            fresh / "indices.parquet",
            [{"outcome": outcome.outcome} | asdict(row) for outcome in found.outcomes for row in outcome.rows],
        )
        write_told(fresh, as_object(found), [*sentences(found), *caption(found)])
        write_pictures(found, fresh)


def evaluation_rows(found: Sensitivity) -> list[dict[str, float | str]]:
    """Return a row a point: inputs as they were written, outcomes as ``name`` and the replicate's number."""
    rows: list[dict[str, float | str]] = []
    for place, point in enumerate(found.points):
        row: dict[str, float | str] = {}
        for one, number in zip(found.inputs, point, strict=True):
            row[one.key] = one.text(number) if one.values else float(one.text(number))
        for name, values in found.values.items():
            row |= {f"{name} {replicate}": float(x) for replicate, x in enumerate(values[place])}
        rows.append(row)
    return rows

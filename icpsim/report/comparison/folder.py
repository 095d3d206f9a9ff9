"""An answer's folder: tables, every replicate's figures, the arms' scenarios, sentences and pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

from icpsim.comparison.answer import ComparisonAnswer
from icpsim.comparison.runs import Comparison
from icpsim.report.comparison.answer import as_object, caption, sentences, write_pictures
from icpsim.report.folder import LIBRARIES, MARKER, put_in_place, write_table


def write_answer(
    folder: Path,
    answer: ComparisonAnswer,
    comparison: Comparison,
    more: Callable[[Path], object] = lambda _: None,
) -> None:
    """Write all of an answer; replaces an earlier folder of ours, and leaves nothing half-written.

    ``rows.parquet`` holds every difference, ``figures.parquet`` every figure of every replicate; ``more``
    may write further files. Raises
    FolderError when the folder holds what icpsim did not write.
    """
    rows = (
        *answer.headlines,
        *answer.headlines_against_first,
        *answer.groups,
        *answer.groups_against_first,
    )
    with put_in_place(folder) as fresh:
        write_table(fresh / "rows.parquet", [asdict(row) for row in rows])
        write_table(
            fresh / "figures.parquet",
            [
                {"replicate": number, "figure": name, "value": value}
                for number, figures in enumerate(comparison.figures)
                for name, value in figures.items()
            ],
        )
        text = json.dumps(as_object(answer), indent=2, ensure_ascii=False, allow_nan=False)
        (fresh / "answer.json").write_text(text + "\n", encoding="utf-8")
        (fresh / "answer.txt").write_text("\n".join([*sentences(answer), *caption(answer)]) + "\n", "utf-8")
        for number, arm in enumerate(comparison.arms):
            (fresh / f"arm-{number + 1}.yaml").write_text(arm.scenario.to_yaml(), encoding="utf-8")
        write_pictures(answer, fresh)
        more(fresh)
        (fresh / MARKER).write_text(json.dumps(_versions(answer), indent=2) + "\n", encoding="utf-8")


def _versions(answer: ComparisonAnswer) -> dict[str, object]:
    return {
        "icpsim": answer.about.version,
        "python": sys.version.split()[0],
        "arms": answer.arms,
        "seed": answer.about.seed,
        "replicates": answer.about.replicates,
        "libraries": {library: metadata.version(library) for library in LIBRARIES},
    }

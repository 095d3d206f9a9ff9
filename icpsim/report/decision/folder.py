"""A decision's folder: the answer, every replicate's figures, curves, options' scenarios and pictures."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

from icpsim.comparison.decide import DecisionAnswer
from icpsim.comparison.runs import Comparison
from icpsim.report.decision.answer import as_object, caption, write_pictures
from icpsim.report.decision.sentences import sentences
from icpsim.report.folder import LIBRARIES, MARKER, put_in_place, write_table


def write_decision(folder: Path, answer: DecisionAnswer, comparison: Comparison) -> None:
    """Write all of a decision; replaces an earlier folder of ours, and leaves nothing half-written.

    ``curve.parquet`` holds options at every threshold of the curves, ``figures.parquet`` every figure of every
    replicate. Raises FolderError when the folder holds what icpsim did not write.
    """
    with put_in_place(folder) as fresh:
        write_table(
            fresh / "curve.parquet",
            [
                {
                    "threshold": found.threshold,
                    "option": one.option,
                    "net_benefit": one.net_benefit.mean,
                    "probability_best": one.probability,
                    "highest_on_average": one.option == found.best,
                    "perfect_information": found.perfect.value,
                    "perfect_information_error": found.perfect.error,
                }
                for found in answer.curve
                for one in found.options
            ],
        )
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
        (fresh / MARKER).write_text(json.dumps(_versions(answer), indent=2) + "\n", encoding="utf-8")


def _versions(answer: DecisionAnswer) -> dict[str, object]:
    return {
        "icpsim": answer.about.version,
        "python": sys.version.split()[0],
        "options": [one.option for one in answer.options],
        "seed": answer.about.seed,
        "replicates": answer.about.replicates,
        "libraries": {library: metadata.version(library) for library in LIBRARIES},
    }

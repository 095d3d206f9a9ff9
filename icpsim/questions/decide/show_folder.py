"""A decision's folder: the answer, every replicate's figures, curves, options' scenarios and pictures."""

from __future__ import annotations

from pathlib import Path

from icpsim.questions.compare.runs import Comparison
from icpsim.questions.decide.answer import DecisionAnswer
from icpsim.questions.decide.show_sentences import sentences
from icpsim.questions.decide.show_terminal import as_object, caption, write_pictures
from icpsim.report.folder import answer_folder, write_figures, write_table, write_told


def write_decision(folder: Path, answer: DecisionAnswer, comparison: Comparison) -> None:
    """Write all of a decision; replaces an earlier folder of ours, and leaves nothing half-written.

    ``curve.parquet`` holds options at every threshold of the curves, ``figures.parquet`` every figure of every
    replicate. Raises FolderError when the folder holds what icpsim did not write.
    """
    about = answer.about
    options = [one.option for one in answer.options]
    made = {"options": options, "seed": about.seed, "replicates": about.replicates}
    with answer_folder(folder, about.version, made) as fresh:
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
        write_told(fresh, as_object(answer), [*sentences(answer), *caption(answer)])
        write_figures(fresh, comparison.figures)
        for number, arm in enumerate(comparison.arms):
            (fresh / f"arm-{number + 1}.yaml").write_text(arm.scenario.to_yaml(), encoding="utf-8")
        write_pictures(answer, fresh)

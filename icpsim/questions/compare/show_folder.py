"""An answer's folder: tables, every replicate's figures, the arms' scenarios, sentences and pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from icpsim.questions.compare.answer import ComparisonAnswer
from icpsim.questions.compare.runs import Comparison
from icpsim.questions.compare.show_terminal import as_object, caption, sentences, write_pictures
from icpsim.report.folder import answer_folder, write_figures, write_table, write_told


def write_answer(
    folder: Path, answer: ComparisonAnswer, comparison: Comparison, more: Callable[[Path], object] = lambda _: None
) -> None:
    """Write all of an answer; replaces an earlier folder of ours, and leaves nothing half-written.

    ``rows.parquet`` holds every difference, ``figures.parquet`` every figure of every replicate; ``more``
    may write further files. Raises
    FolderError when the folder holds what icpsim did not write.
    """
    rows = (*answer.headlines, *answer.headlines_against_first, *answer.groups, *answer.groups_against_first)
    about = answer.about
    made = {"arms": answer.arms, "seed": about.seed, "replicates": about.replicates}
    with answer_folder(folder, about.version, made) as fresh:
        write_table(fresh / "rows.parquet", rows)
        write_told(fresh, as_object(answer), [*sentences(answer), *caption(answer)])
        write_figures(fresh, comparison.figures)
        for number, arm in enumerate(comparison.arms):
            (fresh / f"arm-{number + 1}.yaml").write_text(arm.scenario.to_yaml(), encoding="utf-8")
        write_pictures(answer, fresh)
        more(fresh)

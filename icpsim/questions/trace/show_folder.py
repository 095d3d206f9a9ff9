"""A trace's output folder: text, JSON, scenario as run, versions and picture; complete or not at all."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from icpsim.questions.trace.answer import Trace
from icpsim.questions.trace.show_json import as_object
from icpsim.questions.trace.show_picture import write_picture
from icpsim.questions.trace.show_text import printed
from icpsim.report.as_json import write_json
from icpsim.report.folder import answer_folder, write_lines


def write_folder(folder: Path, trace: Trace, weeks: tuple[int, int] | None = None) -> None:
    """Write the folder, in place of an earlier one of ours; raises FolderError if it holds anything else."""
    about = {
        "scenario": trace.scenario.scenario,
        "seed": trace.seed,
        "replicate": trace.replicate,
        "person": trace.who.person,
    }
    with answer_folder(folder, metadata.version("icpsim"), about) as fresh:
        write_lines(fresh / "trace.txt", printed(trace, weeks))
        write_json(fresh / "trace.json", as_object(trace, weeks))
        (fresh / "scenario.yaml").write_text(trace.scenario.to_yaml(), encoding="utf-8")
        write_picture(trace, fresh / "picture.png", weeks)

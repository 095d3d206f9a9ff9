"""A trace's output folder: text, JSON, scenario as run, versions and picture; complete or not at all."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

from icpsim.questions.trace.answer import Trace
from icpsim.questions.trace.show_json import as_object
from icpsim.questions.trace.show_picture import write_picture
from icpsim.questions.trace.show_text import printed
from icpsim.report.folder import MARKER, put_in_place


def write_folder(folder: Path, trace: Trace, weeks: tuple[int, int] | None = None) -> None:
    """Write the folder, in place of an earlier one of ours; raises FolderError if it holds anything else."""
    versions = {
        "icpsim": metadata.version("icpsim"),
        "python": sys.version.split()[0],
        "scenario": trace.scenario.scenario,
        "seed": trace.seed,
        "replicate": trace.replicate,
        "person": trace.who.person,
    }
    with put_in_place(folder) as fresh:
        (fresh / "trace.txt").write_text("\n".join(printed(trace, weeks)) + "\n", encoding="utf-8")
        told = json.dumps(as_object(trace, weeks), indent=2, ensure_ascii=False, allow_nan=False)
        (fresh / "trace.json").write_text(told + "\n", encoding="utf-8")
        (fresh / "scenario.yaml").write_text(trace.scenario.to_yaml(), encoding="utf-8")
        write_picture(trace, fresh / "picture.png", weeks)
        (fresh / MARKER).write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")

"""A try-out's folder and JSON object: rows, power against size, every replicate's figures, the recommendation."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

import icpsim
from icpsim.questions.designs.answer import DesignStudy
from icpsim.questions.designs.recommend import EMERGENCY, recommendation, recommended
from icpsim.questions.designs.sizes import size_rows
from icpsim.questions.study.show_json import _clean
from icpsim.report.folder import LIBRARIES, MARKER, put_in_place, write_table


def as_object(study: DesignStudy, outcome: str = EMERGENCY) -> dict[str, Any]:
    """Return plain values of a try-out; unknown numbers are null."""
    best = recommended(study.rows, outcome)
    rows = [
        asdict(row)
        | {"title": row.about.title, "estimand": row.about.estimand, "naive": row.about.naive, "sound": row.sound}
        for row in study.rows
    ]
    found: dict[str, Any] = _clean(
        {
            "scenario": study.scenario.scenario,
            "version": icpsim.__version__,
            "seed": study.seed,
            "replicates": study.replicates,
            "outcome": outcome,
            "recommended": None if best is None else best.design,
            "recommendation": recommendation(study.rows, outcome),
            "rows": rows,
            "sizes": [asdict(size) for row in study.rows for size in size_rows(row)],
            "checks": [asdict(check) for check in study.checks],
            "problems": list(study.problems),
        }
    )
    return found


def write_designs(folder: Path, study: DesignStudy, outcome: str = EMERGENCY) -> None:
    """Write all of a try-out; replaces an earlier folder of ours, and leaves nothing half-written.

    Raises FolderError when the folder holds what icpsim did not write.
    """
    from icpsim.questions.designs.show_picture import write_picture
    from icpsim.questions.designs.show_power import write_power

    told = as_object(study, outcome)
    with put_in_place(folder) as fresh:
        write_table(fresh / "rows.parquet", told["rows"])
        write_table(fresh / "sizes.parquet", told["sizes"])
        if told["checks"]:
            write_table(fresh / "checks.parquet", told["checks"])
        write_table(
            fresh / "figures.parquet",
            [
                {"replicate": number, "figure": name, "value": value}
                for number, figures in enumerate(study.figures)
                for name, value in figures.items()
            ],
        )
        (fresh / "answer.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        (fresh / "answer.txt").write_text(told["recommendation"] + "\n", encoding="utf-8")
        (fresh / "scenario.yaml").write_text(study.scenario.to_yaml(), encoding="utf-8")
        write_picture(study, outcome, fresh / "designs.png")
        write_power(study, outcome, fresh / "power.png")
        versions = {
            "icpsim": icpsim.__version__,
            "python": sys.version.split()[0],
            "seed": study.seed,
            "replicates": study.replicates,
            "libraries": {library: metadata.version(library) for library in LIBRARIES},
        }
        (fresh / MARKER).write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")

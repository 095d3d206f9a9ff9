"""A try-out's folder and JSON object: rows, power against size, every replicate's figures, the recommendation."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import icpsim
from icpsim.questions.designs.answer import DesignStudy
from icpsim.questions.designs.recommend import EMERGENCY, recommendation, recommended
from icpsim.questions.designs.sizes import size_rows
from icpsim.report.as_json import json_object
from icpsim.report.folder import answer_folder, write_figures, write_table, write_told


def as_object(study: DesignStudy, outcome: str = EMERGENCY) -> dict[str, Any]:
    """Return plain values of a try-out; unknown numbers are null."""
    best = recommended(study.rows, outcome)
    rows = [
        asdict(row)
        | {"title": row.about.title, "estimand": row.about.estimand, "naive": row.about.naive, "sound": row.sound}
        for row in study.rows
    ]
    return json_object(
        {
            "scenario": study.scenario.scenario,
            "version": icpsim.__version__,
            "seed": study.seed,
            "replicates": study.replicates,
            "outcome": outcome,
            "recommended": None if best is None else best.design,
            "recommendation": recommendation(study.rows, outcome),
            "rows": rows,
            "sizes": [size for row in study.rows for size in size_rows(row)],
            "checks": study.checks,
            "problems": study.problems,
        }
    )


def write_designs(folder: Path, study: DesignStudy, outcome: str = EMERGENCY) -> None:
    """Write all of a try-out; replaces an earlier folder of ours, and leaves nothing half-written.

    Raises FolderError when the folder holds what icpsim did not write.
    """
    from icpsim.questions.designs.show_picture import write_picture
    from icpsim.questions.designs.show_power import write_power

    told = as_object(study, outcome)
    made = {"seed": study.seed, "replicates": study.replicates}
    with answer_folder(folder, icpsim.__version__, made) as fresh:
        write_table(fresh / "rows.parquet", told["rows"])
        write_table(fresh / "sizes.parquet", told["sizes"])
        if told["checks"]:
            write_table(fresh / "checks.parquet", told["checks"])
        write_figures(fresh, study.figures)
        write_told(fresh, told, [told["recommendation"]])
        (fresh / "scenario.yaml").write_text(study.scenario.to_yaml(), encoding="utf-8")
        write_picture(study, outcome, fresh / "designs.png")
        write_power(study, outcome, fresh / "power.png")

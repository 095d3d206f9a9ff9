"""What drove an arm's change, over replicates: each mechanism's part, summing to the total."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from icpsim.base.intervals import further_value
from icpsim.base.kinds import Progress
from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.counts import cell
from icpsim.questions.compare.results import NO_PROGRAMME, DrivenChange, Part
from icpsim.questions.compare.rows import years
from icpsim.questions.compare.runs import Comparison
from icpsim.questions.compare.waterfall_unit import MONEY as MONEY_CELLS
from icpsim.questions.compare.waterfall_unit import PENCE, DrivenArm
from icpsim.report.measures import COUNT, MONEY
from icpsim.runs.engine import Workers, run_units

TOTAL = "total"
Figures = tuple[dict[str, float], ...]


def drive(
    arms: Sequence[Arm],
    replicates: int,
    seed: int,
    workers: Workers = 1,
    progress: Progress = lambda *_: None,
    *,
    drawn: bool = True,
    work: Path | None = None,
) -> dict[int, Figures]:
    """Part every arm's change by mechanism in its first ``replicates``; returns figures by place of the arm."""
    units = [DrivenArm(arm, seed, number, drawn) for arm in arms for number in range(replicates)]
    figures = run_units(units, workers, progress, "parting the change by mechanism", work)
    return {place: tuple(figures[place * replicates : (place + 1) * replicates]) for place in range(len(arms))}


def driven_change(
    comparison: Comparison, place: int, figures: Figures, measure: str, group: tuple[str, str] = ("total", "all")
) -> DrivenChange:
    """Return the mechanisms' parts of one cell's change a year, as means over replicates with 90% of worlds.

    A mechanism that some replicates' draws leave without strength has a part of 0 there.
    """
    name = cell(measure, *group)
    per = years(comparison) * (PENCE if name.startswith(MONEY_CELLS) else 1.0)
    mechanisms = dict.fromkeys(
        key.rpartition("/")[0] for row in figures for key in row if key.endswith(f"/{name}")
    )

    def part(what: str, scaled: bool = True) -> Part:
        values = [row.get(f"{what}/{name}", 0.0) / (row["scale"] if scaled else 1.0) / per for row in figures]
        return Part(what, *further_value(np.array(values)))

    return DrivenChange(
        arm=comparison.arms[place].label,
        against=NO_PROGRAMME,
        measure=measure,
        unit=MONEY if name.startswith(MONEY_CELLS) else COUNT,
        total=part(TOTAL, scaled=False),
        parts=tuple(part(what) for what in mechanisms if what != TOTAL),
    )

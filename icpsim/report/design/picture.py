"""One picture of a try-out: each design's bias, and the smallest effect it sees against the number of people."""

from __future__ import annotations

from collections.abc import Sequence
from math import expm1, isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import icpsim
from icpsim.comparison.results import MONEY, RELATIVE, About
from icpsim.laboratory.recommend import named
from icpsim.laboratory.study import DesignStudy
from icpsim.laboratory.summary import COST, DesignRow, size_rows
from icpsim.report.comparison.style import (
    BLACK,
    BLUE,
    GREEN,
    MIDDLE,
    MUTED,
    ORANGE,
    PINK,
    RED,
    SKY,
    SMALL,
    plain_axis,
    reach,
    whisker,
    wrapped,
    write,
)
from icpsim.report.labels import label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = (BLUE, RED, GREEN, PINK, ORANGE, SKY, BLACK, MUTED)
WINDOW = 26


def write_picture(study: DesignStudy, outcome: str, path: Path) -> Path:
    """Draw one outcome's designs at 26 weeks of follow-up (or the longest there is); return the path."""
    own = [row for row in study.rows if row.outcome == outcome]
    weeks = {row.window for row in own}
    window = WINDOW if WINDOW in weeks or not weeks else max(weeks)
    rows = [row for row in own if row.window == window]
    planned = study.scenario.study
    places = sum(programme.enrolment_total for programme in study.scenario.programmes)
    about = About(
        study.scenario.title,
        f"{places:,} places",
        f"{planned.programme_weeks} weeks of enrolment",
        study.replicates,
        study.seed,
        icpsim.__version__,
    )
    note = (
        f"{label(outcome)}, {window} weeks of follow-up. Left: mean error with its 95% Monte Carlo interval;"
        " hollow: when the programme has no effect. Right: by the root-n law from the scenario's size"
    )
    return write(lambda figure: _draw(figure, rows, outcome), about, note, path)


def _draw(figure: Figure, rows: Sequence[DesignRow], outcome: str) -> str:
    errors, sizes = figure.subplots(1, 2, width_ratios=(1.1, 1.0))
    unit = MONEY if outcome == COST else RELATIVE

    def seen(value: float) -> float:
        return value if outcome == COST else expm1(value)

    limits = [0.0]
    for place, row in enumerate(rows):
        colour = COLOURS[place % len(COLOURS)]
        ends = [seen(row.bias + side * 1.96 * row.bias_se) for side in (-1, 1)]
        whisker(errors, place, seen(row.bias), ends[0], ends[1], colour)
        if isfinite(row.null_bias):
            errors.plot(
                [seen(row.null_bias)], [place + 0.22], "o", color=colour, markerfacecolor="none", markersize=7
            )
        limits += [end for end in (*ends, seen(row.bias), seen(row.null_bias)) if isfinite(end)]
        steps = size_rows(row)
        sizes.plot(
            [step.cases for step in steps],
            [seen(-step.smallest) for step in steps],
            "o-",
            color=colour,
            label=named(row),
        )
    errors.axvline(0.0, color=MUTED, linewidth=1.2, zorder=0)
    errors.set_xlim(*reach(limits))
    errors.set_yticks(range(len(rows)), [wrapped(named(row)) for row in rows])
    errors.set_ylim(len(rows) - 0.4, -0.6)
    plain_axis(errors, unit)
    errors.set_title("estimate less truth", fontsize=MIDDLE, loc="left")
    sizes.set_xscale("log", base=2)
    sizes.set_xlabel("people with the programme", fontsize=MIDDLE)
    sizes.set_title("smallest effect seen with 80% power", fontsize=MIDDLE, loc="left")
    plain_axis(sizes, unit, "y")
    sizes.set_xticks([step.cases for step in size_rows(rows[0])] if rows else [])
    sizes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    sizes.minorticks_off()
    if rows:
        sizes.legend(fontsize=SMALL, frameon=False)
    return f"What would your evaluation be able to see? {label(outcome).capitalize()}"

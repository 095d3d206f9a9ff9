"""Power against the number of people and against the length of follow-up, for designs without visible bias."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from icpsim.questions.designs.answer import DesignStudy
from icpsim.questions.designs.recommend import named
from icpsim.questions.designs.show_picture import about, shown_window
from icpsim.questions.designs.sizes import size_rows
from icpsim.questions.designs.summary import DesignRow
from icpsim.report.figure import MIDDLE, MUTED, SERIES, SMALL, plain_axis, wrapped, write
from icpsim.report.words import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = (*SERIES, MUTED)
MARKERS = "osD^vP*X"
TIMES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Multiples of the scenario's enrolment along the axis."""


def write_power(study: DesignStudy, outcome: str, path: Path) -> Path | None:
    """Draw power against people and follow-up; return the path, None when every design is biased or naive."""
    window = shown_window(study, outcome)
    rows = [row for row in study.rows if row.outcome == outcome and row.sound]
    here = sorted((row for row in rows if row.window == window), key=lambda row: -row.power)[: len(COLOURS)]
    if not here:
        return None
    note = (
        f"{label(outcome)}. Designs without visible bias, at most {len(COLOURS)}; the chance of p < 0.05 at the"
        f" programme's own effect. Left: {window} weeks, by the root-n law; marks: simulated, at the scenario's"
        " own size. Right: as simulated"
    )
    return write(lambda figure: _draw(figure, here, rows, outcome), about(study), note, path)


def _draw(figure: Figure, here: Sequence[DesignRow], rows: Sequence[DesignRow], outcome: str) -> str:
    sizes, weeks = figure.subplots(1, 2, sharey=True)
    for colour, marker, row in zip(COLOURS, MARKERS, here, strict=False):
        steps = size_rows(row, TIMES)
        name = wrapped(named(row), 40)
        sizes.plot(TIMES, [s.power for s in steps], "-", color=colour, linewidth=2)
        sizes.plot([1.0], [row.power], marker, color=colour, markersize=9)
        own = sorted(
            (other.window, other.power)
            for other in rows
            if (other.design, other.variant) == (row.design, row.variant)
        )
        weeks.plot(*zip(*own, strict=True), f"{marker}-", color=colour, linewidth=2, markersize=8, label=name)
    sizes.set_xscale("log", base=2)
    _finish(sizes, "times the scenario's people")
    _finish(weeks, "weeks of follow-up")
    sizes.set_xticks(TIMES)
    sizes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    sizes.minorticks_off()
    weeks.set_xticks(sorted({row.window for row in rows}))
    weeks.legend(fontsize=SMALL - 1, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return f"How likely is it to see the programme's effect? {label(outcome).capitalize()}"


def _finish(axis: Axes, along: str) -> None:
    axis.axhline(0.8, color=MUTED, linewidth=1.0, linestyle=":", zorder=0)
    axis.set_ylim(-0.03, 1.03)
    axis.set_yticks([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], ["0%", "20%", "40%", "60%", "80%", "100%"])
    axis.set_xlabel(along, fontsize=MIDDLE)
    plain_axis(axis, along="y")

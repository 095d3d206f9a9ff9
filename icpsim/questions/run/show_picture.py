"""The picture of a study: observed, estimated and true with their 90% intervals, as a PNG for a slide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from icpsim.questions.run.answer import OutcomeResult, StudyResult
from icpsim.report.amounts import replicates
from icpsim.report.figure import BLACK, BLUE, MUTED, RED, bare, slide
from icpsim.report.terminal_plot import Dot, axis_for
from icpsim.report.words import RATIO, effect, label, percent, pounds, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"observed": BLACK, "estimated": BLUE, "true": RED}
MARKERS = {"observed": "o", "estimated": "s", "true": "D"}
GAP = 1.6
"""Room for an outcome's heading, in rows."""


def write_picture(result: StudyResult, path: Path) -> None:
    """Draw rate ratios as per cent change and cost in GBP, each value on a row of its own; 1920 x 1080 px."""
    slide(
        lambda figure: _draw(figure, result),
        f"Points and 90% intervals; estimated and true from {replicates(result.replicates)},"
        f" {result.cases:,.0f} simulated cases; icpsim {result.version}, seed {result.seed}",
        path,
        large=20,
        small=12,
    )


def _draw(figure: Figure, result: StudyResult) -> str:
    panels = _panels(result.pictured)
    heights = [_height(rows) for rows in panels]
    axes = figure.subplots(len(panels), 1, height_ratios=heights, squeeze=False)[:, 0]
    for axis, rows in zip(axes, panels, strict=True):
        _draw_panel(axis, rows)
    return f"{result.title}: what was observed, estimated, and true"


def _panels(outcomes: Sequence[OutcomeResult]) -> list[list[OutcomeResult]]:
    measures = dict.fromkeys(row.measure for row in outcomes)
    return [[row for row in outcomes if row.measure == measure] for measure in measures]


def _height(rows: Sequence[OutcomeResult]) -> float:
    return sum(len(row.known) + GAP for row in rows) + 1.0


def _draw_panel(axis: Axes, rows: Sequence[OutcomeResult]) -> None:
    axis.axvline(0.0, color=MUTED, linewidth=1.2, zorder=0)
    position, ticks, names = 0.0, [], []
    limits = axis_for([Dot(k, *(shown(r.measure, v) for v in n)) for r in rows for k, n in r.known.items()])
    axis.set_xlim(limits.low, limits.high + 0.12 * (limits.high - limits.low))
    for row in rows:
        axis.text(
            0.005,
            position + 0.1,
            label(row.outcome),
            transform=axis.get_yaxis_transform(),
            fontsize=16,
            fontweight="bold",
            va="center",
        )
        for kind, numbers in row.known.items():
            position += 1.0
            _draw_value(axis, row, kind, numbers, position)
            ticks.append(position)
            names.append(kind)
        position += GAP
    axis.set_ylim(position - GAP + 0.8, -0.5)
    axis.set_yticks(ticks, names, fontsize=14)
    for tick, name in zip(axis.get_yticklabels(), names, strict=True):
        tick.set_color(COLOURS[name])
    _style(axis, rows[0].measure)


def _draw_value(
    axis: Axes, row: OutcomeResult, kind: str, numbers: tuple[float, float, float], position: float
) -> None:
    value, low, high = (shown(row.measure, number) for number in numbers)
    colour = COLOURS[kind]
    if math.isfinite(low) and math.isfinite(high):
        axis.plot([low, high], [position, position], color=colour, linewidth=3, solid_capstyle="butt")
    axis.plot([value], [position], marker=MARKERS[kind], markersize=11, color=colour, linestyle="none")
    right = max(high, value) if math.isfinite(high) else value
    left_edge, right_edge = axis.get_xlim()
    axis.annotate(
        _words(row, kind, numbers[0]),
        (min(right, right_edge - 0.12 * (right_edge - left_edge)), position),
        xytext=(12, 0),
        textcoords="offset points",
        fontsize=15,
        color=colour,
        va="center",
        bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
    )


def _words(row: OutcomeResult, kind: str, value: float) -> str:
    words = effect(row.measure, value, 0 if kind == "observed" else 1)
    relative = getattr(row, f"relative_{kind}")
    if row.measure != RATIO and math.isfinite(relative):
        words += f" ({percent(relative)})"
    return f"{words} outside" if kind == "observed" and row.inside is False else words


def _style(axis: Axes, measure: str) -> None:
    from matplotlib.ticker import FuncFormatter

    ratio = measure == RATIO
    axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: percent(x / 100) if ratio else pounds(x)))
    axis.set_xlabel("change in rate" if ratio else "difference, £ per patient", fontsize=14)
    axis.tick_params(axis="x", labelsize=13)
    axis.tick_params(axis="y", length=0)
    bare(axis, sides=("top", "right", "left"))

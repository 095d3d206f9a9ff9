"""The picture of a try-out, row by row: each design's bias, its power, and the smallest effect that it sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import expm1, isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import icpsim
from icpsim.questions.designs.answer import DesignStudy
from icpsim.questions.designs.recommend import named
from icpsim.questions.designs.sizes import SIZES, size_rows
from icpsim.questions.designs.summary import COST, DesignRow
from icpsim.report.figure import (
    BLUE,
    FAINT,
    GREEN,
    MIDDLE,
    MUTED,
    RED,
    SMALL,
    plain_axis,
    reach,
    tick,
    whisker,
    wrapped,
    write,
)
from icpsim.report.measures import MONEY, RELATIVE, About
from icpsim.report.words import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WINDOW = 26
NAME_WIDTH = 38
"""Letters of a design's name on one line."""


def shown_window(study: DesignStudy, outcome: str) -> int:
    """Return the length of follow-up that pictures of one size show: 26 weeks, or the longest tried."""
    weeks = {row.window for row in study.rows if row.outcome == outcome}
    return WINDOW if WINDOW in weeks or not weeks else max(weeks)


def about(study: DesignStudy) -> About:
    """Return who, when and how often, as it stands under every picture."""
    planned = study.scenario.study
    places = sum(programme.enrolment_total for programme in study.scenario.programmes)
    return About(
        study.scenario.title,
        f"{places:,} places",
        f"{planned.programme_weeks} weeks of enrolment",
        study.replicates,
        study.seed,
        icpsim.__version__,
    )


def on_axis(outcome: str) -> Callable[[float], float]:
    """Return how an effect is put on an axis: pounds as they are, log ratios as relative changes."""
    return (lambda value: value) if outcome == COST else expm1


def write_picture(study: DesignStudy, outcome: str, path: Path) -> Path:
    """Draw one outcome's designs at 26 weeks of follow-up (or the longest there is); return the path."""
    window = shown_window(study, outcome)
    rows = [row for row in study.rows if row.outcome == outcome and row.window == window]
    note = (
        f"{label(outcome)}, {window} weeks of follow-up. Bias: mean of estimate less truth, with 95% Monte Carlo"
        " limits; hollow: with effects off; grey: naive; red: visibly biased. Sizes by the root-n law"
    )
    return write(lambda figure: _draw(figure, rows, outcome), about(study), note, path)


def _draw(figure: Figure, rows: Sequence[DesignRow], outcome: str) -> str:
    errors, chances, sizes = figure.subplots(1, 3, sharey=True, width_ratios=(1.1, 0.8, 1.0))
    unit = MONEY if outcome == COST else RELATIVE
    _biases(errors, rows, outcome, unit)
    _chances(chances, rows)
    _smallest(sizes, rows, outcome, unit)
    errors.set_yticks(range(len(rows)), [wrapped(named(row), NAME_WIDTH) for row in rows])
    errors.tick_params(axis="y", labelsize=SMALL if len(rows) < 12 else SMALL - 2)
    errors.set_ylim(len(rows) - 0.4, -0.6)
    return f"What would your evaluation be able to see? {label(outcome).capitalize()}"


def _biases(axis: Axes, rows: Sequence[DesignRow], outcome: str, unit: str) -> None:
    """Draw biases; the axis holds the designs that are not naive, and an arrow points to what lies beyond."""
    seen = on_axis(outcome)
    ends = [[seen(row.bias + side * 1.96 * row.bias_se) for side in (-1, 1)] for row in rows]
    kept = [
        end
        for row, pair in zip(rows, ends, strict=True)
        if not row.about.naive
        for end in (*pair, seen(row.bias), seen(row.null_bias))
    ]
    low, high = reach(kept or [end for pair in ends for end in pair])
    axis.axvline(0.0, color=MUTED, linewidth=1.2, zorder=0)
    for place, (row, pair) in enumerate(zip(rows, ends, strict=True)):
        colour = _colour(row)
        for value, offset, face in ((seen(row.bias), 0.0, colour), (seen(row.null_bias), 0.24, "none")):
            if not isfinite(value):
                continue
            if low <= value <= high:
                axis.plot([value], [place + offset], "o", color=colour, markerfacecolor=face, markersize=6)
                continue
            edge, marker, side = (low, "<", "left") if value < low else (high, ">", "right")
            axis.plot([edge], [place + offset], marker, color=colour, markerfacecolor=face, clip_on=False)
            gap = 0.03 * (high - low) * (1 if side == "left" else -1)
            if offset == 0.0:
                beyond = f"{tick(unit, value)}, effects off {tick(unit, seen(row.null_bias))}"
                axis.text(edge + gap, place, beyond, va="center", ha=side, fontsize=SMALL - 2)
        if low <= seen(row.bias) <= high:
            whisker(axis, place, seen(row.bias), max(pair[0], low), min(pair[1], high), colour, size=0)
    axis.set_xlim(low, high)
    plain_axis(axis, unit)
    axis.set_title("bias", fontsize=MIDDLE, loc="left")


def _chances(axis: Axes, rows: Sequence[DesignRow]) -> None:
    marks: dict[str, tuple[str, str, list[float]]] = {
        "power": (BLUE, "o", [row.power for row in rows]),
        "power by formula": (GREEN, "D", [row.formula_power for row in rows]),
        "false alarms, effects off": (RED, "x", [row.false_alarms for row in rows]),
    }
    for name, (colour, marker, values) in marks.items():
        known = [(value, place) for place, value in enumerate(values) if isfinite(value)]
        if known:
            face = "none" if marker == "D" else colour
            axis.plot(*zip(*known, strict=True), marker, color=colour, markerfacecolor=face, label=name)
    axis.axvline(0.05, color=RED, linewidth=1.0, linestyle=":", zorder=0)
    axis.axvline(0.8, color=MUTED, linewidth=1.0, linestyle=":", zorder=0)
    axis.set_xlim(-0.04, 1.04)
    plain_axis(axis)
    axis.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0%", "25%", "50%", "75%", "100%"])
    axis.set_title("chance of p < 0.05", fontsize=MIDDLE, loc="left")
    axis.legend(fontsize=SMALL - 2, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.05))


def _smallest(axis: Axes, rows: Sequence[DesignRow], outcome: str, unit: str) -> None:
    seen, limits = on_axis(outcome), [0.0]
    for place, row in enumerate(rows):
        if row.about.naive or not isfinite(row.smallest):
            continue
        steps = [seen(-step.smallest) for step in size_rows(row)]
        axis.plot(steps, [place] * len(steps), color=FAINT, linewidth=2.5, zorder=1)
        for k, value in enumerate(steps):
            axis.plot([value], [place], "o", color=BLUE, markersize=3 + 2 * k, alpha=0.35 + 0.2 * k, zorder=2)
        if isfinite(row.truth) and row.truth < 0:
            axis.plot([seen(row.truth)], [place], "|", color=RED, markersize=16, markeredgewidth=2.5, zorder=3)
            limits.append(seen(row.truth))
        limits += steps
    axis.set_xlim(*reach(limits))
    plain_axis(axis, unit)
    axis.set_title("smallest fall seen with 80% power", fontsize=MIDDLE, loc="left")
    times = ", ".join(f"{scale:g}" for scale in SIZES)
    axis.set_xlabel(
        f"dots, small to large: {times} x the size\nred bar: the true effect, if it is a fall", fontsize=SMALL - 2
    )


def _colour(row: DesignRow) -> str:
    return MUTED if row.about.naive else BLUE if row.sound else RED

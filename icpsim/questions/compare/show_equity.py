"""Who gains by deprivation: rate differences by quintile, with the line whose slope is their inequality."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from icpsim.questions.compare.results import Equity
from icpsim.report.amounts import PER, plain, with_interval
from icpsim.report.figure import BLUE, FAINT, MIDDLE, MUTED, RED, SMALL, plain_axis, reach, upright, wrapped, write
from icpsim.report.measures import RATE, About
from icpsim.report.words import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_ARMS = 6
_COLUMNS = 3


def write_equity(arms: Sequence[Equity], about: About, path: Path) -> Path:
    """Draw one panel an arm, the first MOST_ARMS, on one scale. All are of one measure and one reference."""
    note = (
        "Points: means; lines: 90% of single worlds; quintile 5 is the most deprived; slope index: the line's rise"
        f" from the least to the most deprived; relative index: {arms[0].against}, then the arm (1 = equal)"
    )
    if len(arms) > MOST_ARMS:
        note += f"; the first {MOST_ARMS} of {len(arms)} arms"
    return write(lambda figure: _draw(figure, arms[:MOST_ARMS]), about, note, path)


def _draw(figure: Figure, arms: Sequence[Equity]) -> str:
    rows = -(-len(arms) // _COLUMNS)
    panels = figure.subplots(rows, -(-len(arms) // rows), sharey=True, squeeze=False)
    ends = [v for one in arms for q in one.quintiles for v in (q.estimate, q.low, q.high)]
    lines = [v for one in arms for v in (one.intercept, one.intercept + one.slope.estimate)]
    for axis, arm in zip(panels.ravel(), arms, strict=False):
        _panel(axis, arm)
        axis.set_ylim(*reach([*ends, *lines]))
    for axis in panels.ravel()[len(arms) :]:
        axis.set_visible(False)
    for axis in panels[:, 0]:
        axis.set_ylabel(PER[RATE], fontsize=SMALL)
    return f"Who gains by deprivation: difference in {words(arms[0].measure)} against {arms[0].against}"


def _panel(axis: Axes, arm: Equity) -> None:
    axis.axhline(0.0, color=MUTED, linewidth=1.2, zorder=0)
    axis.plot([0.0, 1.0], [arm.intercept, arm.intercept + arm.slope.estimate], color=RED, linewidth=2, zorder=1)
    for quintile in arm.quintiles:
        upright(axis, quintile.position, quintile.estimate, quintile.low, quintile.high, BLUE)
    slope = with_interval(RATE, arm.slope.estimate, arm.slope.low, arm.slope.high)
    axis.set_title(
        f"{wrapped(arm.arm, 40)}\nslope index {slope}\nrelative index {plain(arm.relative_against.estimate)}"
        f" → {plain(arm.relative.estimate)}",
        fontsize=MIDDLE,
        loc="left",
    )
    plain_axis(axis, RATE, "y")
    axis.set_xlim(0, 1)
    axis.set_xticks([q.position for q in arm.quintiles], [str(q.quintile) for q in arm.quintiles], fontsize=SMALL)
    axis.set_xlabel("deprivation quintile", fontsize=SMALL)
    axis.spines["bottom"].set_color(FAINT)

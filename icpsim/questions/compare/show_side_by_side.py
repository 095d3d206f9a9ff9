"""Arms side by side: admissions avoided, true and estimated effect, cost, each with its 90% interval."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from icpsim.questions.compare.results import ComparedRow, arms, one
from icpsim.report.amounts import number
from icpsim.report.figure import (
    BLACK,
    BLUE,
    FAINT,
    GREEN,
    MIDDLE,
    MUTED,
    PINK,
    RED,
    SMALL,
    plain_axis,
    reach,
    whisker,
    wrapped,
    write,
)
from icpsim.report.measures import ALL, AVOIDED, COST, COST_ALONE, COUNT, ESTIMATED, MONEY, RELATIVE, TRUE, About

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_ARMS = 8
_PANELS = (
    ("emergency admissions avoided,\na year", COUNT, ((AVOIDED, GREEN, "o"),)),
    ("change in emergency admissions\nof the enrolled", RELATIVE, ((TRUE, RED, "D"), (ESTIMATED, BLUE, "s"))),
    ("net cost,\n£ a year", MONEY, ((COST, PINK, "o"), (COST_ALONE, BLACK, "s"))),
)
_CALLED = {
    TRUE: "true",
    ESTIMATED: "estimated by the evaluation",
    COST: "as it is",
    COST_ALONE: "without the list-wide fall",
}
"""What measures of one panel are told apart by."""


def write_side_by_side(rows: Sequence[ComparedRow], against: str, about: About, path: Path) -> Path:
    """Draw every arm's headline measures against ``against``; at most MOST_ARMS arms, the first ones."""
    found = [row for row in rows if row.against == against and row.grouping == ALL]
    names = arms(found)
    note = (
        f"Points: means; lines: where 90% of single worlds lie; every arm against {against}: the same people on"
        " the same draws"
    )
    if len(names) > MOST_ARMS:
        note += f"; the first {MOST_ARMS} of {len(names)} arms"
    return write(lambda figure: _draw(figure, found, names[:MOST_ARMS]), about, note, path)


def _draw(figure: Figure, rows: Sequence[ComparedRow], names: Sequence[str]) -> str:
    panels = figure.subplots(1, len(_PANELS), sharey=True, width_ratios=(1.0, 1.25, 1.0))
    for axis, (heading, unit, all_measures) in zip(panels, _PANELS, strict=True):
        alone = any(row.measure == COST_ALONE for row in rows)
        measures = [one_of for one_of in all_measures if alone or one_of[0] != COST_ALONE]
        axis.axvline(0.0, color=MUTED, linewidth=1.2, zorder=0)
        shown = [[one(rows, arm=name, measure=measure) for measure, _, _ in measures] for name in names]
        known = [row for group in shown for row in group if row is not None]
        axis.set_xlim(*reach([v for row in known for v in (row.estimate, row.low, row.high)]))
        for k, group in enumerate(shown):
            axis.axhspan(k - 0.5, k + 0.5, color=FAINT, alpha=0.5 if k % 2 else 0.0, linewidth=0)
            _draw_arm(axis, k, group, measures)
        plain_axis(axis, unit)
        axis.set_title(heading, fontsize=MIDDLE, loc="left", pad=30)
        _legend(axis, measures)
    panels[0].set_yticks(range(len(names)), [wrapped(name) for name in names])
    panels[0].tick_params(axis="y", labelsize=MIDDLE if len(names) <= 6 else SMALL)
    panels[0].set_ylim(len(names) - 0.5, -0.7)
    return "What each arm does, and what an evaluation as published would find"


def _draw_arm(
    axis: Axes, place: int, group: Sequence[ComparedRow | None], measures: Sequence[tuple[str, str, str]]
) -> None:
    """Draw one arm's values of a panel, each with its number above it."""
    step = 0.44
    for j, (row, (_, colour, marker)) in enumerate(zip(group, measures, strict=True)):
        if row is None:
            continue
        across = place + (j - (len(measures) - 1) / 2) * step + 0.06
        whisker(axis, across, row.estimate, row.low, row.high, colour, marker)
        axis.annotate(
            number(row.unit, row.estimate),
            (row.estimate, across),
            xytext=(0, 6),
            textcoords="offset points",
            fontsize=SMALL,
            color=colour,
            ha="center",
            va="bottom",
            annotation_clip=False,
        )


def _legend(axis: Axes, measures: Sequence[tuple[str, str, str]]) -> None:
    if len(measures) == 1:
        return
    for measure, colour, marker in measures:
        axis.plot([], [], marker, color=colour, label=_CALLED[measure], markersize=7)
    axis.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.01),
        ncols=2,
        fontsize=SMALL,
        frameon=False,
        handletextpad=0.1,
        columnspacing=1.0,
        borderaxespad=0.0,
    )

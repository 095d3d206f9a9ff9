"""Where two arms differ: by week, age, deprivation, condition and practice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from icpsim.questions.compare.results import ComparedRow, select
from icpsim.report.amounts import PER, group_name
from icpsim.report.figure import BLUE, MIDDLE, MUTED, SMALL, plain_axis, reach, upright, whisker, wrapped, write
from icpsim.report.measures import AGE, CONDITION, DEPRIVATION, MONEY, PRACTICE, WEEK, About
from icpsim.report.words import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_BARS = 14
"""Conditions that are shown: those that differ most."""


def write_by_group(
    rows: Sequence[ComparedRow], arm: str, against: str, measure: str, about: About, path: Path
) -> Path:
    """Draw the differences of one measure between two arms; groupings without rows are left out."""
    found = select(rows, arm=arm, against=against, measure=measure)
    note = "Points, bands and whiskers: means and where 90% of single worlds lie; arm less reference, same draws"
    return write(lambda figure: _draw(figure, found, arm, against, measure), about, note, path)


def _draw(figure: Figure, rows: Sequence[ComparedRow], arm: str, against: str, measure: str) -> str:
    cells = figure.add_gridspec(2, 3, width_ratios=(1.0, 1.0, 1.3))
    places = {
        WEEK: cells[0, :2],
        CONDITION: cells[0, 2],
        AGE: cells[1, 0],
        DEPRIVATION: cells[1, 1],
        PRACTICE: cells[1, 2],
    }
    for grouping, place in places.items():
        axis = figure.add_subplot(place)
        found = select(rows, grouping=grouping)
        if not found:
            axis.set_visible(False)
            continue
        _PANELS[grouping](axis, found)
        unit = PER[found[0].unit]
        if grouping == WEEK:
            unit = f"{'£' if found[0].unit == MONEY else 'number'} in each week"
        axis.set_title(f"{_HEADINGS[grouping]}\n{unit}", fontsize=MIDDLE, loc="left")
    return f"Difference in {words(measure)}: {arm} against {against}"


def _weeks(axis: Axes, rows: Sequence[ComparedRow]) -> None:
    ordered = sorted(rows, key=lambda row: int(row.group))
    weeks = [int(row.group) for row in ordered]
    low, high = ([getattr(row, end) for row in ordered] for end in ("low", "high"))
    axis.axhline(0.0, color=MUTED, linewidth=1.2)
    axis.fill_between(weeks, low, high, color=BLUE, alpha=0.25, linewidth=0)
    axis.plot(weeks, [row.estimate for row in ordered], color=BLUE, linewidth=2)
    axis.set_xlim(weeks[0], max(weeks[-1], weeks[0] + 1))
    axis.set_xlabel("weeks since the programme's start", fontsize=SMALL)
    plain_axis(axis, rows[0].unit, "y")


def _groups(axis: Axes, rows: Sequence[ComparedRow]) -> None:
    axis.axhline(0.0, color=MUTED, linewidth=1.2, zorder=0)
    for k, row in enumerate(rows):
        upright(axis, k, row.estimate, row.low, row.high, BLUE)
    axis.set_xticks(range(len(rows)), [wrapped(row.group, 9) for row in rows], fontsize=SMALL)
    axis.set_xlim(-0.6, len(rows) - 0.4)
    plain_axis(axis, rows[0].unit, "y")
    axis.tick_params(axis="x", labelsize=SMALL if len(rows) < 8 else SMALL - 3)


def _conditions(axis: Axes, rows: Sequence[ComparedRow]) -> None:
    shown = sorted(rows, key=lambda row: -abs(row.estimate))[:MOST_BARS]
    shown.sort(key=lambda row: row.estimate)
    axis.axvline(0.0, color=MUTED, linewidth=1.2, zorder=0)
    for k, row in enumerate(shown):
        whisker(axis, k, row.estimate, row.low, row.high, BLUE)
    axis.set_yticks(range(len(shown)), [_short(group_name(row.grouping, row.group)) for row in shown])
    axis.set_ylim(len(shown) - 0.4, -0.6)
    axis.set_xlim(*reach([value for row in shown for value in (row.estimate, row.low, row.high)]))
    plain_axis(axis, rows[0].unit)
    axis.tick_params(axis="y", labelsize=SMALL if len(shown) < 10 else SMALL - 2)


def _practices(axis: Axes, rows: Sequence[ComparedRow]) -> None:
    ordered = sorted(rows, key=lambda row: row.estimate)
    size = float(np.clip(160 / len(ordered), 2, 7))
    axis.axhline(0.0, color=MUTED, linewidth=1.2, zorder=0)
    for k, row in enumerate(ordered):
        upright(axis, k + 1, row.estimate, row.low, row.high, BLUE, size)
    axis.set_xlabel(f"{len(ordered)} practices in order of their difference", fontsize=SMALL)
    axis.set_xlim(0, len(ordered) + 1)
    plain_axis(axis, rows[0].unit, "y")
    axis.set_xticks([])


def _short(group: str) -> str:
    return group if len(group) <= 24 else f"{group[:23]}…"


_PANELS = {WEEK: _weeks, AGE: _groups, DEPRIVATION: _groups, CONDITION: _conditions, PRACTICE: _practices}
_HEADINGS = {
    WEEK: "by week",
    AGE: "by age",
    DEPRIVATION: "by deprivation quintile",
    CONDITION: "by condition",
    PRACTICE: "by practice",
}

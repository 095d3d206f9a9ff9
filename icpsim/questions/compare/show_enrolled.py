"""Whom each policy finds: by age, deprivation, conditions and prior use, and how far policies find the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from icpsim.questions.compare.results import EVERYONE, FoundRow, OverlapRow
from icpsim.report.amounts import group_name
from icpsim.report.figure import MIDDLE, MUTED, SMALL, wrapped, write
from icpsim.report.measures import AGE, CONDITION, DEPRIVATION, PRIOR_USE, About

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEADINGS = {
    AGE: "age",
    DEPRIVATION: "deprivation quintile",
    PRIOR_USE: "emergencies, year before",
    CONDITION: "has the condition",
}


def write_found(found: Sequence[FoundRow], overlap: Sequence[OverlapRow], about: About, path: Path) -> Path:
    """Draw shares of the people whom each policy finds, and the shares whom another policy finds too."""
    note = "Per cent of the people whom each policy finds; overlap: of the row's people, whom the column finds too"
    return write(lambda figure: _draw(figure, found, overlap), about, note, path)


def _draw(figure: Figure, found: Sequence[FoundRow], overlap: Sequence[OverlapRow]) -> str:
    policies = list(dict.fromkeys([*(r.policy for r in found), *(row.policy for row in overlap)]))
    policies.sort(key=lambda policy: policy != EVERYONE)
    top, bottom = figure.subfigures(2, 1, squeeze=False)[:, 0]
    above = top.subplots(1, 3, sharey=True, width_ratios=[max(2, _columns(found, g)) for g in _ABOVE])
    below = bottom.subplots(1, 2, width_ratios=(1.5, 1.0))
    for axis, grouping in zip([*above, below[0]], [*_ABOVE, CONDITION], strict=True):
        groups = list(dict.fromkeys(row.group for row in found if row.grouping == grouping))
        cells = {(row.policy, row.group): row.share for row in found if row.grouping == grouping}
        _heat(axis, _HEADINGS[grouping], policies, groups, cells, partial(group_name, grouping))
    others = [policy for policy in policies if policy != EVERYONE]
    _heat(below[1], "overlap", others, others, {(row.policy, row.other): row.share for row in overlap})
    for axis in above[1:]:
        axis.tick_params(labelleft=False)
    return "Whom each policy finds"


_ABOVE = (AGE, DEPRIVATION, PRIOR_USE)


def _columns(found: Sequence[FoundRow], grouping: str) -> int:
    return len({row.group for row in found if row.grouping == grouping})


def _heat(
    axis: Axes,
    heading: str,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: dict[tuple[str, str], float],
    told: Callable[[str], str] = str,
) -> None:
    """Draw a table of shares whose cells are the darker the larger they are; unknown cells stay white."""
    axis.set_title(heading, fontsize=MIDDLE, loc="left")
    if not rows or not columns:
        axis.text(0.5, 0.5, "nothing to show", ha="center", va="center", color=MUTED, transform=axis.transAxes)
        axis.set_axis_off()
        return
    shares: NDArray[np.float64] = np.array([[cells.get((r, c), np.nan) for c in columns] for r in rows])
    axis.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    letters = SMALL if max(len(rows), len(columns)) <= 8 else SMALL - 3
    for (row, column), share in np.ndenumerate(shares):
        if np.isfinite(share):
            colour = "white" if share > 0.6 else "black"
            axis.text(column, row, f"{100 * share:.0f}", ha="center", va="center", fontsize=letters, color=colour)
    long = max(len(column) for column in columns) > 7
    small = SMALL if len(columns) <= 8 else SMALL - 2
    names = [_cut(told(column)) for column in columns]
    if long:
        axis.set_xticks(
            range(len(columns)), names, fontsize=small, rotation=35, ha="right", rotation_mode="anchor"
        )
    else:
        axis.set_xticks(range(len(columns)), names, fontsize=small)
    axis.set_yticks(range(len(rows)), [_cut(row) for row in rows], fontsize=SMALL if len(rows) <= 8 else SMALL - 3)
    axis.tick_params(length=0)
    for side in axis.spines.values():
        side.set_visible(False)


def _cut(name: str) -> str:
    words = wrapped(name, 100)
    return words if len(words) <= 22 else f"{words[:21]}…"

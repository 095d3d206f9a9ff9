"""The waterfall: what drove a change, mechanism by mechanism, to its total."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from icpsim.questions.compare.results import DrivenChange, Part
from icpsim.questions.compare.waterfall import order
from icpsim.report.amounts import PER, ends, number, summing
from icpsim.report.figure import BLACK, BLUE, MIDDLE, MUTED, RED, SMALL, plain_axis, reach, wrapped, write
from icpsim.report.measures import About
from icpsim.report.words import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def write_waterfall(change: DrivenChange, about: About, path: Path) -> Path:
    """Draw parts, largest first, each starting where the last ended, and their total below them."""
    note = (
        "A mechanism's part: what it adds when it joins the others, averaged over every order of joining;"
        " the parts sum exactly to the total; thin lines: 90% of single worlds"
    )
    return write(lambda figure: _draw(figure, change), about, note, path)


def _draw(figure: Figure, change: DrivenChange) -> str:
    axis = figure.subplots()
    parts = [change.parts[k] for k in order([part.estimate for part in change.parts])]
    starts = [sum(part.estimate for part in parts[:k]) for k in range(len(parts))]
    whiskers = [(start + part.low, start + part.high) for start, part in zip(starts, parts, strict=True)]
    low, high = reach([*starts, change.total.low, change.total.high, change.total.estimate, *sum(whiskers, ())])
    axis.axvline(0.0, color=MUTED, linewidth=1.2, zorder=0)
    for k, (start, part) in enumerate(zip(starts, parts, strict=True)):
        _bar(axis, k, start, part, RED if part.estimate > 0 else BLUE)
        reached = start + part.estimate
        axis.plot([reached, reached], [k, k + 1], color=MUTED, linewidth=1, zorder=0)
    _bar(axis, len(parts), 0.0, change.total, MUTED)
    rows = [*parts, change.total]
    shown = summing(change.unit, [part.estimate for part in parts])
    for k, (part, text) in enumerate(zip(rows, shown, strict=True)):
        axis.text(
            1.02,
            k,
            f"{text} {ends(change.unit, part.low, part.high)}".rstrip(),
            transform=axis.get_yaxis_transform(),
            fontsize=MIDDLE,
            va="center",
            fontweight="bold" if k == len(parts) else "normal",
        )
    axis.set_yticks(range(len(rows)), [*(wrapped(part.mechanism) for part in parts), "total"])
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.set_xlim(low, high)
    plain_axis(axis, change.unit)
    axis.tick_params(axis="y", labelsize=MIDDLE)
    axis.set_xlabel(f"{words(change.measure)}, {PER[change.unit]}", fontsize=SMALL)
    total = number(change.unit, change.total.estimate)
    return f"What drove {total} {words(change.measure)}: {change.arm} against {change.against}"


def _bar(axis: Axes, place: int, start: float, part: Part, colour: str) -> None:
    axis.barh([place], [part.estimate], 0.6, left=start, color=colour, alpha=0.75)
    if part.low == part.low and part.high == part.high:
        axis.plot([start + part.low, start + part.high], [place, place], color=BLACK, linewidth=1.5)

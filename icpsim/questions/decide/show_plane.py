"""The plane of cost against admissions avoided: every draw of every option, and what an admission is worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from icpsim.questions.decide.answer import DecisionAnswer
from icpsim.report.amounts import pounds
from icpsim.report.figure import BLACK, MIDDLE, MUTED, SERIES, SMALL, plain_axis, reach, tick, wrapped, write
from icpsim.report.measures import COUNT, MONEY

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = SERIES[:6]
MARKERS = ("o", "^", "s", "D", "v", "P")


def write_plane(answer: DecisionAnswer, path: Path) -> Path:
    """Draw each option's draws and mean against no programme, and a line a threshold; returns the file."""
    note = (
        "Points: draws of the mechanisms, chance left out; large: means; on a line an admission avoided costs the"
        " threshold, and below it less"
    )
    return write(lambda figure: _draw(figure, answer), answer.about, note, path)


def _draw(figure: Figure, answer: DecisionAnswer) -> str:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = figure.subplots()
    axis.axhline(0.0, color=MUTED, linewidth=1.2, zorder=0)
    axis.axvline(0.0, color=MUTED, linewidth=1.2, zorder=0)
    across = reach([x for cloud in answer.clouds for x in cloud.avoided])
    up = reach([y for cloud in answer.clouds for y in cloud.cost])
    for k, cloud in enumerate(answer.clouds):
        colour, marker = COLOURS[k % len(COLOURS)], MARKERS[k % len(MARKERS)]
        axis.plot(cloud.avoided, cloud.cost, marker, color=colour, markersize=3, alpha=0.35, linestyle="none")
        mean = next(one for one in answer.options if one.option == cloud.option)
        axis.plot(
            [mean.avoided.mean], [mean.cost.mean], marker, color=colour, markersize=14, markeredgecolor=BLACK,
            linestyle="none", label=wrapped(cloud.option, 40),
        )  # fmt: skip
    _thresholds(axis, answer, across)
    axis.set_xlim(*across)
    axis.set_ylim(*up)
    plain_axis(axis, MONEY, "y")
    axis.xaxis.set_major_locator(MaxNLocator(7))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(COUNT, value)))
    axis.set_xlabel("emergency admissions avoided, a year", fontsize=SMALL)
    axis.set_ylabel(f"net cost to the {answer.view}, £ a year", fontsize=SMALL)
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=MIDDLE, frameon=False)
    return "What each option costs and avoids, over everything that fits the evidence"


def _thresholds(axis: Axes, answer: DecisionAnswer, across: tuple[float, float]) -> None:
    styles = ("--", ":", "-.")
    for k, found in enumerate(answer.decisions):
        if found.threshold > 0:
            ends = [found.threshold * x for x in across]
            axis.plot(across, ends, styles[k % 3], color=BLACK, label=f"{pounds(found.threshold)} an admission")

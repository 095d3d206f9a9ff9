"""The picture of a simulated year, as a PNG for a slide: totals over national totals, and week by week."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from icpsim.base.intervals import Z90
from icpsim.questions.england.answer import EnglandResult, TotalRow
from icpsim.questions.england.national_totals import SHOWN
from icpsim.report.figure import BLUE, MUTED, RED, bare, slide
from icpsim.report.words import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INSIDE, OUTSIDE, OTHER, RANGE = BLUE, RED, MUTED, "#BBBBBB"


def write_picture(result: EnglandResult, path: Path) -> None:
    """Draw each total over the national one on a log scale with the evidence's range, and two weekly series."""
    slide(
        lambda figure: _draw(figure, result),
        "Grey bars: the evidence's range; whiskers: 90% sampling intervals; grey dots: another year or definition."
        f" {result.people_simulated:,} people simulated; icpsim {result.version}, seed {result.seed}",
        path,
        large=20,
    )


def _draw(figure: Figure, result: EnglandResult) -> str:
    grid = figure.add_gridspec(2, 2, width_ratios=(3, 2))
    draw_ratios(figure.add_subplot(grid[:, 0]), [row for row in result.totals if row.ratio is not None])
    weeks = [row.week + 1 for row in result.by_week]
    emergency = [row.emergency_admissions for row in result.by_week]
    beds = [row.beds_occupied for row in result.by_week]
    draw_series(figure.add_subplot(grid[0, 1]), weeks, emergency, "emergency admissions a week")
    draw_series(figure.add_subplot(grid[1, 1]), weeks, beds, "beds occupied (average night)")
    return "England: a simulated year over the national totals"


def draw_ratios(axis: Axes, rows: list[TotalRow]) -> None:
    """Draw one dot a total: simulated over national, on a log scale."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    axis.set_xscale("log")
    axis.axvline(1.0, color=MUTED, linewidth=1.2, zorder=0)
    for place, row in enumerate(rows):
        draw_ratio(axis, place, row)
    axis.set_yticks(range(len(rows)), [words(row.target.total) for row in rows], fontsize=12)
    axis.set_ylim(len(rows) - 0.4, -0.6)
    ratios = [row.ratio for row in rows if row.ratio]
    low, high = min([0.8, *ratios]) * 0.93, max([1.25, *ratios]) * 1.25
    axis.set_xlim(low, high)
    ticks = [
        tick for tick in (0.1, 0.2, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10) if low <= tick <= high
    ]
    axis.xaxis.set_major_locator(FixedLocator(ticks))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axis.set_xlabel("simulated over national (log scale)", fontsize=13)
    bare(axis)


def draw_ratio(axis: Axes, place: int, row: TotalRow) -> None:
    """Draw the evidence's range, the sampling interval and the dot of one total."""
    target = row.target
    if target.national is None or target.low is None or target.high is None or row.ratio is None:
        return
    colour = OTHER if target.use == SHOWN else INSIDE if row.inside else OUTSIDE
    ends = [target.low / target.national, target.high / target.national]
    axis.plot(ends, [place, place], color=RANGE, linewidth=9, solid_capstyle="butt", zorder=1)
    reach = Z90 * row.se / target.national
    axis.plot(
        [max(row.ratio - reach, 1e-6), row.ratio + reach], [place, place], color=colour, linewidth=2, zorder=2
    )
    axis.plot([row.ratio], [place], marker="o", markersize=8, color=colour, linestyle="none", zorder=3)
    right = row.ratio + reach
    axis.annotate(
        f"{row.ratio:.2f}",
        (right if row.inside is None else max(right, ends[1]), place),
        xytext=(8, 0),
        textcoords="offset points",
        fontsize=11,
        color=colour,
        va="center",
    )


def draw_series(axis: Axes, weeks: list[int], values: list[float], title: str) -> None:
    """Draw one weekly series of the country from zero."""
    from matplotlib.ticker import FuncFormatter

    axis.plot(weeks, values, color=INSIDE, linewidth=2)
    axis.set_ylim(0.0, max(values) * 1.15)
    axis.set_xlim(weeks[0] - 0.5, weeks[-1] + 0.5)
    axis.set_title(title, fontsize=13, loc="left")
    axis.set_xlabel("counted week", fontsize=11)
    axis.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.0f}"))
    bare(axis)

"""One panel each of the natural history, drawn on an axis that is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from icpsim.inference.natural_history.levels.curves import AgeRates, Concentration, Lorenz
from icpsim.inference.natural_history.levels.hospital_year import HospitalYear
from icpsim.inference.natural_history.levels.regression import ROLAND, RegressionToTheMean
from icpsim.report import figure
from icpsim.report.figure import BLACK, BLUE, GREEN, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

GREY, RANGE = "#777777", "#D9D9D9"
"""References and the evidence's ranges."""

KINDS = {
    "emergency": "emergency admissions",
    "ae": "A&E attendances",
    "elective": "elective admissions",
    "outpatient": "outpatient attendances",
    "deaths": "deaths",
}
USES = {"emergency bed days": (RED, "-"), "hospital cost": (BLUE, "--"), "hospital contacts": (GREEN, "-.")}
PYRAMID = (0.001, 0.005, 0.01, 0.05, 0.2, 1.0)


class Text(NamedTuple):
    """Sizes of what is written, in points: axis labels, tick labels, words at the curves."""

    label: float
    tick: float
    words: float


SLIDE, MIDDLE, SMALL = Text(14, 13, 14), Text(12, 11, 12), Text(10, 9, 9)


def draw_rates(axis: Axes, found: AgeRates, text: Text) -> None:
    """Draw one kind of care by age over the evidence's ranges; deaths on a log scale."""
    for known in found.ranges:
        low, high = known.ages[0], min(known.ages[1], 100)
        axis.fill_between([low, high], known.low, known.high, color=RANGE, linewidth=0, zorder=1)
        colour = BLACK if known.inside else RED
        axis.plot([low, high], [known.simulated] * 2, color=colour, linewidth=2, solid_capstyle="butt", zorder=3)
    at = np.array([min((low + high) / 2, 95.0) for low, high in found.ages])
    shown = np.where(found.per_1000 > 0, found.per_1000, np.nan)
    axis.plot(at, shown, color=BLUE, linewidth=2, marker="o", markersize=4.5, zorder=2)
    if found.kind == "deaths":
        axis.set_yscale("log")
    else:
        axis.set_ylim(0.0, None)
    axis.set_xlim(0, 100)
    axis.set_xticks(range(0, 100, 20))
    axis.set_xlabel("age, years", fontsize=text.label)
    axis.set_ylabel("per 1,000 person-years", fontsize=text.label)
    axis.yaxis.set_major_formatter(_thousands())
    bare(axis, text)


def draw_concentration(axis: Axes, found: Concentration, text: Text) -> None:
    """Draw the share of admissions that the riskiest have, by predicted risk and in hindsight, on a log scale."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    inside = found.people > 0
    people = found.people[inside]
    axis.set_xscale("log")
    axis.plot(people, people, color=GREY, linewidth=1.5, linestyle=":")
    axis.plot(people, found.foresight[inside], color=RED, linewidth=2, linestyle="--")
    axis.plot(people, found.admissions[inside], color=BLUE, linewidth=3)
    for known in found.ranges:
        ends = [known.people, known.people]
        axis.plot(ends, [known.low, known.high], color="#BBBBBB", linewidth=11, solid_capstyle="butt", zorder=1)
    marks = [known.people for known in found.ranges] or [0.05]
    for share in marks:
        value = found.of_top(share)
        axis.plot([share], [value], marker="o", markersize=8, color=BLUE)
        if value > 0.1 or text is not SMALL:
            _at(axis, f"{value:.0%}", (share, value), (9, -12), BLUE, text)
    hindsight = float(np.interp(0.02, found.people, found.foresight))
    _at(axis, "in hindsight", (0.02, hindsight), (-8, 6), RED, text, "right")
    if text is SMALL:
        _at(axis, "if all were alike", (1.0, 0.0), (-4, 8), GREY, text, "right")
    else:
        _at(axis, "by predicted risk", (0.45, found.of_top(0.45)), (-10, 2), BLUE, text, "right")
        _at(axis, "if all were alike", (0.2, 0.2), (8, -18), GREY, text)
    axis.set_xlim(PYRAMID[0], 1.0)
    axis.set_ylim(0.0, 1.02)
    axis.xaxis.set_major_locator(FixedLocator(PYRAMID))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g}%"))
    axis.yaxis.set_major_formatter(_per_cent())
    axis.set_xlabel("adults at highest risk (log scale)", fontsize=text.label)
    axis.set_ylabel("share of next year's admissions", fontsize=text.label)
    bare(axis, text)


def draw_share(axis: Axes, found: RegressionToTheMean, text: Text) -> None:
    """Draw the share of admissions of those often admitted, year by year, with Roland's points."""
    axis.bar(found.years, found.share, width=0.62, color=[RED if y == 0 else BLUE for y in found.years])
    published = [point for point in ROLAND if point.year in found.years]
    lines = {point.year: point.share for point in published}
    for year, share in zip(found.years, found.share, strict=True):
        top = max(float(share), lines.get(int(year), 0.0))
        _at(axis, f"{share:.0%}", (year, top), (0, 5), RED if year == 0 else BLUE, text, "center")
    for point in published:
        ends = [point.year - 0.42, point.year + 0.42]
        axis.plot(ends, [point.share, point.share], color=BLACK, linewidth=2.5)
    axis.set_ylim(0.0, 1.2 * max(float(found.share.max()), *(point.share for point in published)))
    axis.yaxis.set_major_formatter(_per_cent())
    _years(axis, found.years, text)
    axis.set_ylabel("share of admissions at 65+", fontsize=text.label)
    bare(axis, text, "y")


def draw_admissions(axis: Axes, found: RegressionToTheMean, text: Text) -> None:
    """Draw admissions a person of those often admitted, of those still alive, and of everyone 65 and over."""
    lines = (
        (found.per_survivor, "those alive at the year's start", RED, "D", "--"),
        (found.per_person, "all of them, the dead counted", BLUE, "o", "-"),
        (found.per_older, "everyone 65+", GREY, "s", ":"),
    )
    for values, words, colour, marker, style in lines:
        axis.plot(found.years, values, color=colour, marker=marker, linestyle=style, linewidth=2, label=words)
    axis.set_ylim(0.0, 1.45 * float(np.nanmax(found.per_person)))
    axis.legend(fontsize=text.words, framealpha=1.0, edgecolor="none", loc="upper right")
    _years(axis, found.years, text)
    axis.set_ylabel("emergency admissions a person", fontsize=text.label)
    bare(axis, text, "y")


def _years(axis: Axes, years: NDArray[np.int64], text: Text) -> None:
    axis.set_xticks(years, ["index" if year == 0 else f"{year:+d}" for year in years])
    axis.set_xlabel("year, counted from the index year", fontsize=text.label)


def draw_lorenz(axis: Axes, found: Sequence[Lorenz], text: Text) -> None:
    """Draw Lorenz curves with their Gini coefficients."""
    axis.plot([0, 1], [0, 1], color=GREY, linewidth=1.5, linestyle=":")
    _at(axis, "if all used the same", (0.3, 0.3), (10, -14), GREY, text)
    for curve in reversed(found):
        colour, style = USES.get(curve.of, (BLACK, "-"))
        words = f"{curve.of}, Gini {curve.gini:.2f}"
        axis.plot(curve.people, curve.use, color=colour, linestyle=style, linewidth=3, label=words)
    axis.set_xlim(0, 1.004)
    axis.set_ylim(-0.004, 1)
    for side in (axis.xaxis, axis.yaxis):
        side.set_major_formatter(_per_cent())
    axis.legend(fontsize=text.words, frameon=False, loc="upper left")
    axis.set_xlabel("people, those who use least first", fontsize=text.label)
    axis.set_ylabel("share of all use in a year", fontsize=text.label)
    bare(axis, text, "both")


def draw_beds(axis: Axes, found: HospitalYear, text: Text) -> None:
    """Draw beds occupied each week under the beds there are and the occupancy at which electives are cancelled."""
    weeks = np.arange(1, len(found.occupied) + 1)
    axis.fill_between(weeks, 0.0, found.occupied, color=BLUE, alpha=0.25, linewidth=0)
    axis.plot(weeks, found.occupied, color=BLUE, linewidth=2, label="occupied")
    axis.axhline(found.beds, color=BLACK, linewidth=2, label=f"{found.beds:,.0f} beds")
    words = f"above {found.threshold:,.0f}: some electives cancelled"
    axis.axhline(found.threshold, color=RED, linewidth=2, linestyle="--", label=words)
    axis.legend(fontsize=text.words, loc="lower left", framealpha=1.0, edgecolor="none")
    _weekly(axis, 1.15 * max(found.beds, float(found.occupied.max())), text)
    axis.set_ylabel("beds, average night", fontsize=text.label)
    bare(axis, text, "y")


def draw_admitted(axis: Axes, found: HospitalYear, text: Text) -> None:
    """Draw emergency and elective admissions a week."""
    for values, words, colour, style in (
        (found.elective, "elective, day cases included", BLUE, "-"),
        (found.emergency, "emergency", RED, "--"),
    ):
        axis.plot(range(1, len(values) + 1), values, color=colour, linestyle=style, linewidth=2, label=words)
    axis.legend(fontsize=text.words, frameon=False, loc="lower left", ncols=2)
    _weekly(axis, 1.1 * float(max(found.elective.max(), found.emergency.max())), text)
    axis.set_ylabel("admissions a week", fontsize=text.label)
    bare(axis, text, "y")


def draw_cancelled(axis: Axes, found: HospitalYear, text: Text) -> None:
    """Draw elective admissions cancelled each week for want of a bed."""
    axis.bar(range(1, len(found.cancelled) + 1), found.cancelled, color=RED)
    _weekly(axis, max(1.2 * float(found.cancelled.max()), 5.0), text)
    if not found.cancelled.any():
        _at(axis, "none in this year", (26, 2.5), (0, 0), GREY, text, "center")
    axis.set_ylabel("electives cancelled a week", fontsize=text.label)
    bare(axis, text, "y")


def draw_waiting(axis: Axes, found: HospitalYear, text: Text) -> None:
    """Draw weeks of waiting for an elective admission."""
    axis.plot(range(1, len(found.waiting) + 1), found.weeks_of_waiting, color=BLUE, linewidth=2)
    words = f"{found.waiting.mean():,.0f} people waiting"
    _at(axis, words, (26, float(found.weeks_of_waiting.min())), (0, -22), BLUE, text, "center")
    _weekly(axis, 1.3 * float(found.weeks_of_waiting.max()), text)
    axis.set_ylabel("weeks of waiting", fontsize=text.label)
    bare(axis, text, "y")


def _weekly(axis: Axes, top: float, text: Text) -> None:
    axis.set_xlim(0.5, 52.5)
    axis.set_xticks([1, 13, 26, 39, 52])
    axis.set_ylim(0.0, top)
    axis.yaxis.set_major_formatter(_thousands())
    axis.set_xlabel("week", fontsize=text.label)


def _at(axis: Axes, words: str, place: tuple[float, float], offset: tuple[float, float], colour: str, text: Text,
        ha: str = "left") -> None:  # fmt: skip
    axis.annotate(
        words, place, xytext=offset, textcoords="offset points", fontsize=text.words, color=colour, ha=ha
    )


def bare(axis: Axes, text: Text, grid: Literal["x", "y", "both"] = "both") -> None:
    """Leave two spines and a faint grid; set the size of the ticks' labels."""
    figure.bare(axis, grid)
    axis.tick_params(labelsize=text.tick)


def _thousands():  # type: ignore[no-untyped-def]
    from matplotlib.ticker import FuncFormatter

    return FuncFormatter(lambda y, _: f"{y:,.0f}" if y >= 1 or y == 0 else f"{y:g}")


def _per_cent():  # type: ignore[no-untyped-def]
    from matplotlib.ticker import PercentFormatter

    return PercentFormatter(1.0, decimals=0)

"""Three slides of the model beside England: by age, by sex and by deprivation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from icpsim.base.intervals import Z90
from icpsim.inference.natural_history.levels.beside_england import Beside, BesideEngland
from icpsim.questions.baseline.show_england import Ratio, men_over_women, most_over_least, sex_of
from icpsim.questions.baseline.show_panels import GREY, MIDDLE, RANGE, bare
from icpsim.report.figure import BLACK, BLUE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLES = {
    "deaths": "deaths",
    "emergency": "emergency admissions",
    "planned": "planned admissions, men",
    "outpatient": "outpatient appointments",
}
COUNTED = "England: deaths of 2008-2012, episodes and appointments of 2011/12; the model: spells and appointments."
CHANCE = "Lines: 9 in 10 such simulations, at least."
SHAPES = (
    "Of use only the shape is compared, each relative to its own mean: England's emergency and planned episodes"
    " and outpatient appointments of 2011/12, the model's spells and appointments."
)
OLDER = "An old person's stay holds more episodes than a child's: England's curves rise faster than admissions do."


def draw_by_age(figure: Figure, england: BesideEngland) -> str:
    """Draw people, deaths and use by age beside England's; return the caption."""
    axes = figure.subplots(2, 3).ravel()
    _pyramid(axes[0], england.of("population", "age"))
    _deaths(axes[1], england)
    for axis, measure in zip(axes[2:5], ("emergency", "planned", "outpatient"), strict=True):
        rows = england.of(measure, "age", sex_of(measure))
        at = [_middle(row) for row in rows]
        axis.plot(at, [row.england for row in rows], color=BLACK, linewidth=2)
        axis.plot(at, [row.model for row in rows], color=BLUE, linewidth=2, marker="o", markersize=4.5)
        axis.set_ylim(0.0, None)
        axis.set_ylabel("times the mean of all ages", fontsize=MIDDLE.label)
        _by_age(axis)
        _titled(axis, TITLES[measure])
    axes[5].set_axis_off()
    _key_by_age(axes[5])
    return f"{SHAPES} {OLDER} People and deaths: England mid-2009, 2009 and 2010."


def draw_by_sex(figure: Figure, england: BesideEngland) -> str:
    """Draw how many times as often as women of the same age men die and use care; return the caption."""
    for axis, measure in zip(figure.subplots(2, 2).ravel(), TITLES, strict=True):
        _bars(axis, _by_band(england.of(measure, "sex and age band"), men_over_women))
        axis.axhline(1.0, color=GREY, linewidth=1.2, linestyle="--", zorder=1)
        axis.set_ylabel("men / women", fontsize=MIDDLE.label)
        axis.set_xlabel("age, years", fontsize=MIDDLE.label)
        _titled(axis, TITLES[measure].replace(", men", " (from 45 on)"))
    _key(figure.axes[0])
    return (
        "How many times as often as women of the same age men die or use care; dashed: alike."
        f" {COUNTED} Maternity is counted in England's planned episodes (shown from 45 on) and in its appointments"
        f" of women of 15-44. {CHANCE}"
    )


def draw_by_deprivation(figure: Figure, england: BesideEngland) -> str:
    """Draw use by deprivation fifth, and most over least deprived by age band; return the caption."""
    axes = figure.subplots(2, 4, sharey="row")
    for column, measure in enumerate(TITLES):
        above, below, sex = axes[0, column], axes[1, column], sex_of(measure)
        fifths = england.of(measure, "fifth", sex)
        names = ("1\nleast", "2", "3", "4", "5\nmost")
        _bars(above, {name: _alone(row) for name, row in zip(names, fifths, strict=True)})
        above.set_xlabel("deprivation fifth", fontsize=MIDDLE.label)
        _titled(above, TITLES[measure].replace(" admissions", "").replace(" appointments", ""))
        _bars(below, _by_band(england.of(measure, "fifth and age band", sex), most_over_least))
        below.axhline(1.0, color=GREY, linewidth=1.2, linestyle="--", zorder=1)
        below.set_xlabel("age, years", fontsize=MIDDLE.label)
        below.tick_params(axis="x", labelsize=9)
    axes[0, 0].set_ylabel("times people of the\nsame age and sex", fontsize=MIDDLE.label)
    axes[1, 0].set_ylabel("most / least deprived", fontsize=MIDDLE.label)
    _key(axes[0, 0])
    return (
        "Above: relative to all people of the same age and sex. Below: the most over the least deprived fifth by"
        f" age; dashed: alike. {COUNTED} {CHANCE}"
    )


def _by_band(rows: Sequence[Beside], ratio_of: Callable[[Sequence[Beside]], Ratio]) -> dict[str, Ratio]:
    """Return a ratio of every age band from 15 on, by the band's name: of children too few die to be compared."""
    bands = dict.fromkeys(row.ages for row in rows if row.age_from >= 15)
    return {_band(band): ratio_of([row for row in rows if row.ages == band]) for band in bands}


def _alone(row: Beside) -> Ratio:
    return Ratio(row.model, row.england, row.events**-0.5 if row.events else np.nan)


def _pyramid(axis: Axes, rows: Sequence[Beside]) -> None:
    """Draw men to the left and women to the right: England's bars, and the model's edge over them."""
    for sex, side, words in (("male", -1, "men"), ("female", 1, "women")):
        mine = [row for row in rows if row.sex == sex]
        low = np.array([row.ages[0] for row in mine])
        high = np.array([min(row.ages[1], 95) for row in mine])
        there = [100 * side * row.england for row in mine]
        axis.barh((low + high) / 2, there, high - low, color=RANGE, linewidth=0.5, edgecolor="white")
        model = [100 * side * row.model for row in mine]
        axis.plot(model, (low + high) / 2, color=BLUE, linewidth=2, marker="o", markersize=4)
        axis.text(side * 3.9, 92, words, fontsize=MIDDLE.words, ha="left" if side < 0 else "right")
    axis.axvline(0.0, color=GREY, linewidth=1)
    axis.set_xlim(-4.2, 4.2)
    axis.set_xticks([-4, -2, 0, 2, 4], ["4%", "2%", "0", "2%", "4%"])
    axis.set_ylim(0, 100)
    axis.set_xlabel("share of all people", fontsize=MIDDLE.label)
    axis.set_ylabel("age, years", fontsize=MIDDLE.label)
    bare(axis, MIDDLE, "x")
    _titled(axis, "people")


def _deaths(axis: Axes, england: BesideEngland) -> None:
    """Draw deaths of men and women by age on a log scale."""
    for sex, line, filled in (("male", "-", True), ("female", "--", False)):
        rows = england.of("deaths", "age", sex)
        at = [_middle(row) for row in rows]
        shown = [row.model if row.model > 0 else np.nan for row in rows]
        axis.plot(at, [row.england for row in rows], color=BLACK, linewidth=2, linestyle=line)
        axis.plot(at, shown, color=BLUE, linewidth=0, marker="o", markersize=5.5,
                  markerfacecolor=BLUE if filled else "white")  # fmt: skip
    axis.set_yscale("log")
    axis.set_ylabel("per 1,000 people a year", fontsize=MIDDLE.label)
    _by_age(axis)
    axis.yaxis.set_major_formatter(lambda y, _: f"{y:g}")
    _titled(axis, "deaths (log scale)")


def _bars(axis: Axes, shown: Mapping[str, Ratio]) -> None:
    """Draw England as bars and the model as points over them, with lines for chance."""
    at, found = np.arange(len(shown)), list(shown.values())
    model, spread = np.array([one.model for one in found]), np.exp(Z90 * np.array([one.sd for one in found]))
    axis.bar(at, [one.england for one in found], width=0.7, color=RANGE, edgecolor=GREY, linewidth=0.8)
    axis.vlines(at, model / spread, model * spread, color=BLUE, linewidth=2.5)
    axis.plot(at, model, color=BLUE, linewidth=0, marker="o", markersize=7)
    axis.set_xticks(at, list(shown))
    top = float(np.nanmax([*model, *(one.england for one in found)]))
    axis.set_ylim(0.0, max(1.3 * top, axis.get_ylim()[1]))
    bare(axis, MIDDLE, "y")


def _key(axis: Axes) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    model = Line2D([], [], color=BLUE, linewidth=0, marker="o", markersize=8, label="model")
    axis.legend(
        handles=[Patch(facecolor=RANGE, edgecolor=GREY, label="England"), model],
        fontsize=MIDDLE.words,
        frameon=False,
        loc="upper left",
        ncols=2,
    )


def _key_by_age(axis: Axes) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        Patch(color=RANGE, label="England, people"),
        Line2D([], [], color=BLACK, linewidth=2, label="England (deaths: men)"),
        Line2D([], [], color=BLACK, linewidth=2, linestyle="--", label="England, deaths of women"),
        Line2D([], [], color=BLUE, linewidth=2, marker="o", label="model, by five years of age"),
        Line2D([], [], color=BLUE, linewidth=0, marker="o", label="model, deaths of men"),
        Line2D(
            [], [], color=BLUE, linewidth=0, marker="o", markerfacecolor="white", label="model, deaths of women"
        ),
    ]
    axis.legend(handles=handles, fontsize=13, frameon=False, loc="center")


def _by_age(axis: Axes) -> None:
    axis.set_xlim(0, 95)
    axis.set_xticks(range(0, 95, 20))
    axis.set_xlabel("age, years", fontsize=MIDDLE.label)
    bare(axis, MIDDLE)


def _titled(axis: Axes, words: str) -> None:
    axis.set_title(words, fontsize=13, loc="left", fontweight="bold")


def _middle(row: Beside) -> float:
    low, high = row.ages
    return min((low + high) / 2, low + 2.5)


def _band(ages: tuple[int, int]) -> str:
    low, high = ages
    return f"{low}+" if high > 100 else f"{low}-{high - 1}"

"""The pictures of the natural history: eight slides and an overview, PNG or SVG, 1920 x 1080 px."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from icpsim.inference.natural_history.levels.pictured import BaselineCurves
from icpsim.questions.baseline import show_panels
from icpsim.questions.baseline.show_england_pictures import draw_by_age, draw_by_deprivation, draw_by_sex
from icpsim.questions.baseline.show_findings import findings, headlines
from icpsim.questions.baseline.show_panels import KINDS, MIDDLE, SLIDE, SMALL
from icpsim.report.figure import BLACK, BLUE, RED, head, new_figure, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE_WIDTH, CAPTION_WIDTH, PANEL_WIDTH = 76, 150, 40
OVERVIEW, HOSPITAL = "overview", "hospital-year"


class Made(NamedTuple):
    """Who made the pictures: what the captions end with."""

    version: str
    seed: int


def pictures() -> dict[str, Callable[[Figure, BaselineCurves], str]]:
    """Return what draws each picture, by name; each returns its caption."""
    return {
        "rates-by-age": _rates,
        "concentration": _concentration,
        "regression-to-the-mean": _regression,
        "lorenz": _lorenz,
        HOSPITAL: _hospital,
        "england-by-age": lambda figure, curves: draw_by_age(figure, curves.england),
        "england-by-sex": lambda figure, curves: draw_by_sex(figure, curves.england),
        "england-by-deprivation": lambda figure, curves: draw_by_deprivation(figure, curves.england),
    }


def write_pictures(folder: Path, curves: BaselineCurves, made: Made, formats: Iterable[str] = ("png",)) -> None:
    """Write every picture and the overview into the folder, once for each format (png, svg)."""
    kinds = tuple(formats)
    for name in (*pictures(), OVERVIEW):
        figure = draw(name, curves, made)
        for kind in kinds:
            save(figure, folder / f"{name}.{kind}")


def draw(name: str, curves: BaselineCurves, made: Made) -> Figure:
    """Return one picture by its name, or ``overview``; raises ``KeyError`` on another."""
    figure = new_figure()
    if name == OVERVIEW:
        title = "Without any programme: how care is spread over ages, people and weeks"
        caption = (
            "Grey: the evidence's ranges; black lines over bars: published by Roland et al. 2005."
            " A&E and planned care: see the other pictures."
        )
        _overview(figure, curves)
    else:
        title, caption = findings(curves)[name], pictures()[name](figure, curves)
    people = f"{curves.hospital.people if name == HOSPITAL else curves.people:,} people"
    caption = f"{caption} Simulated: {people}, no programme; icpsim {made.version}, seed\u00a0{made.seed}.".strip()
    head(figure, textwrap.fill(title, TITLE_WIDTH), textwrap.fill(caption, CAPTION_WIDTH), large=19)
    return figure


def _rates(figure: Figure, curves: BaselineCurves) -> str:
    axes = figure.subplots(2, 3).ravel()
    for axis, found in zip(axes, curves.rates, strict=False):
        show_panels.draw_rates(axis, found, MIDDLE)
        words = KINDS[found.kind] + (" (log scale)" if found.kind == "deaths" else "")
        axis.set_title(words, fontsize=13, loc="left", fontweight="bold")
    axes[-1].set_axis_off()
    _key(axes[-1])
    sources = dict.fromkeys(
        f"{_brief(known.source)} ({known.tag})" for rates in curves.rates for known in rates.ranges
    )
    return f"Elective admissions include day cases. Ranges: {'; '.join(sources)}." if sources else ""


def _key(axis: Axes) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    line = Line2D([], [], color=BLUE, marker="o", linewidth=2, label="simulated, by five years of age")
    mean = Line2D([], [], color=BLACK, linewidth=2, label="simulated, ages of the range")
    outside = Line2D([], [], color=RED, linewidth=2, label="the same, outside the range")
    axis.legend(
        handles=[line, Patch(color=show_panels.RANGE, label="the evidence's range"), mean, outside],
        fontsize=13,
        frameon=False,
        loc="center",
    )


def _concentration(figure: Figure, curves: BaselineCurves) -> str:
    show_panels.draw_concentration(figure.subplots(), curves.concentration, SLIDE)
    sources = dict.fromkeys(f"{known.source} ({known.tag})" for known in curves.concentration.ranges)
    said = (
        f"{curves.concentration.adults:,} people of 18 and over; risk predicted from two years of hospital"
        " records, fitted on the other half."
    )
    return said + (
        f" Grey bars: the evidence's range, {'; '.join(_brief(s) for s in sources)}." if sources else ""
    )


def _brief(source: str) -> str:
    """Leave web addresses out: the table has them."""
    return " ".join(word for word in source.split() if not word.startswith("http"))


def _regression(figure: Figure, curves: BaselineCurves) -> str:
    left, right = figure.subplots(1, 2)
    show_panels.draw_share(left, curves.regression, SLIDE)
    show_panels.draw_admissions(right, curves.regression, SLIDE)
    left.set_title(
        "their share of emergency admissions at 65 and over", fontsize=14, loc="left", fontweight="bold"
    )
    right.set_title("their admissions a year", fontsize=14, loc="left", fontweight="bold")
    published = ", ".join(f"year {p.year}: {p.words}" for p in show_panels.ROLAND)
    return (
        f"{curves.regression.people:,} people of 65 and over with two or more emergency admissions in the"
        f" index year. Black lines: published for England, Roland et al., BMJ 2005;330:289 (PAGE; {published})."
    )


def _lorenz(figure: Figure, curves: BaselineCurves) -> str:
    show_panels.draw_lorenz(figure.subplots(), curves.lorenz, SLIDE)
    return "All ages, one year. Contacts are admissions, outpatient attendances and A&E attendances."


def _hospital(figure: Figure, curves: BaselineCurves) -> str:
    axes = figure.subplots(2, 2).ravel()
    for axis, draw_panel, words in zip(
        axes,
        (show_panels.draw_beds, show_panels.draw_admitted, show_panels.draw_cancelled, show_panels.draw_waiting),
        (
            "beds occupied",
            "admissions",
            "electives cancelled for want of a bed",
            "waiting for an elective admission",
        ),
        strict=True,
    ):
        draw_panel(axis, curves.hospital, MIDDLE)
        axis.set_title(words, fontsize=14, loc="left", fontweight="bold")
    return (
        f"The hospital of {curves.hospital.practices} practices, with capacity feedback; beds sized on the"
        " half-year before. Weeks of waiting: people waiting over listings a week. The model has no seasons."
    )


def _overview(figure: Figure, curves: BaselineCurves) -> None:
    emergency, *_, deaths = curves.rates
    axes = figure.subplots(2, 3)
    show_panels.draw_rates(axes[0, 0], emergency, SMALL)
    show_panels.draw_rates(axes[0, 1], deaths, SMALL)
    show_panels.draw_concentration(axes[0, 2], curves.concentration, SMALL)
    show_panels.draw_share(axes[1, 0], curves.regression, SMALL)
    show_panels.draw_lorenz(axes[1, 1], curves.lorenz, SMALL)
    show_panels.draw_beds(axes[1, 2], curves.hospital, SMALL)
    for axis, title in zip(axes.ravel(), headlines(curves).values(), strict=True):
        axis.set_title(textwrap.fill(title, PANEL_WIDTH), fontsize=11, loc="left", fontweight="bold")

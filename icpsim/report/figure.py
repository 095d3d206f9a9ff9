"""What all pictures have in common: size, colours, headings, axes, whiskers, files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Literal

from icpsim.report.amounts import capital, number
from icpsim.report.measures import About

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INCHES, DPI = (12.8, 7.2), 150
BLUE, RED, GREEN, PINK, ORANGE, SKY, BLACK = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
)  # fmt: skip
"""Okabe and Ito's palette, told apart with every common colour vision."""
SERIES = (BLUE, RED, GREEN, PINK, ORANGE, SKY, BLACK)
"""Colours of things that stand beside each other, in this order."""
MUTED, FAINT, TEXT = "#888888", "#E5E5E5", "#555555"
SMALL, MIDDLE, LARGE = 11, 13, 18
MOST_NAME = 26
"""Letters of a name on one line."""


def new_figure(inches: tuple[float, float] = INCHES) -> Figure:
    """Return an empty figure, of 1920 x 1080 px unless told otherwise, that needs no screen."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=inches, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def head(figure: Figure, title: str, below: str = "", large: float = LARGE, small: float = SMALL) -> None:
    """Write a title above and what is to be known below, both at the left."""
    figure.suptitle(title, fontsize=large, fontweight="bold", x=0.01, ha="left")
    if below:
        figure.supxlabel(below, fontsize=small, color=TEXT, x=0.01, ha="left")


def save(figure: Figure, path: Path) -> Path:
    """Write a figure as PNG or SVG by the file's name, the same bytes each time; its folder is made."""
    from matplotlib import rc_context

    path.parent.mkdir(parents=True, exist_ok=True)
    with rc_context({"svg.hashsalt": "icpsim"}):
        figure.savefig(path, metadata={"Date" if path.suffix.lower() == ".svg" else "Software": None})
    return path


def slide(
    draw: Callable[[Figure], str], below: str, path: Path, large: float = LARGE, small: float = SMALL
) -> Path:
    """Draw a figure of 1920 x 1080 px, with the title that ``draw`` returns; return the path."""
    figure = new_figure()
    head(figure, draw(figure), below, large, small)
    return save(figure, path)


def write(draw: Callable[[Figure], str], about: About, note: str, path: Path) -> Path:
    """Draw a slide with its title above and who, when and how often below; return the path."""
    return slide(lambda figure: fill(draw(figure), 78), caption(about, note), path)


def caption(about: About, note: str = "") -> str:
    """Return the lines under a picture: what is shown; who, over what time, how many replicates."""
    unit = "replicate (without intervals)" if about.replicates == 1 else "replicates"
    title = about.title if about.title.endswith("?") else f"{about.title}."
    of_whom = f"{title} {capital(about.who)}; {about.period}; {about.replicates} {unit}, seed {about.seed};"
    lines = [*([note] if note else []), f"{of_whom} icpsim {about.version}"]
    return "\n".join(fill(line, 145) for line in lines)


def bare(axis: Axes, grid: Literal["x", "y", "both"] = "x", sides: Sequence[str] = ("top", "right")) -> None:
    """Take away sides of the frame and lay a faint grid."""
    axis.spines[list(sides)].set_visible(False)
    axis.grid(axis=grid, color=FAINT, linewidth=0.8)
    axis.set_axisbelow(True)


def plain_axis(axis: Axes, unit: str | None = None, along: str = "x") -> None:
    """Take away the frame, lay a faint grid along one axis, and write that axis' ticks in a unit."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    bare(axis, "x" if along == "x" else "y", ("top", "right", "left" if along == "x" else "bottom"))
    axis.tick_params(labelsize=SMALL, length=0)
    if unit is not None:
        ruled = axis.xaxis if along == "x" else axis.yaxis
        ruled.set_major_locator(MaxNLocator(5))
        ruled.set_major_formatter(FuncFormatter(lambda value, _: tick(unit, value)))


def tick(unit: str, value: float) -> str:
    """Return a tick's text: as a difference, whole per cents without a decimal."""
    text = number(unit, value)
    return text.replace(".0%", "%")


def whisker(
    axis: Axes,
    across: float,
    value: float,
    low: float,
    high: float,
    colour: str,
    marker: str = "o",
    size: float = 7,
) -> None:
    """Draw a value with its interval lying at height ``across``."""
    if not isfinite(value):
        return
    if isfinite(low) and isfinite(high):
        axis.plot([low, high], [across, across], color=colour, linewidth=2.5, solid_capstyle="butt")
    axis.plot([value], [across], marker, color=colour, markersize=size)


def upright(axis: Axes, at: float, value: float, low: float, high: float, colour: str, size: float = 7) -> None:
    """Draw a value with its interval standing at ``at``."""
    if not isfinite(value):
        return
    if isfinite(low) and isfinite(high):
        axis.plot([at, at], [low, high], color=colour, linewidth=2.5, solid_capstyle="butt")
    axis.plot([at], [value], "o", color=colour, markersize=size)


def reach(values: Sequence[float], margin: float = 0.08) -> tuple[float, float]:
    """Return limits that hold zero and all finite values, with a margin on both sides."""
    known = [0.0, *(value for value in values if isfinite(value))]
    low, high = min(known), max(known)
    wide = (high - low) * margin or 1.0
    return low - wide, high + wide


def wrapped(name: str, width: int = MOST_NAME) -> str:
    """Return a name on as many lines as it needs; a word longer than a line is cut."""
    return fill(name, width, break_long_words=True)

"""What the pictures of a comparison have in common: size, colours, headings, whiskers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

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
MUTED, FAINT, TEXT = "#888888", "#E5E5E5", "#555555"
SMALL, MIDDLE, LARGE = 11, 13, 18
MOST_NAME = 26
"""Letters of a name on one line."""


def write(draw: Callable[[Figure], str], about: About, note: str, path: Path) -> Path:
    """Draw a figure of 1920 x 1080 px with its title above and who, when and how often below; return the path."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=INCHES, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    title = draw(figure)
    figure.suptitle(fill(title, 78), fontsize=LARGE, fontweight="bold", x=0.01, ha="left")
    figure.supxlabel(caption(about, note), fontsize=SMALL, color=TEXT, x=0.01, ha="left")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
    return path


def caption(about: About, note: str = "") -> str:
    """Return the lines under a picture: what is shown; who, over what time, how many replicates."""
    unit = "replicate (without intervals)" if about.replicates == 1 else "replicates"
    title = about.title if about.title.endswith("?") else f"{about.title}."
    of_whom = f"{title} {capital(about.who)}; {about.period}; {about.replicates} {unit}, seed {about.seed};"
    lines = [*([note] if note else []), f"{of_whom} icpsim {about.version}"]
    return "\n".join(fill(line, 145) for line in lines)


def plain_axis(axis: Axes, unit: str | None = None, along: str = "x") -> None:
    """Take away the frame, lay a faint grid along one axis, and write that axis' ticks in a unit."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    axis.spines["left" if along == "x" else "bottom"].set_visible(False)
    axis.grid(axis="x" if along == "x" else "y", color=FAINT, linewidth=0.8)
    axis.set_axisbelow(True)
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

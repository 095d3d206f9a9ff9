"""What a hidden confounder would have to be, on a terminal and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from icpsim.questions.calibration.show_style import MIDDLE, SMALL
from icpsim.questions.hidden_confounder.bias import grid
from icpsim.report.figure import BLUE, slide
from icpsim.report.tables import say, table
from icpsim.report.words import UNKNOWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from rich.console import Console

Answer = Mapping[str, Any]
NAMES = {
    "flare": "in a flare",
    "frail": "frailer",
    "last_year": "last year of life",
    "gp_contacts": "recent GP contacts",
    "gp_register": "on a GP's register only",
}

BESIDE = {"gp_contacts": (9, -9), "gp_register": (-12, -32)}
"""Where a dot's words stand, in points from it, so that they do not cover one another."""


def print_answer(console: Console, told: Answer, lines: list[str]) -> None:
    """Print gaps that are needed, the model's traits, and sentences."""
    rows = [
        (
            row["question"],
            f"{row['bias']:.3f}",
            f"{row['e_value']:.2f}",
            *(UNKNOWN if gap is None else f"{100 * gap:.0f}" for gap in row["gap_needed"]),
        )
        for row in told["questions"]
    ]
    headings = ("to", "bias", "E-value", *(f"x {ratio:g}" for ratio in told["rate_ratios"]))
    title = f"Prevalence gap needed, in percentage points, when {told['controls']:.0%} of controls have it"
    console.print(table(headings, rows, title=title), markup=False, highlight=False)
    say(
        console,
        "x 2: those who have it are admitted twice as often as records lead to expect. A dash: no gap can.\n",
        *lines,
    )


def write_picture(path: Path, told: Answer) -> Path:
    """Draw the bias on the grid, the contours that are asked for and the model's traits; PNG, 1920 x 1080 px."""
    below = (
        "dots: what the calibrated model holds, each with the bias that it makes at its own share of controls;"
        " a trait that fewer of the cases have is not shown"
    )
    return slide(lambda figure: _draw(figure, told), "" if told["model"] is None else below, path)


def _draw(figure: Figure, told: Answer) -> str:
    axis = figure.subplots()
    gaps, ratios = np.linspace(0.0, 0.6, 121), np.geomspace(1.0, 6.0, 121)
    bias = 100 * (grid(gaps.tolist(), ratios.tolist(), told["controls"]) - 1.0)
    image = axis.pcolormesh(100 * gaps, ratios, bias, cmap="YlOrBr", vmin=0, vmax=60, shading="nearest")
    figure.colorbar(image, ax=axis, label="bias of the estimate, per cent", shrink=0.8)
    for row, style in zip(told["questions"], ("-", "--", ":"), strict=False):
        level = 100 * (row["bias"] - 1.0)
        if 0 < level < np.nanmax(bias):
            lines = axis.contour(100 * gaps, ratios, bias, [level], colors="black", linestyles=style, linewidths=2)
            axis.clabel(lines, fmt={level: row["question"]}, fontsize=SMALL)
    _points(axis, told["model"])
    axis.set_yscale("log")
    axis.set_yticks([1, 1.5, 2, 3, 4, 6], ["1", "1.5", "2", "3", "4", "6"])
    axis.minorticks_off()
    axis.set_xlim(0, 60)
    axis.set_ylim(1, 6)
    axis.set_xlabel("how many more of the cases than of their controls have the hidden trait, percentage points")
    axis.set_ylabel("emergency admissions of those who have it, times those of others")
    return f"How strong a hidden trait would have to be ({told['controls']:.0%} of controls have it)"


def _points(axis: Axes, model: Answer | None) -> None:
    if model is None:
        return
    for trait in model["traits"]:
        x = 100 * (trait["cases"]["mean"] - trait["controls"]["mean"])
        y = trait["rate_ratio"]["mean"]
        if not (0 <= x <= 60 and 1 <= y <= 6):
            continue
        axis.plot([x], [y], "o", color=BLUE, markersize=11, markeredgecolor="white", clip_on=False)
        told = f"{NAMES[trait['name']]}: {trait['bias']['mean'] - 1:+.1%}"
        offset = BESIDE.get(trait["name"], (9, 7))
        axis.annotate(told, (x, y), offset, textcoords="offset points", fontsize=MIDDLE, color=BLUE)

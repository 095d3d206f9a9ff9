"""What would have told the explanations apart, on a terminal and as a picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from icpsim.questions.calibration.show_style import MIDDLE, OBSERVED, PREDICTED, PRIOR, SMALL
from icpsim.questions.further_evidence.answer import headline, is_clear
from icpsim.report.figure import MUTED, RED, slide
from icpsim.report.tables import say, table
from icpsim.report.words import UNKNOWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from rich.console import Console

Report = Mapping[str, Any]
HEADINGS = (
    "beside the published table",
    "bits (SE)",
    "gain (SE)",
    "nothing, 95%",
    "SD left (SE)",
    "error",
    "bias",
)


def print_telling(console: Console, told: Report, lines: list[str]) -> None:
    """Print the table and the sentences."""
    title = f"What would have told: {told['simulations']} simulated evaluations, {told['pasts']} pasts"
    rows = [_cells(row, row is told["published"]) for row in (told["published"], *told["rows"])]
    console.print(table(HEADINGS, rows, title=title, whole={0}), markup=False, highlight=False)
    say(
        console,
        "bits: about the explanation, from forecasts of simulations not learnt from. gain: over the published"
        " table (its panel: over the table without it). nothing: bits that permuted evidence gives. SD left: of"
        " the true effect, over that without any evaluation. error: SE over the published design's. bias: estimate"
        " over truth. A dash: adds no estimate of the effect, so that the published one and its"
        " error stay.\n",
        *lines,
    )


def _cells(row: Report, first: bool) -> tuple[str, ...]:
    error = UNKNOWN if row["error_ratio"] is None else f"{row['error_ratio']:.2f}"
    bias = UNKNOWN if row["bias"] is None else f"{math.exp(row['bias']) - 1:+.1%}"
    return (
        row["evidence"],
        f"{row['bits']:.2f} ({row['bits_se']:.2f})",
        UNKNOWN if first else f"{row['gain']:+.2f} ({row['gain_se']:.2f})",
        f"{row['null_bits_95']:.2f}",
        f"{row['effect_sd_left']:.0%} ({100 * row['effect_sd_left_se']:.0f})",
        error,
        bias,
    )


def write_picture(path: Path, told: Report) -> Path:
    """Draw gain in bits, SD left and standard error of each kind of evidence; PNG, 1920 x 1080 px."""
    return slide(lambda figure: _draw(figure, told), fill(_caption(told), 150), path, small=SMALL)


def _draw(figure: Figure, told: Report) -> str:
    gains, left, errors = figure.subplots(1, 3, sharey=True, width_ratios=(4, 3, 3))
    _gains(gains, told)
    _effects_left(left, told)
    _errors(errors, told)
    for axis in (gains, left, errors):
        axis.spines[["top", "right"]].set_visible(False)
        axis.tick_params(axis="x", labelsize=SMALL)
    return fill(headline(told), 78)


def _gains(axis: Axes, told: Report) -> None:
    """Draw bits gained: in full colour what is told from none."""
    rows = told["rows"]
    colours = [PREDICTED if is_clear(row, told) else PRIOR for row in rows]
    at = np.arange(len(rows))
    error = [row["gain_se"] for row in rows]
    axis.barh(at, [row["gain"] for row in rows], xerr=error, color=colours, capsize=4, ecolor=OBSERVED)
    axis.set_yticks(at, [fill(row["evidence"], 24) for row in rows], fontsize=MIDDLE)
    axis.invert_yaxis()
    axis.axvline(0, color=MUTED)
    axis.set_title(f"bits gained about the explanation\n(of {told['open_bits']:.1f})", fontsize=MIDDLE, loc="left")


def _effects_left(axis: Axes, told: Report) -> None:
    rows = told["rows"]
    axis.axvline(100 * told["published"]["effect_sd_left"], color=RED, linewidth=2)
    axis.errorbar(
        [100 * row["effect_sd_left"] for row in rows], np.arange(len(rows)),
        xerr=[100 * row["effect_sd_left_se"] for row in rows],
        fmt="o", color=PREDICTED, ecolor=OBSERVED, capsize=4,
    )  # fmt: skip
    axis.set_title("SD left of the true effect, %\n(line: published alone)", fontsize=MIDDLE, loc="left")


def _errors(axis: Axes, told: Report) -> None:
    own = [(k, row["error_ratio"]) for k, row in enumerate(told["rows"]) if row["error_ratio"] is not None]
    axis.axvline(1.0, color=RED, linewidth=2)
    axis.plot([ratio for _, ratio in own], [k for k, _ in own], "o", color=PREDICTED)
    for k, ratio in own:
        side, away = ("right", -8) if ratio < 1.0 else ("left", 8)
        place: dict[str, Any] = {"xytext": (away, 0), "textcoords": "offset points", "ha": side, "va": "center"}
        axis.annotate(f"{ratio:.2f}", (ratio, k), fontsize=SMALL, **place)
    axis.set_xlim(0.0, 1.25 * max(1.0, *(ratio for _, ratio in own)))
    axis.set_title("standard error of the effect\n(line: published design, 1)", fontsize=MIDDLE, loc="left")


def _caption(told: Report) -> str:
    return (
        f"{told['simulations']} simulated evaluations, {told['pasts']} pasts; lines: 1 standard error; grey: gain"
        " not told from none; panel: against the table without it; no point on the right: adds no estimate of the"
        " effect, so that the published one and its error stay"
    )

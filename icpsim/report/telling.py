"""What would have told the explanations apart, on a terminal and as a picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from icpsim.report.calibration.style import MIDDLE, PREDICTED, SMALL

if TYPE_CHECKING:
    from rich.console import Console

Report = Mapping[str, Any]
INCHES, DPI = (12.8, 7.2), 150
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
    from rich import box
    from rich.table import Table

    title = f"What would have told: {told['simulations']} simulated evaluations, {told['pasts']} pasts"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for k, heading in enumerate(HEADINGS):
        table.add_column(heading, no_wrap=k == 0)
    for row in (told["published"], *told["rows"]):
        table.add_row(*_cells(row, row is told["published"]))
    console.print(table, markup=False, highlight=False)
    console.print(
        "bits: about the explanation, from forecasts of simulations not learnt from. gain: over the published"
        " table (its panel: over the table without it). nothing: bits that permuted evidence gives. SD left: of"
        " the true effect, over that without any evaluation. error: SE over the published design's. bias: estimate"
        " over truth.\n",
        markup=False,
        highlight=False,
    )
    for line in lines:
        console.print(line, markup=False, highlight=False)


def _cells(row: Report, first: bool) -> tuple[str, ...]:
    error = "" if row["error_ratio"] is None else f"{row['error_ratio']:.2f}"
    bias = "" if row["bias"] is None else f"{math.exp(row['bias']) - 1:+.1%}"
    return (
        row["evidence"],
        f"{row['bits']:.2f} ({row['bits_se']:.2f})",
        "" if first else f"{row['gain']:+.2f} ({row['gain_se']:.2f})",
        f"{row['null_bits_95']:.2f}",
        f"{row['effect_sd_left']:.0%} ({100 * row['effect_sd_left_se']:.0f})",
        error,
        bias,
    )


def write_picture(path: Path, told: Report) -> Path:
    """Draw gain in bits and SD left of each kind of evidence; PNG, 1920 x 1080 px."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    path.parent.mkdir(parents=True, exist_ok=True)
    figure = Figure(figsize=INCHES, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2, sharey=True)
    rows = told["rows"]
    at = np.arange(len(rows))
    bars = {"color": PREDICTED, "capsize": 4, "ecolor": "#000000"}
    left.barh(at, [row["gain"] for row in rows], xerr=[row["gain_se"] for row in rows], **bars)
    left.set_yticks(at, [row["evidence"] for row in rows], fontsize=MIDDLE)
    left.invert_yaxis()
    left.axvline(0, color="#888888")
    left.set_xlabel(f"bits gained about the explanation (of {told['open_bits']:.1f}; bars: 1 SE)", fontsize=SMALL)
    left_over = [100 * row["effect_sd_left"] for row in rows]
    right.barh(at, left_over, xerr=[100 * row["effect_sd_left_se"] for row in rows], **bars)
    right.axvline(100 * told["published"]["effect_sd_left"], color="#D55E00", linewidth=2)
    right.set_xlabel("SD left of the true effect, per cent (line: published alone)", fontsize=SMALL)
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
    best = max(rows[1:-1], key=lambda row: float(row["gain"]))
    figure.suptitle(f"Largest gain: {best['evidence']}", fontsize=18, fontweight="bold", x=0.01, ha="left")
    figure.savefig(path, metadata={"Software": None})
    return path

"""What the answers rest on: explanations under other assumptions, further statistics, known truths."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from icpsim.inference.posterior import ShippedDraws
from icpsim.questions.calibration.show_style import BY_EXPLANATION, MIDDLE, PREDICTED, SMALL, short, target_name
from icpsim.report.figure import MUTED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Report = Mapping[str, Any]
MOST_SHOWN = 24
ACROSS = 32
"""Letters of a name above one small panel."""


def explanations(figure: Figure, told: Report, draws: ShippedDraws) -> str:
    """Draw the explanations' probabilities, and how probable a true fall is, under every assumption tried."""
    rows = told["answers"][:MOST_SHOWN]
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[2, 1])
    at = np.arange(len(rows))
    start = np.zeros(len(rows))
    for name, colour in BY_EXPLANATION.items():
        shares = np.array([row[name] for row in rows])
        left.barh(at, shares, left=start, color=colour, label=name)
        start += shares
    left.set_yticks(at, [_told(row["assumption"]) for row in rows], fontsize=SMALL - 1)
    left.invert_yaxis()
    left.set_xlim(0, 1)
    left.set_xlabel("posterior probability of the explanation", fontsize=SMALL)
    left.legend(ncols=4, fontsize=SMALL, frameon=False, loc="lower left", bbox_to_anchor=(0, 1))
    for name, marker, colour in (("rose", "^", "#D55E00"), ("fell", "v", "#009E73"), ("stayed", "o", MUTED)):
        right.plot([row[name] for row in rows], at, marker, color=colour, label=f"truly {name}", markersize=8)
    right.set_xlim(-0.02, 1.02)
    right.set_xlabel("probability, emergency admissions", fontsize=SMALL)
    right.legend(ncols=3, fontsize=SMALL, frameon=False, loc="lower left", bbox_to_anchor=(0, 1))
    right.grid(axis="x", color="#DDDDDD")
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
    best = max(BY_EXPLANATION, key=lambda name: float(rows[0][name]))
    fell = [row["fell"] for row in told["answers"]]
    return (
        f"Most probable: {best} ({rows[0][best]:.0%}); a true fall has {min(fell):.0%} to {max(fell):.0%}"
        " under the assumptions tried"
    )


def _told(assumption: str) -> str:
    start, without, target = assumption.partition("without ")
    return f"without {target_name(target)}" if without and not start else assumption


def information(figure: Figure, told: Report, draws: ShippedDraws) -> str:
    """Draw what each further statistic would tell of the explanation and of the true effect."""
    rows = told["information"]
    left, right = figure.subplots(1, 2, sharey=True)
    at = np.arange(len(rows))
    left.barh(at, [row["bits_about_the_explanation"] for row in rows], color=PREDICTED)
    left.set_yticks(at, [row["statistic"] for row in rows], fontsize=MIDDLE)
    left.invert_yaxis()
    shares = np.array([row["probability"] for row in told["explanations"]])
    open_bits = -sum(p * np.log2(p) for p in shares if p > 0)
    left.set_xlabel(f"bits about which explanation is at work ({open_bits:.1f} would settle it)", fontsize=SMALL)
    right.barh(at, [100 * (1 - row["effect_sd_left"]) for row in rows], color=PREDICTED)
    right.set_xlabel("per cent off the SD of the true emergency effect", fontsize=SMALL)
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
    best = max(rows[:-1], key=lambda row: float(row["bits_about_the_explanation"]))
    return f"Most would be learnt of the explanation from {best['statistic']}"


def known_truth(figure: Figure, told: Report, draws: ShippedDraws) -> str:
    """Draw where known values lie in their posteriors: flat is right."""
    known = told["known_truth"]
    counts = np.array(known["counts"])
    sets, bins = known["data_sets"], counts.shape[1]
    expected = sets / bins
    slack = 2.576 * np.sqrt(expected * (1 - 1 / bins))
    columns = 6
    axes = figure.subplots(-(-len(counts) // columns), columns, squeeze=False).ravel()
    for axis, name, line, p in zip(axes, known["names"], counts, known["p_values"], strict=False):
        axis.axhspan(expected - slack, expected + slack, color="#F0E442", alpha=0.6, zorder=0)
        axis.bar(np.arange(bins) + 0.5, line, 0.9, color=PREDICTED, alpha=0.85)
        axis.set_ylim(0, 1.1 * max(float(counts.max()), expected + slack))
        axis.set_title(f"{fill(short(name), ACROSS)}\np = {p:.2f}", fontsize=SMALL - 2)
        axis.set_xticks([])
        axis.set_yticks([])
        axis.spines[["top", "right", "left"]].set_visible(False)
    for axis in axes[len(counts) :]:
        axis.set_visible(False)
    low = [name for name, p in zip(known["names"], known["p_values"], strict=True) if p < 0.01]
    verdict = "flat for all" if not low else f"not flat for {', '.join(map(short, low))}"
    return f"Places of known values in {sets} posteriors: {verdict} (yellow: 99% of sound bins)"

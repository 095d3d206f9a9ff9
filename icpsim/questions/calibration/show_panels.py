"""What was learnt: targets, the true effect, parameters and how they go together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from icpsim.base.intervals import MATERIAL
from icpsim.inference.posterior import ShippedDraws
from icpsim.questions.calibration.show_style import (
    BY_EXPLANATION,
    MIDDLE,
    OBSERVED,
    PREDICTED,
    PRIOR,
    SMALL,
    short,
    target_name,
    weighted_density,
)
from icpsim.report.figure import MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Report = Mapping[str, Any]
BINS = 25


def targets(figure: Figure, told: Report, draws: ShippedDraws) -> str:
    """Draw published intervals above those that evaluations of posterior draws give."""
    groups = [
        ("change, per cent", [row for row in told["targets"] if row["measure"] == "rate_ratio"]),
        ("pounds a patient", [row for row in told["targets"] if abs(row["observed"]) > 10]),
        ("share", [r for r in told["targets"] if r["measure"] != "rate_ratio" and abs(r["observed"]) <= 10]),
    ]
    kept = [(unit, rows) for unit, rows in groups if rows]
    axes = figure.subplots(len(kept), 1, height_ratios=[len(rows) + 1 for _, rows in kept], squeeze=False)[:, 0]
    for axis, (unit, rows) in zip(axes, kept, strict=True):
        _intervals(axis, rows, unit)
    axes[0].legend(loc="best", fontsize=SMALL, frameon=False)
    covered = sum(row["covered"] for row in told["targets"])
    return f"{covered} of {len(told['targets'])} published effects lie inside what the posterior predicts"


def _intervals(axis: Axes, rows: list[Mapping[str, Any]], unit: str) -> None:
    for k, row in enumerate(rows):
        percent = row["measure"] == "rate_ratio"

        def shown(name: str, row: Mapping[str, Any] = row, percent: bool = percent) -> float:
            return 100.0 * (row[name] - 1.0) if percent else float(row[name])

        for offset, names, colour, label in (
            (-0.17, ("observed_low", "observed", "observed_high"), OBSERVED, "published, working 90% interval"),
            (0.17, ("low", "predicted", "high"), PREDICTED, "an evaluation of a posterior draw, 90%"),
        ):
            low, middle, high = (shown(name) for name in names)
            axis.plot([low, high], [k + offset] * 2, color=colour, linewidth=3, label=label if k == 0 else None)
            axis.plot([middle], [k + offset], "o", color=colour, markersize=7)
    axis.axvline(0.0, color=MUTED, linewidth=1, zorder=0)
    axis.set_yticks(range(len(rows)), [target_name(row["target"]) for row in rows], fontsize=SMALL)
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.set_xlabel(unit, fontsize=SMALL)
    axis.spines[["top", "right", "left"]].set_visible(False)


def true_effect(figure: Figure, told: Report, draws: ShippedDraws) -> str:
    """Draw the posterior of the true effect on emergency admissions, parted by explanation."""
    axis = figure.subplots()
    effect = 100.0 * (np.exp(draws.effects["true_cm_emergency"]) - 1.0)
    published = next(row for row in told["targets"] if row["target"] == "cm_emergency")
    observed = 100.0 * (published["observed"] - 1.0)
    low, high = min(float(effect.min()), -5.0) - 1.0, max(float(effect.max()), observed) + 2.0
    edges, below = np.linspace(low, high, 61), np.zeros(60)
    kinds = np.array(draws.explanation)
    for name, colour in BY_EXPLANATION.items():
        counts, _ = np.histogram(effect[kinds == name], edges, weights=draws.weight[kinds == name])
        share = f"{name} ({draws.weight[kinds == name].sum():.0%})"
        axis.bar(edges[:-1], counts, np.diff(edges), below, align="edge", color=colour, label=share)
        below += counts
    axis.axvline(observed, color=OBSERVED, linewidth=2.5)
    axis.text(observed, below.max() * 1.04, "published estimate ", ha="right", fontsize=MIDDLE)
    axis.axvspan(-100 * MATERIAL, 100 * MATERIAL, color=PRIOR, alpha=0.4, zorder=0)
    axis.set_ylim(0, below.max() * 1.12)
    axis.set_xlabel("true effect on emergency admissions at case-management sites, per cent", fontsize=MIDDLE)
    axis.set_ylabel("posterior probability", fontsize=MIDDLE)
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(title="explanation", fontsize=MIDDLE, title_fontsize=MIDDLE, frameon=False, loc="center right")
    answer = told["answers"][0]
    return (
        f"Emergency admissions truly fell with probability {answer['fell']:.0%}, rose {answer['rose']:.0%},"
        f" stayed within {MATERIAL:.0%} {answer['stayed']:.0%}"
    )


def parameters(figure: Figure, told: Report, draws: ShippedDraws) -> str:
    """Draw each parameter's prior and posterior; the weight at 0 is that of explanations without it."""
    rows = told["parameters"]
    columns = 5
    axes = figure.subplots(-(-len(rows) // columns), columns, squeeze=False).ravel()
    for axis, row in zip(axes, rows, strict=False):
        values = draws.values[:, draws.names.index(row["name"])]
        low, high = row["prior_low"], row["prior_high"]
        absent = values == 0.0
        mixed = 0.02 < float(draws.weight[absent].sum())
        kept = ~absent if mixed else np.ones(len(values), bool)
        density = weighted_density(values[kept], draws.weight[kept], low, high, BINS)
        edges = np.linspace(low, high, BINS + 1)
        axis.bar(edges[:-1], density, np.diff(edges), align="edge", color=PREDICTED)
        axis.axhline(1.0 / (high - low), color=MUTED, linewidth=2)
        told_absent = f", absent {draws.weight[absent].sum():.0%}" if mixed else ""
        told_sd = f"SD {1 - row['shrinkage']:.0%} of the prior's"
        axis.set_title(f"{short(row['name'])}\n{told_sd}{told_absent}", fontsize=SMALL - 1)
        axis.set_yticks([])
        axis.tick_params(labelsize=SMALL - 1)
        axis.spines[["top", "right", "left"]].set_visible(False)
    for axis in axes[len(rows) :]:
        axis.set_visible(False)
    return "What the effects say of each mechanism (blue), and the prior (grey line)"


def correlations(figure: Figure, told: Report, draws: ShippedDraws) -> str:
    """Draw how parameters go together in the posterior."""
    names = [short(name) for name in told["correlations"]["names"]]
    matrix = np.array(told["correlations"]["matrix"])
    axis = figure.subplots()
    image = axis.imshow(matrix, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
    for row, line in enumerate(matrix):
        for column, value in enumerate(line):
            if row != column and abs(value) >= 0.1:
                axis.text(column, row, f"{value:+.1f}", ha="center", va="center", fontsize=SMALL - 1)
    axis.set_xticks(range(len(names)), names, rotation=35, ha="right", fontsize=SMALL)
    axis.set_yticks(range(len(names)), names, fontsize=SMALL)
    figure.colorbar(image, ax=axis, label="correlation", shrink=0.8)
    off = np.abs(matrix - np.diag(np.diag(matrix)))
    i, j = divmod(int(off.argmax()), off.shape[1])
    return f"What goes together: most of all {names[i]} with {names[j]} ({matrix[i, j]:+.2f})"

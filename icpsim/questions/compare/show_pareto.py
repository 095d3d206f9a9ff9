"""Cost against emergency admissions of every policy, and those that none beats on both."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from icpsim.questions.compare.pareto import front
from icpsim.questions.compare.results import Policy
from icpsim.report.amounts import plain
from icpsim.report.figure import BLUE, FAINT, MIDDLE, MUTED, RED, SMALL, plain_axis, tick, write
from icpsim.report.measures import MONEY, About
from icpsim.report.words import WITHOUT_LIST_WIDE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_NAMES = 12
"""Policies of the front that are named; of a longer front, these stand at equal steps along it."""
_LINE = 34


def write_pareto(policies: Sequence[Policy], about: About, path: Path) -> Path:
    """Draw net cost against emergency admissions; the front's policies are joined and named."""
    on = len(on_front(policies))
    note = f"{len(policies)} policies, {on} on the front: no other is both cheaper and has fewer admissions; means"
    if any(isfinite(policy.cost_alone) for policy in on_front(policies)):
        note += f"; hollow: the front's cost {WITHOUT_LIST_WIDE}"
    if on > MOST_NAMES:
        note += f"; {MOST_NAMES} of the front named"
    return write(lambda figure: _draw(figure, policies), about, note, path)


def on_front(policies: Sequence[Policy]) -> list[Policy]:
    """Return the policies that no other beats on both cost and admissions, most admissions first."""
    if not policies:
        return []
    kept = front([(policy.cost, policy.admissions) for policy in policies])
    found = [policy for policy, stays in zip(policies, kept, strict=True) if stays]
    return sorted(found, key=lambda policy: (-policy.admissions, policy.cost))


def _draw(figure: Figure, policies: Sequence[Policy]) -> str:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis, names = figure.subplots(1, 2, width_ratios=(2.2, 1.0))
    best = on_front(policies)
    rest = [policy for policy in policies if policy not in best]
    axis.plot([p.cost for p in rest], [p.admissions for p in rest], "o", color=MUTED, alpha=0.6, markersize=5)
    axis.plot([p.cost for p in best], [p.admissions for p in best], "-", color=BLUE, linewidth=1.5, alpha=0.6)
    axis.plot([p.cost for p in best], [p.admissions for p in best], "o", color=RED, markersize=8)
    alone = [policy for policy in best if isfinite(policy.cost_alone)]
    axis.plot(
        [p.cost_alone for p in alone], [p.admissions for p in alone], "o", color=RED, markersize=8,
        markerfacecolor="none",
    )  # fmt: skip
    plain_axis(axis, MONEY)
    axis.grid(axis="y", color=FAINT, linewidth=0.8)
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(MONEY, value)))
    axis.yaxis.set_major_locator(MaxNLocator(6))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
    axis.set_xlabel("net cost, £ a year", fontsize=MIDDLE)
    axis.set_ylabel("emergency admissions a year", fontsize=MIDDLE)
    axis.patch.set_visible(False)
    names.set_axis_off()
    names.set_xlim(0, 1)
    names.set_ylim(0, 1)
    _name(figure, axis, names, best)
    return "Cost against emergency admissions: the policies that no other beats on both"


def _name(figure: Figure, axis: Axes, names: Axes, best: Sequence[Policy]) -> None:
    """Write names one under the other beside the picture, each led to its point by a thin line."""
    from matplotlib.patches import ConnectionPatch

    steps = np.unique(np.linspace(0, len(best) - 1, min(len(best), MOST_NAMES)).round().astype(int))
    for k, number in enumerate(steps):
        policy = best[number]
        height = 1.0 - (k + 0.5) / len(steps)
        names.text(0.04, height, _cut(policy.name), fontsize=SMALL, va="center")
        lead = ConnectionPatch(
            (policy.cost, policy.admissions),
            (0.02, height),
            axis.transData,
            names.transData,
            color=MUTED,
            linewidth=0.7,
            zorder=-1,
        )
        figure.add_artist(lead)


def _cut(name: str) -> str:
    lines = wrap(name.replace(",", ", "), _LINE, max_lines=2, placeholder="…")
    return "\n".join(lines)

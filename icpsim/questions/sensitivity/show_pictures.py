"""Pictures of an analysis: indices with chance as a bar of its own, how they settle, and Morris' plane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from icpsim.questions.sensitivity.answer import MEASURES, IndexRow, OutcomeAnalysis, Sensitivity
from icpsim.questions.sensitivity.show_terminal import CHANCE
from icpsim.questions.sensitivity.show_words import amount, factor_name, is_share, outcome_name, share
from icpsim.report.amounts import capital
from icpsim.report.figure import BLACK, BLUE, MIDDLE, MUTED, ORANGE, SERIES, SKY, SMALL, plain_axis, wrapped, write

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_BARS, MOST_SERIES, MOST_NAMED = 14, 7, 6
ACROSS = 72
"""Letters of the headings of all panels together."""
LEAST_SHOWN, MOST_SHOWN = -0.3, 1.3
"""Shares of variance beyond which a picture is cut: small samples give any number."""
WAYS = {"sobol": "shares of variance", "morris": "elementary effects", "delta": "delta", "pawn": "PAWN distances"}

Panel = Callable[["Axes", OutcomeAnalysis], None]


def write_pictures(found: Sensitivity, folder: Path) -> list[Path]:
    """Write ``indices.png``, ``convergence.png`` (of several sizes), ``screen.png`` (of Morris); their paths."""
    note = "Lines: 90%, from resampling points and from replicates."
    title = f"What moves the results: {WAYS[found.method]}"
    drawn = [_write(found, found.outcomes, _bars(found), title, note, folder / "indices.png")]
    if len({row.samples for row in found.outcomes[0].convergence}) > 1:
        note = "Bands: 90%, from resampling points. Largest inputs only."
        title = "Do the indices settle as the sample grows?"
        drawn.append(_write(found, found.outcomes, _settling(found), title, note, folder / "convergence.png"))
    screened = found.screen.outcomes if found.screen else found.outcomes if found.method == "morris" else ()
    if screened:
        note = "Above the dotted line what an input does depends much on its own place or on others."
        title = "Morris screen: size and spread of effects"
        drawn.append(_write(found, screened, _plane(found), title, note, folder / "screen.png"))
    return drawn


def _write(
    found: Sensitivity, outcomes: Sequence[OutcomeAnalysis], panel: Panel, title: str, note: str, path: Path
) -> Path:
    def draw(figure: Figure) -> str:
        axes = figure.subplots(1, len(outcomes), squeeze=False)[0]
        for axis, outcome in zip(axes, outcomes, strict=True):
            panel(axis, outcome)
            main = "mu_star" if outcomes is not found.outcomes else found.main
            text = f"{capital(outcome_name(outcome.outcome))}{_beside(outcome, main)}"
            axis.set_title(wrapped(text, ACROSS // len(outcomes)), fontsize=MIDDLE, loc="left")
        _legend(figure, axes)
        return title

    return write(draw, found.about, note, path)


def _beside(outcome: OutcomeAnalysis, main: str) -> str:
    """Return what stands behind an outcome's name: the unit of effects, and chance where it has no bar."""
    if is_share(main):
        return ""
    unit = f" ({outcome.unit})" if outcome.unit and main == "mu_star" else ""
    chance = outcome.chance.paired
    return f"{unit}; chance {share(chance)} of variance" if isfinite(chance) else unit


def _legend(figure: Figure, axes: Sequence[Axes]) -> None:
    """Write one legend for all panels at their right, each name once."""
    named: dict[str, Artist] = {}
    for axis in axes:
        for handle, name in zip(*axis.get_legend_handles_labels(), strict=True):
            named.setdefault(name, handle)
    if len(named) > 1:
        names = [wrapped(name, 18) for name in named]
        figure.legend(list(named.values()), names, loc="outside right center", fontsize=SMALL, frameon=False)


def _bars(found: Sensitivity) -> Panel:
    """Return a panel with bars of the main measure (and totals) with intervals; chance has the lowest bar."""

    def panel(axis: Axes, outcome: OutcomeAnalysis) -> None:
        rows = outcome.measured(found.main)[:MOST_BARS]
        names = [factor_name(row.factor, _factors(outcome)) for row in rows]
        places: list[float] = [float(k) for k in range(len(rows), 0, -1)]
        if is_share(found.main) and any(row.measure == "total" for row in outcome.rows):
            totals = [outcome.of(row.factor, "total") for row in rows]
            _bar_row(axis, [p + 0.2 for p in places], rows, BLUE, 0.36)
            _bar_row(axis, [p - 0.2 for p in places], totals, SKY, 0.36)
        else:
            _bar_row(axis, places, rows, BLUE, 0.7)
        if is_share(found.main) and isfinite(outcome.chance.paired):
            axis.barh([0], [outcome.chance.paired], 0.6, color=ORANGE, label="chance that is left")
            told = f" {share(outcome.chance.paired)}"
            axis.annotate(told, (max(outcome.chance.paired, 0.0), 0), fontsize=SMALL, va="center")
            names, places = [*names, CHANCE], [*places, 0.0]
        axis.set_yticks(places, [wrapped(name, 22) for name in names])
        plain_axis(axis)
        axis.axvline(0, color=MUTED, linewidth=1)
        _ruled(axis.xaxis, found.main)

    return panel


def _bar_row(axis: Axes, places: Sequence[float], rows: Sequence[IndexRow], colour: str, high: float) -> None:
    axis.barh(places, [row.value for row in rows], high, color=colour, label=MEASURES[rows[0].measure])
    for place, row in zip(places, rows, strict=True):
        if isfinite(row.low):
            axis.plot([row.low, row.high], [place, place], color=BLACK, linewidth=1.2)


def _settling(found: Sensitivity) -> Panel:
    """Return a panel of the main measure against the size of the sample; an input has one colour in all panels."""
    ranked = [[row.factor for row in outcome.measured(found.main)] for outcome in found.outcomes]
    order = sorted(ranked[0], key=lambda factor: min(names.index(factor) for names in ranked))
    colours = dict(zip(order[:MOST_SERIES], SERIES, strict=False))

    def panel(axis: Axes, outcome: OutcomeAnalysis) -> None:
        for factor, colour in colours.items():
            rows = sorted((r for r in outcome.convergence if r.factor == factor), key=lambda r: r.samples)
            x = [row.samples for row in rows]
            low, high = [r.value - r.half for r in rows], [r.value + r.half for r in rows]
            axis.fill_between(x, low, high, color=colour, alpha=0.12)
            axis.plot(x, [row.value for row in rows], "o-", color=colour, label=factor_name(factor, order))
        plain_axis(axis, along="y")
        axis.set_xscale("log", base=2)
        sizes = sorted({row.samples for row in outcome.convergence})
        axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axis.minorticks_off()
        axis.set_xlabel("samples", fontsize=SMALL)
        axis.set_ylabel(MEASURES[found.main], fontsize=SMALL)
        if is_share(found.main):
            bottom, top = axis.get_ylim()
            axis.set_ylim(max(bottom, LEAST_SHOWN), min(top, MOST_SHOWN))
        _ruled(axis.yaxis, found.main)

    return panel


def _plane(found: Sensitivity) -> Panel:
    """Return a panel with every factor at the mean size of its effect and the spread of it, the largest named."""
    left = found.screen.left_out if found.screen else ()

    def panel(axis: Axes, outcome: OutcomeAnalysis) -> None:
        rows = outcome.measured("mu_star")
        points = [(row.value, outcome.of(row.factor, "sigma").value, row.factor) for row in rows]
        wide = max(x for x, _, _ in points) or 1.0
        high = max(y for _, y, _ in points) or 1.0
        for x, y, factor in points:
            axis.plot(x, y, "o", color=MUTED if factor in left else BLUE, markersize=7)
        axis.plot([0, 2 * high], [0, high], color=MUTED, linewidth=1, linestyle=":")
        axis.set_xlim(-0.04 * wide, 1.08 * wide)
        axis.set_ylim(-0.05 * high, 1.15 * high)
        _name_points(axis, points[:MOST_NAMED], wide, high)
        plain_axis(axis, along="y")
        _ruled(axis.xaxis, "mu_star")
        _ruled(axis.yaxis, "sigma")
        axis.set_xlabel("mean size of its effect, end to end", fontsize=SMALL)
        axis.set_ylabel("spread of its effect", fontsize=SMALL)

    return panel


def _name_points(axis: Axes, points: Sequence[tuple[float, float, str]], wide: float, high: float) -> None:
    """Write names beside points, left of those on the right half, moved up where names would lie on each other."""
    factors = [factor for _, _, factor in points]
    taken: list[float] = []
    for x, y, factor in sorted(points, key=lambda point: point[1]):
        at = y
        while any(abs(at - other) < 0.045 * high for other in taken):
            at += 0.005 * high
        taken.append(at)
        right = x > 0.5 * wide
        place = (x - 0.03 * wide, at) if right else (x + 0.03 * wide, at)
        side = "right" if right else "left"
        behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        text = factor_name(factor, factors)
        axis.annotate(text, (x, y), place, fontsize=SMALL, va="center", ha=side, bbox=behind)


def _ruled(axis: object, measure: str) -> None:
    """Write an axis' ticks as shares or as numbers with thousands parted, five of them at most."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    shown = share if is_share(measure) else amount
    axis.set_major_locator(MaxNLocator(4))  # type: ignore[attr-defined]
    axis.set_major_formatter(FuncFormatter(lambda value, _: shown(value).replace(".0%", "%")))  # type: ignore[attr-defined]


def _factors(outcome: OutcomeAnalysis) -> list[str]:
    return list(dict.fromkeys(row.factor for row in outcome.rows))

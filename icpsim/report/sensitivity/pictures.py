"""Pictures of an analysis: indices with chance as a bar of its own, how they settle, and Morris' plane."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from icpsim.report.comparison.style import (
    BLACK,
    BLUE,
    GREEN,
    MIDDLE,
    MUTED,
    ORANGE,
    PINK,
    RED,
    SKY,
    SMALL,
    plain_axis,
    wrapped,
    write,
)
from icpsim.report.comparison.words import capital
from icpsim.report.sensitivity.answer import CHANCE
from icpsim.report.sensitivity.words import factor_name, is_share, outcome_name, share
from icpsim.sensitivity.results import MEASURES, OutcomeAnalysis, Sensitivity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_BARS, MOST_LINES = 14, 6
COLOURS = {"total": SKY, "first": BLUE, "mu_star": BLUE, "delta": BLUE, "pawn": BLUE}


def write_pictures(found: Sensitivity, folder: Path) -> list[Path]:
    """Write ``indices.png``, ``convergence.png`` and, for a Morris screen, ``screen.png``; return their paths."""
    drawn = [
        _write(found, found.outcomes, _bars, f"What moves the results: {_way(found)}", folder / "indices.png"),
        _write(
            found,
            found.outcomes,
            _settling,
            "Do the indices settle as the sample grows?",
            folder / "convergence.png",
        ),
    ]
    screened = found.screen.outcomes if found.screen else found.outcomes if found.method == "morris" else ()
    if screened:
        drawn.append(
            _write(found, screened, _plane, "Morris screen: size and spread of effects", folder / "screen.png")
        )
    return drawn


def _write(found: Sensitivity, outcomes: tuple[OutcomeAnalysis, ...], one: object, title: str, path: Path) -> Path:
    def draw(figure: Figure) -> str:
        axes = figure.subplots(1, len(outcomes), squeeze=False)[0]
        for axis, outcome in zip(axes, outcomes, strict=True):
            one(axis, found, outcome)  # type: ignore[operator]
            unit = f"\n({outcome.unit})" if outcome.unit and one is _plane else ""
            name = wrapped(capital(outcome_name(outcome.outcome)), 34)
            axis.set_title(f"{name}{unit}", fontsize=MIDDLE, loc="left")
        return title

    return write(draw, found.about, _note(found, one), path)


def _bars(axis: Axes, found: Sensitivity, outcome: OutcomeAnalysis) -> None:
    """Draw bars of the main measure (and totals behind) with intervals; chance has the lowest bar."""
    rows = outcome.measured(found.main)[:MOST_BARS]
    factors = [row.factor for row in outcome.rows]
    names = [factor_name(row.factor, list(dict.fromkeys(factors))) for row in rows]
    places = list(range(len(rows), 0, -1))
    if is_share(found.main) and any(row.measure == "total" for row in outcome.rows):
        totals = [outcome.of(row.factor, "total") for row in rows]
        _bar_row(axis, [p - 0.2 for p in places], totals, SKY, MEASURES["total"], 0.36)
        _bar_row(axis, [p + 0.2 for p in places], rows, BLUE, MEASURES[found.main], 0.36)
    else:
        _bar_row(axis, places, rows, BLUE, MEASURES[found.main], 0.7)
    if is_share(found.main) and isfinite(outcome.chance.paired):
        axis.barh([0], [outcome.chance.paired], 0.6, color=ORANGE, label="chance that is left")
        names, places = [*names, CHANCE], [*places, 0]
    axis.set_yticks(places, [wrapped(name) for name in names])
    plain_axis(axis)
    axis.axvline(0, color=MUTED, linewidth=1)
    if is_share(found.main):
        axis.xaxis.set_major_formatter(lambda value, _: share(value))
    if axis.get_subplotspec().is_first_col():  # type: ignore[union-attr]
        axis.legend(fontsize=SMALL, frameon=False, loc="lower right")


def _bar_row(axis: Axes, places: list[float] | list[int], rows: list, colour: str, name: str, high: float) -> None:  # type: ignore[type-arg]
    values = [row.value for row in rows]
    axis.barh(places, values, high, color=colour, label=name)
    for place, row in zip(places, rows, strict=True):
        if isfinite(row.low):
            axis.plot([row.low, row.high], [place, place], color=BLACK, linewidth=1.2)


def _settling(axis: Axes, found: Sensitivity, outcome: OutcomeAnalysis) -> None:
    """Draw the main measure of the largest factors against the size of the sample, with intervals."""
    largest = [row.factor for row in outcome.measured(found.main)[:MOST_LINES]]
    colours = (BLUE, RED, GREEN, PINK, ORANGE, SKY)
    sizes = sorted({row.samples for row in outcome.convergence})
    for factor, colour in zip(largest, colours, strict=False):
        rows = sorted((r for r in outcome.convergence if r.factor == factor), key=lambda r: r.samples)
        x = [row.samples for row in rows]
        axis.fill_between(
            x, [r.value - r.half for r in rows], [r.value + r.half for r in rows], color=colour, alpha=0.12
        )
        axis.plot(x, [row.value for row in rows], "o-", color=colour, label=factor_name(factor, largest))
    plain_axis(axis, along="y")
    axis.set_xscale("log", base=2)
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.minorticks_off()
    axis.set_xlabel("samples", fontsize=SMALL)
    if is_share(found.main):
        axis.yaxis.set_major_formatter(lambda value, _: share(value))
    axis.legend(fontsize=SMALL - 1, frameon=False)


def _plane(axis: Axes, found: Sensitivity, outcome: OutcomeAnalysis) -> None:
    """Draw every factor at the mean size of its effect and the spread of it; names of the largest."""
    rows = outcome.measured("mu_star")
    spreads = [outcome.of(row.factor, "sigma").value for row in rows]
    top = max(row.value for row in rows) or 1.0
    left = found.screen.left_out if found.screen else ()
    for row, spread in zip(rows, spreads, strict=True):
        axis.plot(row.value, spread, "o", color=MUTED if row.factor in left else BLUE, markersize=7)
    axis.plot([0, top], [0, top / 2], color=MUTED, linewidth=1, linestyle=":")
    _name_points(axis, [(row.value, spread, row.factor) for row, spread in zip(rows, spreads, strict=True)], top)
    plain_axis(axis, along="y")
    axis.set_xlim(-0.03 * top, 1.35 * top)
    axis.set_xlabel("mean size of its effect, end to end", fontsize=SMALL)
    axis.set_ylabel("spread of its effect", fontsize=SMALL)


def _name_points(axis: Axes, points: list[tuple[float, float, str]], top: float) -> None:
    """Write names beside the largest points, the later ones moved up where they would lie on each other."""
    factors = [factor for _, _, factor in points]
    high = max((y for _, y, _ in points), default=1.0) or 1.0
    taken: list[tuple[float, float]] = []
    for x, y, factor in points[:MOST_LINES]:
        at = y
        while any(abs(at - b) < 0.04 * high and abs(x - a) < 0.5 * top for a, b in taken):
            at += 0.041 * high
        taken.append((x, at))
        axis.annotate(
            factor_name(factor, factors),
            (x, y),
            (x + 0.03 * top, at),
            fontsize=SMALL - 1,
            va="center",
            color=BLACK,
        )


def _way(found: Sensitivity) -> str:
    ways = {"sobol": "shares of variance", "morris": "elementary effects", "delta": "delta", "pawn": "PAWN"}
    return ways[found.method]


def _note(found: Sensitivity, one: object) -> str:
    if one is _bars:
        return "Lines: 90%, from resampling points and from replicates."
    if one is _settling:
        return "Bands: 90%, from resampling points. Largest inputs only."
    return "Dotted: spread is half the size; above it what an input does depends on its place or on others."

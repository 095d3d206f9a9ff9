"""What a benchmark found: one figure a row, beside what it has to reach."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with its unit in its name; ``goal`` and ``met`` are None where nothing was promised."""

    figure: str
    value: float | None
    goal: float | None = None
    met: bool | None = None
    note: str = ""


def plain(figure: str, value: float, note: str = "") -> Row:
    """Return a figure without a goal."""
    return Row(figure, float(value), note=note)


def at_most(figure: str, value: float, goal: float, note: str = "") -> Row:
    """Return a figure that must not lie above its goal."""
    return Row(figure, float(value), goal, bool(value <= goal), note)


def at_least(figure: str, value: float, goal: float, note: str = "") -> Row:
    """Return a figure that must not lie below its goal."""
    return Row(figure, float(value), goal, bool(value >= goal), note)


def missing(figure: str, goal: float, note: str) -> Row:
    """Return a promised figure that could not be measured, which counts as not met; ``note`` says why."""
    return Row(figure, None, goal, False, note)


def number(value: float | None) -> str:
    """Return a number as it is shown; nothing for None."""
    return "" if value is None else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}"


def answer(met: bool | None) -> str:
    """Return whether a goal is met as it is shown."""
    return "" if met is None else "yes" if met else "NO"

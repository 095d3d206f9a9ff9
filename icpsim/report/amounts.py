"""Numbers and names of a comparison as tables, sentences and pictures show them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor, isfinite, log10

from icpsim.report.measures import (
    AVOIDED,
    CONDITION,
    COST,
    COST_ALONE,
    ESTIMATED,
    MONEY,
    RATE,
    RELATIVE,
    SAVED,
    SAVED_ALONE,
    TRUE,
)
from icpsim.report.words import CONDITIONS, UNKNOWN, percent

SHORT = {
    AVOIDED: "admissions avoided, a year",
    TRUE: "true effect",
    ESTIMATED: "estimated effect",
    COST: "net cost, a year",
    COST_ALONE: "  without the list-wide fall",
    SAVED: "hospital saving before cost",
    SAVED_ALONE: "  without the list-wide fall",
}
"""The headline measures where "emergency admissions" is said above or beside them."""
PER = {"count": "a year", RATE: "per 1,000 people a year", MONEY: "£ a year", RELATIVE: "change in rate"}
_DIGITS = 3
_SCALES = ((999_500_000, 10**9, "bn"), (999_500, 10**6, "m"), (9_950, 10**3, "k"))


def group_name(grouping: str, group: str) -> str:
    """Return what people call a group of a grouping: conditions have labels, others are named in words."""
    return CONDITIONS.get(group, group) if grouping == CONDITION else group


def capital(text: str) -> str:
    """Return text with its first letter large and the others as they are."""
    return text[:1].upper() + text[1:]


def replicates(count: int) -> str:
    """Return a number of replicates in words."""
    return f"{count} replicate{'' if count == 1 else 's'}"


def pounds(value: float) -> str:
    """Return an amount of money with its sign only where it is a loss: ``£1.2m``."""
    return number(MONEY, value).removeprefix("+")


def number(unit: str, value: float, beside: float = 0.0) -> str:
    """Return a signed difference in its unit: ``+31``, ``-4.2%``, ``+£1.2m``; three digits that count.

    ``beside`` is the largest number that it stands beside, whose decimals it shares.
    """
    if not isfinite(value):
        return UNKNOWN
    if unit == RELATIVE:
        return percent(value, 1)
    if unit == MONEY:
        return _money(value)
    text = plain(value, beside)
    return text if text.startswith("-") or text == "0" else f"+{text}"


def plain(value: float, beside: float = 0.0) -> str:
    """Return a number with three digits that count, whole from 100 on, and thousands parted; see ``number``."""
    if not isfinite(value):
        return UNKNOWN
    size = max(abs(value), abs(beside))
    decimals = max(0, _DIGITS - 1 - floor(log10(size))) if size else 0
    text = f"{value:,.{min(decimals, 4)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "0") else text


def with_interval(unit: str, value: float, low: float, high: float) -> str:
    """Return a difference with its interval, where it has one: ``+31 (+12 to +50)``."""
    if not (isfinite(low) and isfinite(high)):
        return number(unit, value)
    largest = max(abs(value), abs(low), abs(high))
    return f"{number(unit, value, largest)} {ends(unit, low, high, largest)}"


def ends(unit: str, low: float, high: float, beside: float = 0.0) -> str:
    """Return an interval in brackets, ``(+12 to +50)``, per cents without their sign; nothing if unknown."""
    if not (isfinite(low) and isfinite(high)):
        return ""
    return f"({number(unit, low, beside)} to {number(unit, high, beside)})".replace("%", "")


def summing(unit: str, parts: Sequence[float]) -> list[str]:
    """Return parts, and their total after them, with as many decimals as make what is shown sum exactly."""
    largest = max((abs(part) for part in parts), default=0.0)
    scale, before, after = Fraction(1), "", ""
    if unit == MONEY:
        scale, after = next(((Fraction(s), a) for least, s, a in _SCALES if largest >= least), (scale, ""))
        before = "£"
    elif unit == RELATIVE:
        scale, after = Fraction(1, 100), "%"
    size = largest / float(scale)
    decimals = min(max(0, _DIGITS - 1 - floor(log10(size))), 4) if size else 0
    shown = rounded([Fraction(part) / scale for part in parts], decimals)
    return [_signed(value, decimals, before, after) for value in (*shown, sum(shown, Fraction(0)))]


def rounded(parts: Sequence[Fraction], decimals: int = 0) -> tuple[Fraction, ...]:
    """Round parts so that what is shown still sums to the rounded total (largest remainders).

    Each part moves to a neighbouring multiple of 10^-decimals; those nearest to the next one up are raised.
    """
    unit = Fraction(1, 10**decimals)
    floors = [part // unit for part in parts]
    left = round(sum(parts, Fraction(0)) / unit) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda k: (floors[k] - parts[k] / unit, k))
    raised = set(by_remainder[:left])
    return tuple((floor + (k in raised)) * unit for k, floor in enumerate(floors))


def _signed(value: Fraction, decimals: int, before: str, after: str) -> str:
    sign = "-" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{before}{abs(float(value)):,.{decimals}f}{after}"


def _money(value: float) -> str:
    sign = "-" if round(value) < 0 else "+" if round(value) > 0 else ""
    size = abs(value)
    for least, scale, unit in _SCALES:
        if size >= least:
            return f"{sign}£{plain(size / scale)}{unit}"
    return f"{sign}£{round(size):,}"

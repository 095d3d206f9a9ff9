"""Words and number formats that tables and pictures share."""

from __future__ import annotations

import math

LABELS = {
    "ae_attendances": "A&E attendances",
    "hospital_cost": "hospital cost per patient",
    "acs_emergency_admissions": "ACS emergency admissions",
}
RATIO = "rate_ratio"
UNKNOWN = "–"  # noqa: RUF001 - an en dash stands for "no number"


def label(outcome: str) -> str:
    """Outcome in the reader's words."""
    return LABELS.get(outcome, outcome.replace("_", " "))


def percent(change: float, decimals: int = 0) -> str:
    """Relative change as a signed percentage: 0.09 is ``+9%``."""
    if not math.isfinite(change):
        return UNKNOWN
    text = f"{100 * change:+.{decimals}f}%"
    return text[1:] if float(text[:-1]) == 0 else text


def pounds(amount: float) -> str:
    """Signed whole pounds: -223 is ``-£223``."""
    if not math.isfinite(amount):
        return UNKNOWN
    whole = round(amount)
    sign = "-" if whole < 0 else "+" if whole > 0 else ""
    return f"{sign}£{abs(whole):,}"


def effect(measure: str, value: float, decimals: int = 0) -> str:
    """Effect on the scale that readers see: per cent for a rate ratio, pounds for a cost difference."""
    return percent(value - 1.0, decimals) if measure == RATIO else pounds(value)


def shown(measure: str, value: float) -> float:
    """Position of an effect on a picture's axis: per cent change, or GBP."""
    return 100.0 * (value - 1.0) if measure == RATIO else value

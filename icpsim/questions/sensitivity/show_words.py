"""Names and numbers of a sensitivity analysis as people read them."""

from __future__ import annotations

from math import isfinite

from icpsim.questions.sensitivity.answer import Sensitivity
from icpsim.report.words import LABELS, UNKNOWN, parameter


def outcome_name(outcome: str) -> str:
    """Return what people call an outcome; one that a caller of ``analyse`` made up is called as it is."""
    return LABELS.get(outcome, outcome)


def factor_name(factor: str, factors: list[str] | tuple[str, ...] = ()) -> str:
    """Return a factor without its table's name, unless another would be called the same."""
    programme, of, key = factor.rpartition(": ")
    short = _last(key)
    if sum(_last(other.rpartition(": ")[2]) == short for other in factors) > 1:
        short = key.replace(".", " ")
    return f"{parameter(short)} ({programme})" if of else parameter(short)


def share(value: float) -> str:
    """Return a share of variance as a per cent; a negative zero is 0%."""
    if not isfinite(value):
        return UNKNOWN
    text = f"{value:.0%}" if abs(value) >= 0.095 else f"{value:.1%}"
    return text.replace("-0.0%", "0.0%").replace("-0%", "0%")


def amount(value: float) -> str:
    """Return a number with three digits that count."""
    if not isfinite(value):
        return UNKNOWN
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def is_share(measure: str) -> bool:
    """Whether a measure is a share of variance."""
    return measure in ("first", "total")


def shown(measure: str, value: float) -> str:
    """Return a value of a measure."""
    return share(value) if is_share(measure) else amount(value)


def caption(found: Sensitivity) -> list[str]:
    """Return the lines below an analysis: what varied, how often it was simulated, how it was made."""
    about = found.about
    many = "replicates on the same draws" if about.replicates > 1 else "replicate"
    came = (
        "ranges of the inputs (independent)" if found.source == "prior" else "draws of the posterior (dependent)"
    )
    return [
        f"{about.title}: {len(found.inputs)} inputs, {found.simulated:,} points from {came},"
        f" {about.replicates} {many}, method {found.method}, seed {about.seed}; icpsim {about.version}"
    ]


def _last(key: str) -> str:
    words = [word for word in key.split(".") if not word.isdigit()]
    return words[-1]

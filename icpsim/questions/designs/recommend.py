"""What follows from the rows: which design to use, what it would see, and which designs would mislead."""

from __future__ import annotations

from collections.abc import Sequence
from math import expm1, inf, isfinite

from icpsim.evaluation.designs.interface import titled
from icpsim.questions.designs.summary import DesignRow
from icpsim.records.outcomes import BY_NAME, in_pounds

EMERGENCY = "emergency_admissions"
FEWEST = 3
"""Replicates below which nothing is said of bias."""


def recommended(rows: Sequence[DesignRow], outcome: str = EMERGENCY) -> DesignRow | None:
    """Return the sound design most likely to see the programme's own effect on an outcome; None without one.

    The one with most standard errors of effect: designs ask of other people, whose effects differ.
    """
    sound = [row for row in rows if row.outcome == outcome and row.sound and isfinite(row.smallest)]
    return max(sound, key=lambda row: abs(row.truth) / row.empirical_se, default=None)


def recommendation(rows: Sequence[DesignRow], outcome: str = EMERGENCY) -> str:
    """Return the recommendation in a sentence or two; says so when no design can be recommended."""
    words = BY_NAME[outcome].label
    best = recommended(rows, outcome)
    if best is None and all(row.replicates < FEWEST for row in rows):
        return f"Fewer than {FEWEST} replicates say nothing of bias: none of the designs is recommended."
    if best is None:
        tried = len({row.design for row in rows if row.outcome == outcome})
        return f"None of {tried} designs finds the effect on {words} without visible bias: none is recommended."
    text = (
        f"For {words} use: {named(best)}, {best.window} weeks of follow-up; it sees"
        f" {shown(best, -best.smallest)} or more in 80% of studies, and the programme's own effect"
        f" ({shown(best, best.truth)}) in {100 * best.power:.0f}% of {best.replicates}."
    )
    times = (best.smallest / best.truth) ** 2 if best.truth else inf
    if 1.0 < times < inf:
        text += f" To see that in 80% would take about {times:.2g} times the people (root-n law)."
    biased = [
        row
        for row in rows
        if row.outcome == outcome and row.window == best.window and not row.sound and isfinite(row.null_bias)
    ]
    if biased:
        worst = max(biased, key=lambda row: abs(row.null_bias))
        text += f" Without any effect, {named(worst)} would report {shown(worst, worst.null_bias)}."
    return text


def named(row: DesignRow) -> str:
    """Return a design's title, its variant, and that it is naive if it is."""
    return titled(row.about.title, row.variant, naive=row.about.naive)


def shown(row: DesignRow, effect: float) -> str:
    """Return an effect as readers see it: per cent, or pounds a patient."""
    if not isfinite(effect):
        return "unknown"
    if in_pounds(row.outcome):
        return f"{'-' if effect < 0 else '+'}£{abs(effect):,.0f}"
    return f"{100 * expm1(effect):+.0f}%"

"""What README says of the shipped calibration: published effects beside evaluations of the model, and ranges."""

from __future__ import annotations

from icpsim.inference.posterior import shipped_report
from icpsim.records.outcomes import HEADLINES
from icpsim.report.words import effect, label

HEADS = ("effects in", "on", "published (90%)", "evaluations of the model find (90%)", "published inside?")
WHOM = {"cm": "six case-management sites", "all": "all pilots"}
"""Of whom the published effects are, by the first word of a target's name."""
SHORT = {name.partition("_")[0]: name for name in HEADLINES if name != "hospital_cost"} | {"cost": "hospital_cost"}
"""Outcomes by what targets call them."""


def predictive_rows() -> list[tuple[str, ...]]:
    """Return a row for each published effect of the shipped calibration."""
    rows = []
    for row in shipped_report()["targets"]:
        whom, _, outcome = row["target"].partition("_")
        if outcome in SHORT:
            ends = ("observed", "observed_low", "observed_high"), ("predicted", "low", "high")
            shown = [[effect(row["measure"], row[name], 1) for name in three] for three in ends]
            published, found = (f"{middle} ({low} to {high})" for middle, low, high in shown)
            inside = "yes" if row["low"] <= row["observed"] <= row["high"] else "**no**"
            rows.append((WHOM[whom], label(SHORT[outcome]), published, found, inside))
    return rows


def headline_ranges() -> str:
    """Return the two headline probabilities with their ranges over changes of one target or assumption."""
    answers = shipped_report()["answers"]

    def ranged(name: str) -> str:
        values = [row[name] for row in answers]
        return f"{values[0]:.0%}, is between {min(values):.0%} and {max(values):.0%}"

    return (
        f"The printed probability of a fall, {ranged('fell')} when one target is left out or one\n"
        f"assumption changed (the same command); that people were selected on what evaluators cannot see (and no"
        f" need found),\n{ranged('selection')}."
    )

"""Where a policy fails: boxes on the terminal, in sentences and as JSON."""

from __future__ import annotations

from math import isfinite, isinf
from typing import TYPE_CHECKING, Any

from icpsim.questions.sensitivity.discovery import DEPTH, Box, Discovery, Limit
from icpsim.questions.sensitivity.show_words import amount, factor_name, outcome_name
from icpsim.report.as_json import json_object
from icpsim.report.tables import say, table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def print_discovery(console: Console, found: Discovery) -> None:
    """Print the boxes in which the policy fails, what they say, and how they were found."""
    if found.boxes:
        console.print(_table(found))
    say(console, *sentences(found), *caption(found))


def sentences(found: Discovery) -> list[str]:
    """Return what was found, in plain sentences."""
    average = "Good on average" if found.good_on_average else "It fails on average too"
    unit = f" {found.unit}" if found.unit else ""
    lines = [
        f"{average}: {outcome_name(found.fails.outcome)} {amount(found.mean)}{unit} over all points;"
        f" it fails ({condition(found)}) in {found.share:.0%} of them."
    ]
    if not found.boxes:
        lines.append("No combination of inputs was found in which it fails clearly more often than elsewhere.")
    for box in found.boxes[:2]:
        lines.append(
            f"Where {told(found, box)} it fails in {box.density:.0%}"
            f" ({box.density_low:.0%} to {box.density_high:.0%}) of points; {box.coverage:.0%} of all failures lie"
            f" there, in {box.mass:.0%} of the points."
        )
    if isfinite(found.near) and found.near > 0:
        lines.append(
            f"At {found.near:.0%} of points {found.about.replicates} replicates cannot tell on which side of the"
            " limit the mean lies. Shares count a point by the mean that it has; their intervals are of the number"
            " of points and hold none of that chance."
        )
    return lines


def condition(found: Discovery) -> str:
    """Return when the policy fails, for people."""
    side = "above" if found.fails.above else "below"
    return f"{outcome_name(found.fails.outcome)} {side} {amount(found.fails.limit)}"


def told(found: Discovery, box: Box) -> str:
    """Return a box's limits as words."""
    keys = [one.key for one in found.inputs]
    return " and ".join(f"{factor_name(limit.key, keys)} {_range(found, limit)}" for limit in box.limits)


def discovery_object(found: Discovery) -> dict[str, Any]:
    """Return a discovery as plain values for JSON; a side where a box does not end is null."""
    value = {
        "title": found.about.title,
        "version": found.about.version,
        "seed": found.about.seed,
        "replicates": found.about.replicates,
        "fails": found.fails,
        "from": found.source,
        "points": len(found.points),
        "inputs": [{"key": one.key, "may_be": one.told()} for one in found.inputs],
        "mean": found.mean,
        "good_on_average": found.good_on_average,
        "failing_share": found.share,
        "near_limit_share": found.near,
        "boxes": found.boxes,
        "sentences": sentences(found),
    }
    return json_object(value)


def caption(found: Discovery) -> list[str]:
    """Return how it was found."""
    about = found.about
    came = "ranges of the inputs" if found.source == "prior" else "draws of the posterior"
    return [
        f"{about.title}: {len(found.inputs)} inputs, {len(found.points):,} points from {came}, {about.replicates}"
        f" replicates; a tree of depth {DEPTH} on half of the points, judged on the other half; seed {about.seed};"
        f" icpsim {about.version}"
    ]


def _table(found: Discovery) -> Table:
    rows = [
        (
            told(found, box),
            f"{box.density:.0%}",
            f"{box.density_low:.0%} to {box.density_high:.0%}",
            f"{box.coverage:.0%}",
            f"{box.mass:.0%}",
        )
        for box in found.boxes
    ]
    headings = ("where", "fails there", "90%", "of all failures", "of the points")
    return table(headings, rows, title=f"Where it fails: {condition(found)}", right=range(1, len(headings)))


def _range(found: Discovery, limit: Limit) -> str:
    one = next(one for one in found.inputs if one.key == limit.key)
    if one.values:
        inside = [v for k, v in enumerate(one.values) if limit.low < k + 0.5 <= limit.high]
        return "is " + " or ".join(inside)
    if isinf(limit.low):
        return f"is at most {amount(limit.high)}"
    if isinf(limit.high):
        return f"is above {amount(limit.low)}"
    return f"is {amount(limit.low)} to {amount(limit.high)}"

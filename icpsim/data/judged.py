"""What public sources were found to say of the model's numbers, each judged: how close it comes, what follows."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from icpsim.base.files import packaged

MATCHES = {
    "direct": "of this quantity, place and year",
    "near": "of this quantity in another year, place or price base",
    "aggregate": "of a total only",
    "bound": "a bound, or a shape",
    "one step": "one of the steps to it",
    "proxy": "of something else",
}
"""How close a source comes to a number, closest first; only the first two make a number PAGE."""
NONE = "none"
"""The match of a number of which nothing public was found."""

AS_READ, DERIVED = "As read: ", "DERIVED: "
"""What the note of a PAGE number says: that it stands at the source, or is worked out of what stands there.

The arithmetic follows, ``DERIVED: 682 / 58 = 11.8; ...``: what stands at the source, operators, and the number.
"""

READ = ("promoted", "replaced", "kept")
"""Decisions by which a number is PAGE: it is the source's; ``replaced`` says that its range was wrong too."""
DECISIONS = (*READ, "widened", "check", "not used")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One finding: what it is called, the rows it bears on, how close it comes, what was decided and why.

    ``bears_on`` holds parameters (``table.name``) and, with the table before a colon, targets and totals.
    """

    found: str
    bears_on: tuple[str, ...]
    match: str
    decision: str
    figure: str
    reason: str
    address: str


def judgements() -> tuple[Judgement, ...]:
    """Return every row of ``calibration/judged.csv``, in its order."""
    with packaged("calibration", "judged.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return tuple(Judgement(**row | {"bears_on": tuple(row["bears_on"].split())}) for row in rows)


def matches() -> dict[str, str]:
    """Return how close a source comes, by parameter; a parameter that is not in it has :data:`NONE`."""
    return {name: judged.match for judged in judgements() for name in judged.bears_on}

"""The terminal picture: a dot with its whiskers for each value, all on one axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MARKS = {"observed": "●", "estimated": "■", "true": "◆"}
WIDTH = 60


@dataclass(frozen=True, slots=True)
class Dot:
    """One value with its interval, in the units of the axis; ``kind`` is a key of MARKS."""

    kind: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Axis:
    """Linear axis from ``low`` to ``high`` over ``width`` character cells."""

    low: float
    high: float
    width: int = WIDTH

    def cell(self, value: float) -> int:
        """Character cell of a value; values beyond the ends fall on the end cells."""
        share = (value - self.low) / (self.high - self.low)
        return min(max(round(share * (self.width - 1)), 0), self.width - 1)


def axis_for(dots: Sequence[Dot], width: int = WIDTH) -> Axis:
    """Axis that holds 0 and every dot; whiskers too unless they are three times as far out."""
    centres = [d.value for d in dots if math.isfinite(d.value)]
    ends = [end for d in dots for end in (d.low, d.high) if math.isfinite(end)]
    reach = 3.0 * max((abs(c) for c in centres), default=0.0) or 1.0
    low = min([0.0, *centres, *(max(end, -reach) for end in ends)])
    high = max([0.0, *centres, *(min(end, reach) for end in ends)])
    margin = 0.03 * (high - low) or 1.0
    return Axis(low - margin, high + margin, width)


def draw(dot: Dot, axis: Axis) -> str:
    """One line: whiskers ``├──●──┤`` (arrowheads where they leave the axis) over a line at 0."""
    cells = [" "] * axis.width
    cells[axis.cell(0.0)] = "│"
    if not math.isfinite(dot.value):
        return "".join(cells).rstrip()
    if math.isfinite(dot.low) and math.isfinite(dot.high):
        first, last = axis.cell(dot.low), axis.cell(dot.high)
        cells[first : last + 1] = "─" * (last + 1 - first)
        cells[first] = "◂" if dot.low < axis.low else "├"
        cells[last] = "▸" if dot.high > axis.high else "┤"
    cells[axis.cell(dot.value)] = MARKS[dot.kind]
    return "".join(cells).rstrip()


def ruler(axis: Axis, ends: tuple[str, str]) -> str:
    """Draw the axis itself: its two ends in words, and 0 under the line at 0."""
    left, right = ends
    cells = list(left + " " * (axis.width - len(left) - len(right)) + right)
    zero = axis.cell(0.0)
    if len(left) < zero < axis.width - len(right) - 1:
        cells[zero] = "0"
    return "".join(cells)

"""How much of what varies between points is chance: points by replicates, every point on the same draws.

Two-way analysis of variance without repetition (Searle, Casella and McCulloch 1992, Variance Components, chapter
4). With P points and R replicates, MP is the mean square between points and ME that of points by replicates.
What replicates share (another year, other people) shifts all points alike and drops out. Of the variance of
points' means the share ME / MP is chance: 1 less the reliability ICC(3,k) of Shrout and Fleiss (1979,
Psychological Bulletin 86:420-428).
"""

from __future__ import annotations

from dataclasses import dataclass

from icpsim.base.kinds import Floats


@dataclass(frozen=True, slots=True)
class Chance:
    """Shares of the variance of points' means that are chance, with R replicates; NaN with a single one.

    ``paired`` with every point on the same draws, as they are; ``unpaired`` had each point draws of its own;
    ``one`` paired, with one replicate.
    """

    paired: float
    unpaired: float
    one: float


def chance_of(values: Floats) -> Chance:
    """Return the shares of float64[points, replicates]; 0 where nothing varies."""
    points, replicates = values.shape
    if replicates < 2 or points < 2:
        nothing = float("nan")
        return Chance(nothing, nothing, nothing)
    by_point = values.mean(axis=1, keepdims=True) - values.mean()
    by_replicate = values.mean(axis=0, keepdims=True) - values.mean()
    left = values - values.mean() - by_point - by_replicate
    left_square = float((left**2).sum()) / ((points - 1) * (replicates - 1))
    point_square = replicates * float((by_point**2).sum()) / (points - 1)
    replicate_square = points * float((by_replicate**2).sum()) / (replicates - 1)
    of_points = max(point_square - left_square, 0.0) / replicates
    of_replicates = max(replicate_square - left_square, 0.0) / points
    return Chance(
        _share(left_square / replicates, of_points),
        _share((left_square + of_replicates) / replicates, of_points),
        _share(left_square, of_points),
    )


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest > 0 else 0.0

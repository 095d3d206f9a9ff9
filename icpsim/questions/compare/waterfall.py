"""What drove a change: Shapley's value of each mechanism, in whole numbers that sum exactly to the total.

A mechanism's part is what it adds when it joins the others, averaged over every order in which they can join
(Shapley 1953, "A value for n-person games", Contributions to the Theory of Games II, 307-317). Parts are kept
multiplied by n!, so that they are whole numbers and nothing is lost to rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from icpsim.base.errors import WrongInputError

MOST_PLAYERS = 8
"""Mechanisms that a waterfall takes: 2^8 = 256 worlds are simulated."""
_LARGEST = 2**63 - 1


class WaterfallError(WrongInputError):
    """A change cannot be shared out: too many mechanisms, or values that are no whole numbers."""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A change shared out over players, cell by cell.

    ``parts`` (players x cells) and ``total`` (cells) are whole numbers; ``parts`` are ``scale`` = n! times the
    players' parts, so that ``parts.sum(axis=0) == scale * total``. The dtype is int64, or object (Python's own
    integers) where int64 could overflow.
    """

    parts: NDArray[np.int64]
    total: NDArray[np.int64]
    scale: int

    def shown(self) -> NDArray[np.float64]:
        """Return the parts for showing, float64[players x cells], in the units of the values."""
        shown: NDArray[np.float64] = (self.parts / self.scale).astype(np.float64)
        return shown

    def fractions(self) -> tuple[Fraction, ...]:
        """Return each player's part of the sum over all cells, without any rounding."""
        return tuple(Fraction(sum(int(x) for x in part.ravel()), self.scale) for part in self.parts)


def waterfall(value: Callable[[frozenset[int]], NDArray[np.int64]], players: int) -> Waterfall:
    """Share ``value(all players) - value(nobody)`` out over players by Shapley's value.

    ``value`` gives whole numbers per cell (counts, or whole grains of money), of one shape, for every set of
    player numbers; it is asked once for each of the 2^n sets. Raises WaterfallError for no players or more
    than MOST_PLAYERS, and for values of other types or shapes.
    """
    if not 1 <= players <= MOST_PLAYERS:
        raise WaterfallError(
            f"a waterfall takes 1 to {MOST_PLAYERS} mechanisms ({2**MOST_PLAYERS} worlds); {players} were given"
        )
    values = _exact(_whole(value, players), players)
    everyone, scale = frozenset(range(players)), factorial(players)
    parts = []
    for player in range(players):
        part = np.zeros_like(values[everyone])
        for group in _sets(everyone - {player}):
            orders = factorial(len(group)) * factorial(players - len(group) - 1)
            part = part + orders * (values[group | {player}] - values[group])
        parts.append(part)
    return Waterfall(np.stack(parts), values[everyone] - values[frozenset()], scale)


def order(parts: Sequence[float] | Sequence[Fraction]) -> tuple[int, ...]:
    """Return player numbers, largest part first whatever its sign; equal ones, and those of nothing, as given."""
    sizes = [abs(float(part)) for part in parts]
    return tuple(sorted(range(len(parts)), key=lambda player: -sizes[player]))


def _sets(players: frozenset[int]) -> list[frozenset[int]]:
    return [frozenset(group) for size in range(len(players) + 1) for group in combinations(sorted(players), size)]


def _whole(
    value: Callable[[frozenset[int]], NDArray[np.int64]], players: int
) -> dict[frozenset[int], NDArray[np.int64]]:
    values = {group: np.asarray(value(group)) for group in _sets(frozenset(range(players)))}
    shape = values[frozenset()].shape
    for group, cells in values.items():
        if not np.issubdtype(cells.dtype, np.signedinteger):
            raise WaterfallError(f"a waterfall takes whole numbers; the world {set(group)} has {cells.dtype}")
        if cells.shape != shape:
            raise WaterfallError(f"the world {set(group)} has cells {cells.shape} where the first has {shape}")
    return values


def _exact(
    values: dict[frozenset[int], NDArray[np.int64]], players: int
) -> dict[frozenset[int], NDArray[np.int64]]:
    """Return values as int64 where sums over all orders fit, else as Python's own integers."""
    largest = max(max(abs(int(v.max())), abs(int(v.min()))) if v.size else 0 for v in values.values())
    fits = 2 * largest * factorial(players) * players <= _LARGEST
    return {group: cells.astype(np.int64 if fits else object) for group, cells in values.items()}

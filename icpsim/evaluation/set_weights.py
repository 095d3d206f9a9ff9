"""Weights of matched controls, where those who stand for several count whole.

A case takes controls until they count for as many as are wanted, the last of them whole: so, and only so, people
who stand for many and people who stand for one are found in the share in which the whole pool holds them. The
controls of a set then count for more than are wanted, more so where most people stand for many. Divided by how
much more, on average among cases like it, controls weigh as much as the cases wherever there are cases.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SETS_AT_LEAST = 20
"""Matched sets, neighbours by stratum and score, over which the excess is averaged."""


def first_weights(units: NDArray[np.float64], of_set: NDArray[np.int64], wanted: int) -> NDArray[np.float64]:
    """Return each control's units over the controls wanted, or over those found where they are fewer; float64[n].

    ``units`` float64[n] says for how many each control counts, ``of_set`` int64[n] in which set (from 0 on).
    """
    held = np.bincount(of_set, units)
    return units / np.minimum(held, wanted)[of_set]


def blocks_of_sets(strata: NDArray[np.integer], score: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the block of each set: about ``SETS_AT_LEAST`` neighbours by score in one stratum; int64[sets].

    A stratum with fewer than twice as many is one block.
    """
    order = np.lexsort((score, strata))
    block, begun = np.empty(strata.size, np.int64), 0
    for stratum, size in zip(*np.unique(strata, return_counts=True), strict=True):
        parts = max(1, size // SETS_AT_LEAST)
        here = order[np.searchsorted(strata[order], stratum, "left") :][:size]
        block[here] = begun + np.arange(size) * parts // size
        begun += parts
    return block


def evened_out(
    weight: NDArray[np.float64], of_set: NDArray[np.int64], strata: NDArray[np.integer], score: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return controls' weights such that in every block they sum to its number of sets; float64[controls].

    ``strata`` and ``score`` are the cases', one a set (from 0 on, none empty). Where everybody counts for one
    nothing changes.
    """
    block = blocks_of_sets(strata, score)
    total = np.bincount(block, np.bincount(of_set, weight, strata.size))
    evened: NDArray[np.float64] = weight * (np.bincount(block) / total)[block[of_set]]
    return evened

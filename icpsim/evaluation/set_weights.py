"""Weights of matched controls, where those who stand for several count whole.

A case takes controls until they count for as many as are wanted, the last of them whole: so, and only so, people
who stand for many and people who stand for one are found in the share in which the whole pool holds them. The
controls of a set then count for more than are wanted, more so where most people stand for many. Divided by what
they are expected to count for there, controls weigh as much as the cases wherever there are cases.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

NEIGHBOURS = 250
"""Possible controls nearest to a case by which is judged for how many people there stand."""


@njit(cache=True)
def _fill_expected(neighbours, counts, wanted, expected):  # type: ignore[no-untyped-def]
    """Renewal equation: M(w) = E[u] + sum over u < w of P(u) M(w - u)."""
    share, reached = np.zeros(wanted + 1), np.zeros(wanted + 1)
    for case in range(neighbours.shape[0]):
        share[:] = 0.0
        mean, n = 0.0, 0
        for control in neighbours[case]:
            if control >= 0:
                mean += counts[control]
                share[min(counts[control], wanted)] += 1.0
                n += 1
        if n == 0:
            expected[case] = wanted
            continue
        for w in range(1, wanted + 1):
            reached[w] = mean / n
            for u in range(1, w):
                reached[w] += share[u] / n * reached[w - u]
        expected[case] = reached[wanted]


def expected_units(neighbours: NDArray[np.int64], counts: NDArray[np.int64], wanted: int) -> NDArray[np.float64]:
    """Return for how many controls a set is expected to count, where each case's neighbours are; float64[cases].

    Controls like the neighbours are taken one after the other until they count for ``wanted``, the last whole.
    ``neighbours`` int64[cases, k] are places in ``counts`` int64[n] (for how many each counts), -1 for none.
    """
    expected = np.empty(len(neighbours))
    _fill_expected(neighbours, counts, wanted, expected)
    return expected


def control_weights(
    units: NDArray[np.float64], of_set: NDArray[np.int64], expected: NDArray[np.float64], wanted: int
) -> NDArray[np.float64]:
    """Return each control's weight: its units over those expected of its set; float64[n].

    Over those found where they are fewer than ``wanted``. ``units`` float64[n] says for how many each control
    counts, ``of_set`` int64[n] in which set (from 0 on), ``expected`` float64[n] the set's expected units.
    """
    held = np.bincount(of_set, units)[of_set]
    return units / np.where(held < wanted, held, expected)

"""What the records show of the whole pool at an index week, worked out in blocks of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.balance import Moments, average_moments, moments
from icpsim.evaluation.cohort import Pool
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.features import features
from icpsim.evaluation.matching import exact_strata, matching_space
from icpsim.evaluation.prognostic import PrognosticModel
from icpsim.records.schema import HospitalRecords

BLOCK = 16_384
"""People a block: their features (40 float32 columns) stay in a processor's cache."""


@dataclass(frozen=True, slots=True)
class PoolDescription:
    """A pool's matching coordinates float64[n, 4], exact strata int16[n], and moments of every feature."""

    space: NDArray[np.float64]
    strata: NDArray[np.int16]
    moments: Moments


def describe_pool(
    blocks: Sequence[tuple[int, HospitalRecords]],
    pool: Pool,
    week: int,
    prices: Prices,
    model: PrognosticModel,
) -> PoolDescription:
    """Return what matching needs of a pool (persons in increasing order), never holding all its features.

    ``blocks`` are the records cut by :func:`icpsim.records.tables.blocks`.
    """
    spaces, strata, parts, weights = [], [], [], []
    ends = [first + block.registrations.size for first, block in blocks]
    cuts = [0, *np.searchsorted(pool.persons, ends).tolist()]
    for (first, block), low, high in zip(blocks, cuts[:-1], cuts[1:], strict=True):
        if low == high:
            continue
        people = features(block, pool.persons[low:high] - first, week, prices)
        spaces.append(matching_space(model.log_scores(people), people.column("age")))
        strata.append(exact_strata(people))
        parts.append(moments(people.values, pool.weights[low:high]))
        weights.append(float(pool.weights[low:high].sum()))
    return PoolDescription(np.vstack(spaces), np.concatenate(strata), average_moments(parts, weights))

"""Means of all replicates pooled: where cases and controls differ, before the index week or after it.

The mean of a log rate ratio is off by chance alone where events are few and cluster in few people; the ratio of
pooled means is not. Where nothing was done, a gap before says what matching left, and a gap after what it missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.records.outcomes import BY_NAME, RATE_RATIO

MEANS = ("before_cases", "after_cases", "before_controls", "after_controls")


@dataclass(frozen=True, slots=True)
class PooledRow:
    """One outcome's gap between cases and controls before and after, and its change; jackknife errors.

    Logs of ratios of pooled means, or GBP a person where ``measure`` is ``difference_gbp``.
    """

    outcome: str
    measure: str
    before: float
    before_se: float
    after: float
    after_se: float
    change: float
    change_se: float


def pooled_rows(rows: Iterable[Mapping[str, float | int | str]]) -> tuple[PooledRow, ...]:
    """Return a row for each outcome from the replicates' own rows; errors are NaN for a single replicate."""
    kept: dict[str, list[list[float]]] = {}
    for row in rows:
        kept.setdefault(str(row["outcome"]), []).append([float(row[name]) for name in MEANS])
    return tuple(_pooled(name, BY_NAME[name].measure, np.array(means)) for name, means in kept.items())


def _pooled(outcome: str, measure: str, means: NDArray[np.float64]) -> PooledRow:
    """Pool one outcome's means, float64[replicates, 4]."""
    n, total = len(means), means.sum(axis=0)
    gaps = _gaps(measure, total / n)
    if n == 1:
        return PooledRow(outcome, measure, *(float(x) for gap in gaps for x in (gap, np.nan)))
    without = np.array([_gaps(measure, (total - one) / (n - 1)) for one in means])
    errors = np.sqrt((n - 1) / n * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    return PooledRow(outcome, measure, *(float(x) for pair in zip(gaps, errors, strict=True) for x in pair))


def _gaps(measure: str, means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gap before, the gap after, and their difference; NaN where there was no event."""
    with np.errstate(divide="ignore", invalid="ignore"):
        before_cases, after_cases, before_controls, after_controls = (
            np.log(means) if measure == RATE_RATIO else means
        )
        gaps = np.array([before_cases - before_controls, after_cases - after_controls])
        found: NDArray[np.float64] = np.append(gaps, gaps[1] - gaps[0])
    return found

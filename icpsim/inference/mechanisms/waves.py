"""Where in the space of parameters evaluations are simulated: first all over the prior, then where it fits.

A first wave covers the prior of every explanation alike (blocks of the Sobol sequence); further waves are drawn
from the posterior found so far, flattened so that its edges are seen; a last one, from the posterior, checks
it and is not learnt from. Simulations share pasts, a few points to each, and every wave has pasts of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats, Progress
from icpsim.inference.mechanisms.priors import EXPLANATIONS, Prior, from_unit, sobol, to_unit
from icpsim.inference.mechanisms.simulations import SimulatedEvaluation, as_values
from icpsim.runs.engine import Store
from icpsim.scenario.schema import Scenario

COLUMNS = ("values", "unit", "explanation", "log_weight", "past")


@dataclass(frozen=True, slots=True)
class Wave:
    """Points and their simulated statistics.

    ``values`` and ``unit`` (on the unit cube) float64[n, priors]; ``explanation`` int64[n], numbers in
    EXPLANATIONS; ``log_weight`` float64[n]: log of prior over proposal density; ``past`` int64[n]: the replicate
    whose past it has; ``statistics`` maps names to float64[n].
    """

    values: Floats
    unit: Floats
    explanation: NDArray[np.int64]
    log_weight: Floats
    past: NDArray[np.int64]
    statistics: dict[str, Floats]

    def matrix(self, names: Sequence[str]) -> Floats:
        """Return statistics as columns; float64[n, names]."""
        return np.column_stack([self.statistics[name] for name in names])

    def rows(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Wave:
        """Return these rows alone."""
        parts: dict[str, Any] = {name: getattr(self, name)[chosen] for name in COLUMNS}
        return Wave(**parts, statistics={name: column[chosen] for name, column in self.statistics.items()})


def joined(waves: Sequence[Wave]) -> Wave:
    """Return all waves as one."""
    parts: dict[str, Any] = {name: np.concatenate([getattr(wave, name) for wave in waves]) for name in COLUMNS}
    statistics = {name: np.concatenate([wave.statistics[name] for wave in waves]) for name in waves[0].statistics}
    return Wave(**parts, statistics=statistics)


def first_points(priors: Sequence[Prior], each: int, per_past: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return the first wave's points, ``each`` of every explanation, in an order in which pasts see all alike."""
    if per_past % len(EXPLANATIONS) or each % (per_past // len(EXPLANATIONS)):
        raise ValueError("every past must see as many points of each explanation")
    share = per_past // len(EXPLANATIONS)
    blocks = np.stack(
        [from_unit(priors, sobol(len(priors), each * (k + 1), each), name) for k, name in enumerate(EXPLANATIONS)]
    )
    pasts = blocks.reshape(len(EXPLANATIONS), each // share, share, len(priors)).swapaxes(0, 1)
    kinds = np.broadcast_to(np.arange(len(EXPLANATIONS))[None, :, None], pasts.shape[:3])
    return pasts.reshape(-1, len(priors)), kinds.reshape(-1).copy()


def simulate(
    scenario: Scenario,
    priors: Sequence[Prior],
    points: tuple[Floats, NDArray[np.int64], Floats],
    pasts: tuple[int, int, int],
    store: Store,
    progress: Progress,
    what: str,
) -> Wave:
    """Simulate points (values, explanation, log weight); those that are in the store are read.

    ``pasts`` are the seed, the number of the first replicate, and how many points share one.
    """
    values, explanation, log_weight = points
    seed, first, per_past = pasts
    names = [prior.name for prior in priors]
    replicate = first + np.arange(len(values)) // per_past
    units = [
        SimulatedEvaluation(scenario, as_values(names, value), seed, int(number))
        for value, number in zip(values, replicate, strict=True)
    ]
    found = store.figures(units, progress, what)
    kept = np.array([list(unit.values.values()) for unit in units])
    statistics = {name: np.array([one[name] for one in found]) for name in found[0]}
    return Wave(kept, to_unit(priors, kept), explanation, log_weight, replicate, statistics)

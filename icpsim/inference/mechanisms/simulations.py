"""One simulated evaluation as a unit of work that is kept; those that share a past are done together."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icpsim.parameters import load_tables
from icpsim.posterior_draws import with_values
from icpsim.scenario import Scenario

if TYPE_CHECKING:
    from icpsim.history import History

_STATISTICS = Path(__file__).with_name("statistics.py")
_kept: list[tuple[tuple[str, int, int], History]] = []
"""The past that this process has simulated last."""


@dataclass(frozen=True, slots=True)
class SimulatedEvaluation:
    """One evaluation to be simulated: a scenario with parameter values in force, a seed and a replicate."""

    scenario: Scenario
    values: dict[str, float]
    seed: int
    replicate: int

    @property
    def together(self) -> tuple[int, int]:
        """Units that share it share a past, and are done one after the other by one worker."""
        return self.seed, self.replicate

    def told(self) -> dict[str, Any]:
        """Return everything that the statistics depend on, besides the source of the simulation."""
        changed = with_values(self.scenario, self.values)
        tables = load_tables(changed.parameters)
        return {
            "scenario": changed.model_dump(mode="json"),
            "parameters": {key: tables.value(key) for key in sorted(tables.parameters)},
            "seed": self.seed,
            "replicate": self.replicate,
            "statistics": hashlib.sha256(_STATISTICS.read_bytes()).hexdigest(),
        }

    def run(self) -> dict[str, float]:
        """Simulate and evaluate."""
        from icpsim.inference.mechanisms.statistics import statistics

        past = _past(self.scenario, self.seed, self.replicate)
        model = past.branch(with_values(self.scenario, self.values))
        model.run()
        try:
            return statistics(model, past.pool)
        finally:
            model.close()


def _past(scenario: Scenario, seed: int, replicate: int) -> History:
    """Return a past, the last one if it is that; another is let go of first."""
    from icpsim.history import History

    name = scenario.model_dump_json(), seed, replicate
    if _kept and _kept[0][0] == name:
        return _kept[0][1]
    while _kept:
        _kept.pop()[1].close()
    gc.collect()
    _kept.append((name, History(scenario, seed, replicate)))
    return _kept[0][1]


def as_values(names: Sequence[str], point: Sequence[float]) -> dict[str, float]:
    """Return parameter values by name, to seven digits, so that stored units are named alike everywhere."""
    return {name: float(f"{value:.7g}") for name, value in zip(names, point, strict=True)}

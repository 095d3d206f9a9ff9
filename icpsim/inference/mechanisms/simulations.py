"""One simulated evaluation as a unit of work that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from icpsim.inference.measured_world import MeasuredWorld

if TYPE_CHECKING:
    from icpsim.model.integrated_care import IntegratedCareModel
    from icpsim.model.shared_past import History


@dataclass(frozen=True, slots=True)
class SimulatedEvaluation(MeasuredWorld):
    """One evaluation to be simulated: a scenario with parameter values in force, a seed and a replicate."""

    def measure(self, model: IntegratedCareModel, past: History) -> dict[str, float]:
        """Return the published evaluation's statistics."""
        from icpsim.inference.mechanisms.statistics import statistics

        return statistics(model, past.pool)


def as_values(names: Sequence[str], point: Sequence[float]) -> dict[str, float]:
    """Return parameter values by name, to seven digits, so that stored units are named alike everywhere."""
    return {name: float(f"{value:.7g}") for name, value in zip(names, point, strict=True)}

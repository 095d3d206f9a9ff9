"""One simulation of the natural history, as a unit of work that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from icpsim.data.tables import load_tables


@dataclass(frozen=True, slots=True)
class Simulation:
    """One simulation to be done: parameter values by qualified name, seed, and size in practices."""

    overrides: dict[str, float]
    seed: int
    practices: int

    @property
    def title(self) -> str:
        """Say what is simulated."""
        return f"natural history, {self.practices} practices"

    def told(self) -> dict[str, Any]:
        """Return every parameter in force, seed and size."""
        values = load_tables(self.overrides).values()
        return {"seed": self.seed, "practices": self.practices, "parameters": values}

    def run(self) -> dict[str, float]:
        """Simulate and return the figures by target name."""
        from icpsim.inference.natural_history.levels.measure import measure
        from icpsim.model.parameters import load_parameters

        parameters = load_parameters(self.overrides)
        found, _ = measure(parameters, self.seed, self.practices, overrides=self.overrides)
        return found

"""A simulated world that is measured, as a unit of work; those that share a past are done one after the other."""

from __future__ import annotations

import gc
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from icpsim.inference.scenario_unit import ScenarioUnit
from icpsim.scenario.overrides import with_values
from icpsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from icpsim.model.integrated_care import IntegratedCareModel
    from icpsim.model.shared_past import History

_kept: list[tuple[tuple[str, int, int, bool], History]] = []
"""The past that this process has simulated last."""


@dataclass(frozen=True, slots=True)
class MeasuredWorld(ScenarioUnit):
    """A scenario with parameter values in force, a seed and a replicate; a unit of work for ``store``."""

    scenario: Scenario
    values: Mapping[str, float]
    seed: int
    replicate: int

    ABOUT: ClassVar[str] = ", at a draw"
    IN_FORCE: ClassVar[frozenset[str]] = frozenset({"scenario", "values"})
    EVERYONES_GP_RECORDS: ClassVar[bool] = False

    @abstractmethod
    def measure(self, model: IntegratedCareModel, past: History) -> dict[str, float]:
        """Return the figures of a model that has been run."""

    @property
    def together(self) -> tuple[int, int]:
        """Units that share it share a past, and are done one after the other by one worker."""
        return self.seed, self.replicate

    def in_force(self) -> Scenario:
        """Return the scenario with the values in force."""
        return with_values(self.scenario, self.values)

    def run(self) -> dict[str, float]:
        """Simulate and measure."""
        past = _past(self.scenario, self.seed, self.replicate, self.EVERYONES_GP_RECORDS)
        model = past.branch(self.in_force())
        model.run()
        try:
            return self.measure(model, past)
        finally:
            model.close()


def _past(scenario: Scenario, seed: int, replicate: int, everyones_gp_records: bool) -> History:
    """Return a past, the last one if it is that; another is let go of first."""
    from icpsim.model.shared_past import History

    name = scenario.model_dump_json(), seed, replicate, everyones_gp_records
    if _kept and _kept[0][0] == name:
        return _kept[0][1]
    while _kept:
        _kept.pop()[1].close()
    gc.collect()
    _kept.append((name, History(scenario, seed, replicate, everyones_gp_records=everyones_gp_records)))
    return _kept[0][1]

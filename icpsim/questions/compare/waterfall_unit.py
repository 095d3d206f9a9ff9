"""What drove an arm's change, in one replicate: every set of its mechanisms is lived by the same people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.unit import ComparedArms
from icpsim.questions.compare.waterfall import waterfall

PENCE = 100.0
MONEY = "hospital_cost|"


@dataclass(frozen=True, slots=True)
class DrivenArm:
    """One replicate of one arm, set against no programme, parted by mechanism. ``drawn`` as in ComparedArms."""

    arm: Arm
    seed: int
    replicate: int
    drawn: bool = True

    @property
    def title(self) -> str:
        """Return the arm's label."""
        return f"{self.arm.label}, by mechanism"

    def told(self) -> dict[str, Any]:
        """Return everything that the figures depend on, besides the source of the simulation."""
        return {**self._compared().told(), "waterfall": True}

    def run(self) -> dict[str, float]:
        """Return ``mechanism/cell``: n! times its part, a whole number (money in pence); ``total/cell``.

        ``scale`` is n!. Those enrolled are whom the whole programme enrols, in every world.
        """
        from icpsim.questions.compare.arm_simulation import Past, world_cells
        from icpsim.questions.compare.mechanisms import at_work, only

        scenario = self._compared().arms_in_force()[0].scenario
        names = at_work(scenario)
        past = Past(scenario, self.seed, self.replicate)
        try:
            first = past.history.branch(scenario)
            first.run()
            enrolments = first.records().enrolments
            first.close()
            cells: list[str] = []

            def value(group: frozenset[int]) -> NDArray[np.int64]:
                model = past.history.branch(only(scenario, [names[k] for k in group]), enrolments=enrolments)
                model.run()
                try:
                    found = world_cells(past, model)
                finally:
                    model.close()
                cells[:] = list(found)
                return np.array([whole(name, found[name]) for name in cells], np.int64)

            parted = waterfall(value, len(names)) if names else None
        finally:
            past.close()
        if parted is None:
            return {"scale": 1.0}
        figures = {"scale": float(parted.scale)}
        for name, part in zip(names, parted.parts, strict=True):
            figures |= {f"{name}/{cell}": float(x) for cell, x in zip(cells, part, strict=True)}
        return figures | {f"total/{cell}": float(x) for cell, x in zip(cells, parted.total, strict=True)}

    def _compared(self) -> ComparedArms:
        return ComparedArms((self.arm,), self.seed, self.replicate, self.drawn, evaluated=False)


def whole(name: str, amount: float) -> int:
    """Return a cell's amount as a whole number: money in pence, the rest as it is."""
    return round(amount * PENCE) if name.startswith(MONEY) else round(amount)

"""All arms of a question in one replicate: a unit of work that is kept; arms share the past where they can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from icpsim.inference.posterior import drawn_scenario
from icpsim.inference.scenario_unit import ScenarioUnit, told_scenario
from icpsim.questions.compare.arms import Arm, by_past

WITHOUT = "without"
"""First part of the names of figures of a world without a programme; the number of the past follows."""
PAST = "past"
ENROLLED_ALONE = "-enrolled-alone"
"""What stands after an arm's place in the names of figures of its twin without effects on whole lists."""


@dataclass(frozen=True, slots=True)
class ComparedArms(ScenarioUnit):
    """A replicate of a question's arms; ``drawn``: with a draw of the posterior, ``evaluated``: with matching."""

    arms: tuple[Arm, ...]
    seed: int
    replicate: int
    drawn: bool = True
    evaluated: bool = True

    IN_FORCE: ClassVar[frozenset[str]] = frozenset({"arms", "drawn"})

    @property
    def title(self) -> str:
        """Return the arms' labels."""
        return ", ".join(arm.label for arm in self.arms)

    def told(self) -> dict[str, Any]:
        """Return everything that the figures depend on, besides the source of the simulation."""
        return {"arms": [told_scenario(arm.scenario) for arm in self.arms_in_force()]} | self.settings()

    def arms_in_force(self) -> tuple[Arm, ...]:
        """Return the arms with this replicate's draw of the posterior in force."""
        if not self.drawn:
            return self.arms
        return tuple(Arm(a.label, drawn_scenario(a.scenario, self.seed, self.replicate)) for a in self.arms)

    def run(self) -> dict[str, float]:
        """Simulate every arm and count; names are ``place/figure``, or ``without`` and the past's number.

        An arm with effects on whole lists is lived a second time without them, for what it then costs:
        ``place-enrolled-alone/figure``, those of money alone.
        """
        from icpsim.questions.compare.arm_simulation import Past, arm_figures, money_figures
        from icpsim.questions.compare.mechanisms import without_list_wide
        from icpsim.questions.compare.who_was_enrolled import overlaps

        arms = self.arms_in_force()
        figures: dict[str, float] = {}
        enrolled: list[NDArray[np.integer]] = [np.empty(0, np.int64)] * len(arms)
        for number, places in enumerate(by_past(arms)):
            past = Past(arms[places[0]].scenario, self.seed, self.replicate)
            try:
                figures |= _named(f"{WITHOUT}{number}", past.figures())
                for place in places:
                    found, enrolled[place] = arm_figures(past, arms[place].scenario, self.evaluated)
                    figures |= _named(str(place), found)
                    figures[f"{place}/{PAST}"] = float(number)
                    twin = without_list_wide(arms[place].scenario)
                    if twin is not None:
                        figures |= _named(f"{place}{ENROLLED_ALONE}", money_figures(past, twin))
            finally:
                past.close()
        for (a, b), share in overlaps(enrolled).items():
            figures[f"{a}/overlap|{b}"] = share
        return figures


def _named(prefix: str, figures: dict[str, float]) -> dict[str, float]:
    return {f"{prefix}/{name}": value for name, value in figures.items()}

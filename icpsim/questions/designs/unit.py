"""One replicate of the laboratory: a unit of work that is kept. Every design on the same people and draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from icpsim.inference.scenario_unit import ScenarioUnit
from icpsim.questions.designs.figure_names import AS_IT_IS, WORLDS
from icpsim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class DesignsOnce(ScenarioUnit):
    """One replicate of a scenario, with these designs (names) and lengths of follow-up (weeks).

    ``drawn``: with a draw of the posterior; ``worlds``: the programme as it is, or with its effects off, or both.
    """

    scenario: Scenario
    designs: tuple[str, ...]
    windows: tuple[int, ...]
    seed: int
    replicate: int
    drawn: bool = True
    worlds: tuple[str, ...] = WORLDS

    ABOUT: ClassVar[str] = ", by designs"

    def run(self) -> dict[str, float]:
        """Simulate and estimate; names are ``world|window|design|variant|outcome|figure``."""
        from icpsim.evaluation.designs import DESIGNS
        from icpsim.model.shared_past import History
        from icpsim.questions.designs.estimates import judged
        from icpsim.questions.designs.simulation import WithoutProgramme, with_trial

        scenario = self.in_force()
        designs = [DESIGNS[name] for name in self.designs]
        history = History(scenario, self.seed, self.replicate)
        figures: dict[str, float] = {}
        try:
            without = WithoutProgramme(history, scenario)
            for kind in dict.fromkeys(design.trial for design in designs):
                allocated = with_trial(scenario, kind)
                for world in self.worlds:
                    model = history.branch(allocated, effects=world == AS_IT_IS)
                    model.run()
                    try:
                        own = [design for design in designs if design.trial == kind]
                        figures |= dict(judged(world, model, without, own, self.windows))
                    finally:
                        model.close()
        finally:
            history.close()
        return figures

"""A unit of work: many points on the past of one replicate, which they share where they can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from icpsim.inference.scenario_unit import ScenarioUnit
from icpsim.questions.compare.arm_simulation import Past
from icpsim.questions.sensitivity.outcomes import outcomes_of
from icpsim.questions.sensitivity.problem import Problem
from icpsim.questions.sensitivity.quick_counts import arm_row, without_figures
from icpsim.scenario.schema import Scenario

Point = tuple[float, ...]


@dataclass(frozen=True)
class EvaluatedPoints(ScenarioUnit):
    """Points of a problem in one replicate; ``evaluated``: effects are estimated by matching too.

    ``alone``: every point is lived without effects on whole lists too.
    """

    problem: Problem
    points: tuple[Point, ...]
    seed: int
    replicate: int
    evaluated: bool = False
    alone: bool = False

    IN_FORCE: ClassVar[frozenset[str]] = frozenset({"problem"})

    @property
    def title(self) -> str:
        """Return the scenario's name."""
        return f"{self.problem.scenario.scenario}, at points"

    def in_force(self) -> Scenario:
        """Return the problem's own scenario, which points change."""
        return self.problem.scenario

    def settings(self) -> dict[str, Any]:
        """Return what is told besides: the inputs, and the points in their order."""
        inputs = [[one.key, one.told(), one.whole] for one in self.problem.space.inputs]
        return super().settings() | {"inputs": inputs}

    def run(self) -> dict[str, float]:
        """Simulate every point; names are ``place/outcome``."""
        problem = self.problem
        by_past: dict[Point, list[int]] = {}
        for place, point in enumerate(self.points):
            key = tuple(point[k] for k in problem.past_inputs)
            by_past.setdefault(key, []).append(place)
        figures: dict[str, float] = {}
        for places in by_past.values():
            past = Past(problem.at_start(self.points[places[0]]), self.seed, self.replicate)
            try:
                figures |= self._on_past(past, places)
            finally:
                past.close()
        return figures

    def _on_past(self, past: Past, places: list[int]) -> dict[str, float]:
        without = without_figures(past)
        lived: dict[Point, dict[str, float]] = {}
        figures: dict[str, float] = {}
        for place in places:
            point = self.points[place]
            key = simulated(self.problem, point)
            if key not in lived:
                lived[key] = arm_row(past, without, self.problem.simulated_at(point), self.evaluated, self.alone)
            found = outcomes_of(lived[key], self.problem.at(point), self.seed)
            figures |= {f"{place}/{name}": value for name, value in found.items()}
        return figures


def simulated(problem: Problem, point: Point) -> Point:
    """Return the part of a point that a simulation reads."""
    return tuple(x for x, one in zip(point, problem.space.inputs, strict=True) if not one.ledger)

"""A model evaluated at points and replicates; the simulation and test functions go through the same door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from icpsim.base.kinds import Floats, Progress
from icpsim.questions.errors import SensitivityError
from icpsim.questions.sensitivity.outcomes import UNITS, needs_evaluation, needs_twin
from icpsim.questions.sensitivity.problem import Problem, Space
from icpsim.questions.sensitivity.unit import EvaluatedPoints, Point, simulated
from icpsim.runs.engine import Workers, run_units

TOGETHER, TOGETHER_OWN_PAST = 64, 16
"""Points of one unit of work: many on a shared past, fewer where each has a past of its own."""


class Model(Protocol):
    """Anything with uncertain inputs that gives outcomes at points, replicate by replicate."""

    @property
    def space(self) -> Space:
        """The inputs."""
        ...

    def evaluate(self, points: Floats, replicates: int, what: str) -> Mapping[str, Floats]:
        """Return outcomes at points (float64[n, inputs]); float64[n, replicates], columns on the same draws."""
        ...


@dataclass(frozen=True)
class Simulation:
    """The simulation as a model: a problem, outcomes, and how it is run."""

    problem: Problem
    outcomes: tuple[str, ...]
    seed: int
    workers: Workers = 1
    progress: Progress = lambda *_: None
    work: Path | None = None

    @property
    def space(self) -> Space:
        """Return the problem's inputs."""
        return self.problem.space

    def only(self, space: Space) -> Simulation:
        """Return the same with fewer inputs; those left out are as the scenario has them."""
        return Simulation(
            Problem(self.problem.scenario, space), self.outcomes, self.seed, self.workers, self.progress, self.work
        )

    def evaluate(self, points: Floats, replicates: int, what: str) -> dict[str, Floats]:
        """Simulate every point in every replicate; points that only the reckoning parts are simulated once."""
        listed = [tuple(row) for row in points.tolist()]
        chunks = together(self.problem, listed)
        lived = needs_evaluation(self.outcomes), needs_twin(self.outcomes)
        units = [
            EvaluatedPoints(self.problem, tuple(listed[k] for k in places), self.seed, replicate, *lived)
            for places in chunks
            for replicate in range(replicates)
        ]
        told = f"{what}: {len(points):,} points x {replicates}, {len(units)} units of work"
        found = iter(run_units(units, self.workers, self.progress, told, self.work))
        values = {name: np.full((len(listed), replicates), np.nan) for name in UNITS}
        for places in chunks:
            for replicate in range(replicates):
                figures = next(found)
                for k, place in enumerate(places):
                    for name, column in values.items():
                        column[place, replicate] = figures[f"{k}/{name}"]
        return {name: values[name] for name in self.outcomes}


def together(problem: Problem, points: Sequence[Point]) -> list[list[int]]:
    """Return places of points in chunks, in their order; those that are simulated alike lie in one chunk."""
    size = TOGETHER_OWN_PAST if problem.past_inputs else TOGETHER
    number: dict[Point, int] = {}
    chunks: dict[int, list[int]] = {}
    for place, point in enumerate(points):
        key = simulated(problem, point)
        chunks.setdefault(number.setdefault(key, len(number)) // size, []).append(place)
    return list(chunks.values())


def evaluate_checked(model: Model, points: Floats, replicates: int, what: str) -> dict[str, Floats]:
    """Evaluate a model and hold that every value is a number: one that is not makes SALib's indices all zero.

    Raises SensitivityError naming the outcome and the first point without a number.
    """
    found = dict(model.evaluate(points, replicates, what))
    for name, values in found.items():
        wrong = np.flatnonzero(~np.isfinite(values).all(axis=1))
        if len(wrong):
            inputs = zip(model.space.inputs, points[wrong[0]], strict=True)
            where = ", ".join(f"{one.key}={one.text(x)}" for one, x in inputs)
            raise SensitivityError(
                f"{name} is no number at {len(wrong)} of {len(points)} points; first at {where}"
            )
    return found

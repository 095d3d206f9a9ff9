"""A problem: a scenario with uncertain inputs, singly or in groups, as SALib and the simulation each see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from icpsim.model.shared_past import differences
from icpsim.questions.errors import SensitivityError
from icpsim.questions.sensitivity.inputs import Uncertain, keys_of, with_inputs
from icpsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from SALib import ProblemSpec


@dataclass(frozen=True)
class Space:
    """Named inputs with ranges, and to which group each belongs (its own name when it stands alone)."""

    inputs: tuple[Uncertain, ...]
    groups: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the keys of the inputs."""
        return tuple(one.key for one in self.inputs)

    @property
    def factors(self) -> tuple[str, ...]:
        """Return what indices are worked out for: groups, or inputs that stand alone, in their order."""
        return tuple(dict.fromkeys(self.groups))

    @property
    def grouped(self) -> bool:
        """Whether any group holds more than one input."""
        return len(self.factors) < len(self.inputs)

    def spec(self) -> ProblemSpec:
        """Return the problem as SALib takes it; every input is uniform over its bounds."""
        from SALib import ProblemSpec

        told = {
            "num_vars": len(self.inputs),
            "names": list(self.names),
            "bounds": [list(one.bounds) for one in self.inputs],
        }
        return ProblemSpec(told | ({"groups": list(self.groups)} if self.grouped else {}))

    def only(self, factors: Sequence[str]) -> Space:
        """Return the space of these factors alone."""
        kept = [k for k, group in enumerate(self.groups) if group in factors]
        return Space(tuple(self.inputs[k] for k in kept), tuple(self.groups[k] for k in kept))


@dataclass(frozen=True)
class Problem:
    """A scenario with a space of uncertain inputs around it."""

    scenario: Scenario
    space: Space

    def at(self, point: Sequence[float]) -> Scenario:
        """Return the scenario at a point of the space; raises ScenarioError where it cannot be."""
        return self._at(point, range(len(point)))

    def simulated_at(self, point: Sequence[float]) -> Scenario:
        """Return the scenario at a point with what only the reckoning reads left as it is."""
        return self._at(point, [k for k, one in enumerate(self.space.inputs) if not one.ledger])

    def at_start(self, point: Sequence[float]) -> Scenario:
        """Return the scenario whose past a point has: with only those inputs that reach into the past."""
        return self._at(point, self.past_inputs)

    @cached_property
    def past_inputs(self) -> tuple[int, ...]:
        """Return places of the inputs another value of which is another past; each of its points is dear."""
        found = []
        for k, one in enumerate(self.space.inputs):
            if one.ledger:
                continue
            values = [float(v) for v in range(len(one.values))] or list(one.bounds)
            first, *others = (self._at([0.0] * k + [value], [k]) for value in values)
            if any(differences(first, other) for other in others):
                found.append(k)
        return tuple(found)

    def _at(self, point: Sequence[float], places: Sequence[int]) -> Scenario:
        inputs = self.space.inputs
        texts = {inputs[k].key: inputs[k].text(point[k]) for k in places}
        parameters = {inputs[k].key: float(inputs[k].text(point[k])) for k in places if inputs[k].parameter}
        settings = {key: text for key, text in texts.items() if key not in parameters}
        return with_inputs(self.scenario, settings, parameters)


def space_of(inputs: Sequence[Uncertain], groups: Mapping[str, Sequence[str]]) -> Space:
    """Return the space of these inputs with named groups of them; what is in no group stands alone.

    Raises SensitivityError for a group of an input that does not vary or is in another, or a name that is taken.
    """
    group_of = {one.key: one.key for one in inputs}
    for name, keys in groups.items():
        if name in group_of:
            raise SensitivityError(f"--group {name}: an input has this name")
        for key in keys:
            if key not in group_of:
                raise SensitivityError(f"--group {name}: {key} does not vary; name it with --vary")
            if group_of[key] != key:
                raise SensitivityError(f"--group {name}: {key} is in {group_of[key]} already")
            group_of[key] = name
    return Space(tuple(inputs), tuple(group_of[one.key] for one in inputs))


def read_groups(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Read groups written ``name=key,key,...``; a table or role stands for its parameters."""
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, equals, listed = text.partition("=")
        if not (equals and name.strip() and listed.strip()):
            raise SensitivityError(f"--group {text}: write it as name=key,key,...")
        if name.strip() in found:
            raise SensitivityError(f"--group {name.strip()} stands twice")
        found[name.strip()] = tuple(key for part in listed.split(",") for key in keys_of(part))
    return found

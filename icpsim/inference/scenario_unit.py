"""What units of work that simulate a scenario have in common: title, what is in force, what they are told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar

from icpsim.data.tables import load_tables
from icpsim.inference.posterior import drawn_scenario
from icpsim.scenario.schema import Scenario

_TO_THE_READER = {"title", "description", "scenario", "observed", "run"}


class ScenarioUnit(ABC):
    """One replicate of a scenario, as a frozen dataclass; ``drawn``, if it has it: with a draw of the posterior.

    A field that a subclass adds is told, unless it only helps to make the scenario in force and is named in
    ``IN_FORCE``: so nothing that figures depend on can be forgotten.
    """

    __slots__ = ()
    ABOUT: ClassVar[str] = ""
    """What the title says after the scenario's name."""
    IN_FORCE: ClassVar[frozenset[str]] = frozenset({"scenario", "drawn"})

    scenario: Scenario
    seed: int
    replicate: int
    drawn: bool

    @property
    def title(self) -> str:
        """Return the scenario's name, and what is done with it."""
        return self.scenario.scenario + self.ABOUT

    def in_force(self) -> Scenario:
        """Return the scenario with this replicate's draw of the posterior in force."""
        return drawn_scenario(self.scenario, self.seed, self.replicate) if self.drawn else self.scenario

    def told(self) -> dict[str, Any]:
        """Return everything that the figures depend on, besides the source of the simulation."""
        return told_scenario(self.in_force()) | self.settings()

    def settings(self) -> dict[str, Any]:
        """Return what is told besides the scenario in force: seed, replicate, and the unit's own fields."""
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]
        return {name: getattr(self, name) for name in names if name not in self.IN_FORCE}

    @abstractmethod
    def run(self) -> Mapping[str, Any]:
        """Simulate and return the figures by name."""


def told_scenario(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain values, without what only a reader looks at, and all parameters in force."""
    whole = scenario.model_dump(mode="json", exclude=_TO_THE_READER)
    return {"scenario": whole, "parameters": load_tables(scenario.parameters).values()}

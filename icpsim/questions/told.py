"""What units of work tell of a scenario, on which their figures depend; and which scenario is in force."""

from __future__ import annotations

from typing import Any

from icpsim.data.tables import load_tables
from icpsim.scenario.schema import Scenario

TO_THE_READER = {"title", "description", "scenario", "observed", "run"}
"""Parts of a scenario that change no figure."""


def told_scenario(scenario: Scenario) -> dict[str, Any]:
    """Return all of a scenario that acts, with every parameter's value."""
    tables = load_tables(scenario.parameters)
    whole = scenario.model_dump(mode="json", exclude=TO_THE_READER)
    return whole | {"parameters": {key: tables.value(key) for key in sorted(tables.parameters)}}


def in_force(scenario: Scenario, seed: int, replicate: int, drawn: bool) -> Scenario:
    """Return the scenario with this replicate's draw of the posterior in force, or as it is."""
    from icpsim.inference.posterior import drawn_scenario

    return drawn_scenario(scenario, seed, replicate) if drawn else scenario

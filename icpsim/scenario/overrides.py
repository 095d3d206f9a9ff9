"""Parameter draws: the shipped posterior of the mechanisms, and scenarios with one draw of it in force."""

from __future__ import annotations

from collections.abc import Mapping

from icpsim.scenario.schema import Scenario

OF_PROGRAMME = ": "
"""Parts a programme's name from a parameter's: ``other pilots: staffing.site_sd``."""


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return the scenario with these parameter values in force.

    A value named ``programme: table.name`` holds for the programme of that name, where the scenario has it. Where
    the scenario itself sets a parameter, for all or for a programme, that stays, unless the value is named for
    that programme.
    """
    general = {name: value for name, value in values.items() if OF_PROGRAMME not in name}
    programmes = tuple(
        programme.model_copy(update={"parameters": {**programme.parameters, **_own(programme.name, values)}})
        for programme in scenario.programmes
    )
    parameters = {**general, **scenario.parameters}
    return scenario.model_copy(update={"parameters": parameters, "programmes": programmes})


def _own(programme: str, values: Mapping[str, float]) -> dict[str, float]:
    """Return the values named for one programme."""
    start = programme + OF_PROGRAMME
    return {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}

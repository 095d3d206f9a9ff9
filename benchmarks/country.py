"""The world that is timed: pilots and controls in the main study's proportion, of any size, nobody enrolled."""

from __future__ import annotations

import numpy as np

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.model.parameters import load_parameters
from icpsim.model.region import Region, Span
from icpsim.model.setup import programme_states
from icpsim.population.practice_lists import control_practices, origin_of, pilot_practices
from icpsim.scenario.schema import load

SCENARIO = "case-management-sites"
LIST_SIZE = 6000
"""Every practice has the same list, so that a world of any size can be asked for."""


def make_region(people: int, weeks: int, seed: int = 1) -> Region:
    """Build about ``people`` people of the main study's ages, one in 9.4 of them in a pilot practice."""
    scenario = load(SCENARIO)
    parameters = load_parameters(scenario.parameters)
    youngest = scenario.study.min_age - scenario.study.history_weeks / WEEKS_PER_YEAR
    span = Span(weeks, youngest, weeks)
    states = programme_states(scenario, effects=True)

    def region(count: int) -> Region:
        pilots = max(1, round(count / (1 + scenario.population.control_pool_ratio)))
        wanted = max(1, count - pilots) * LIST_SIZE
        own = pilot_practices([("pilot", pilots, 0)], origin_of(seed, 0), LIST_SIZE, parameters.population)
        others = control_practices(wanted, 1, origin_of(seed, 0), LIST_SIZE, parameters.population)
        return Region([*own, *others], span, parameters, states)

    a_practice = len(region(4).people) / 4
    return region(max(2, round(people / a_practice)))


def as_new(region: Region) -> Region:
    """Return the same people before they have lived, with empty records."""
    return region.shadow(region.people.copy(), region.programmes)


def live(region: Region) -> None:
    """Let everybody live the whole span."""
    region.live(np.arange(len(region.people)), 0, region.span.weeks)

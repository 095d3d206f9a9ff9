"""From a scenario to its practices, its quotas and the effects of its programmes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.care.providers import PROGRAMME_STATE
from icpsim.care.service_state import SERVICE_STATE
from icpsim.model.parameters import load_parameters
from icpsim.population.draw_people import PopulationParameters
from icpsim.population.practice_lists import Practice, control_practices, origin_of, pilot_practices
from icpsim.programme.schema import Programme
from icpsim.programme.services.service_rows import service_rows
from icpsim.scenario.schema import Scenario


def make_practices(
    scenario: Scenario, seed: int, replicate: int, population: PopulationParameters
) -> list[Practice]:
    """Return the pilots' practices and, after them, those that controls may come from."""
    size = scenario.population.practice_list_size
    sites = [
        (site.name, site.practices, number)
        for number, programme in enumerate(scenario.programmes)
        for site in programme.sites
    ]
    origin = origin_of(seed, replicate, scenario.population.same_sites)
    pilots = pilot_practices(sites, origin, size, population)
    wanted = scenario.population.control_pool_ratio * sum(practice.list_size for practice in pilots)
    return pilots + control_practices(wanted, len(sites), origin, size, population)


def quotas(programme: Programme) -> list[int]:
    """Share a programme's enrolment total out over its sites by practices, to the person."""
    shares = np.cumsum([site.practices for site in programme.sites]) / programme.practices
    ends = np.rint(shares * programme.enrolment_total).astype(int)
    return [int(n) for n in np.diff([0, *ends])]


def programme_states(scenario: Scenario, effects: bool) -> NDArray[np.void]:
    """Return each programme's effects, with its own parameter values on top of the scenario's."""
    states = np.zeros(len(scenario.programmes), PROGRAMME_STATE)
    for state, programme in zip(states, scenario.programmes, strict=True):
        mechanisms = load_parameters({**scenario.parameters, **programme.parameters}).mechanisms
        for name, value in mechanisms._asdict().items():
            state[name] = value
        state["effects"] = 1.0 if effects and programme.effects else 0.0
    return states


def service_states(scenario: Scenario) -> NDArray[np.void]:
    """Return the services of every site (SERVICE_STATE, ordered by site), still without a dose."""
    tables, site = [np.zeros(0, SERVICE_STATE)], 0
    for programme in scenario.programmes:
        if programme.services:
            parameters = load_parameters({**scenario.parameters, **programme.parameters}).interventions
            sites = range(site, site + len(programme.sites))
            tables += [service_rows(programme.services, number, parameters) for number in sites]
        site += len(programme.sites)
    return np.concatenate(tables)

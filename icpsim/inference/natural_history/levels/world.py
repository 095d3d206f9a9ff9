"""A stretch of England with people of every age and no programme, for measuring levels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from icpsim.model.parameters import ModelParameters
from icpsim.model.region import Region, Span
from icpsim.population.practice_lists import control_practices, origin_of

WEEKS = 442
"""Two and a half years to settle, an index year, and five years after it."""
SETTLED = 130
"""Weeks before this one let caseloads, waiting lists and courses settle."""


def simulate_without_programme(
    parameters: ModelParameters, seed: int, practices: int, progress: Callable[[int, int, str], None]
) -> Region:
    """Simulate about ``practices`` average practices, all ages, for eight and a half years."""
    people = practices * parameters.population.list_size_mean
    chosen = control_practices(people, 0, origin_of(seed, 0), None, parameters.population)
    region = Region(chosen, Span(WEEKS, 0.0, WEEKS), parameters, everyone_consults=True)
    rows = region.everyone()
    for k, part in enumerate(np.array_split(rows, 20)):
        progress(k, 20, "simulating people of every age")
        region.live(part, 0, WEEKS)
    return region

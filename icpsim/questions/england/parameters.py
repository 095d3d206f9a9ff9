"""Numbers of the country itself: how many people, in how many areas, and how long they live uncounted."""

from __future__ import annotations

from typing import NamedTuple

from icpsim.data.tables import ParameterTables


class EnglandParameters(NamedTuple):
    """Table england.csv."""

    population: float
    areas: float
    area_size_sd_log: float
    area_size_low: float
    area_size_high: float
    run_in_weeks: float


def england_parameters(tables: ParameterTables) -> EnglandParameters:
    """Return the country's numbers from the tables, with their overrides."""
    return tables.room(EnglandParameters, "england")

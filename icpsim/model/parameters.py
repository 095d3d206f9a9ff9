"""Every parameter of the model, room by room, read from the tables; economics and country read their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, get_type_hints

from icpsim.care.cancer_treatment import CancerParameters
from icpsim.care.condition_onset import OnsetParameters
from icpsim.care.deaths import DeathParameters
from icpsim.care.elective import ElectiveParameters
from icpsim.care.emergency import EmergencyParameters
from icpsim.care.health import HealthParameters
from icpsim.care.outpatient import OutpatientParameters
from icpsim.care.primary_care import PrimaryCareParameters
from icpsim.care.repeat_day_care import RepeatDayCareParameters
from icpsim.data.mechanisms import MechanismParameters
from icpsim.data.tables import ParameterTables, load_tables
from icpsim.evaluation.costs import Prices
from icpsim.model.capacity import CapacityParameters
from icpsim.population.draw_people import PopulationParameters, PrevalenceParameters
from icpsim.programme.parameters import InterventionParameters


class StaffingParameters(NamedTuple):
    """Table staffing.csv."""

    contacts_for_full_dose: float
    site_sd: float
    training_hours_share: float


@dataclass(frozen=True)
class ModelParameters:
    """All rooms of one set of parameters, and the tables they came from."""

    tables: ParameterTables
    population: PopulationParameters
    prevalence: PrevalenceParameters
    health: HealthParameters
    onset: OnsetParameters
    deaths: DeathParameters
    primary_care: PrimaryCareParameters
    emergency: EmergencyParameters
    outpatient: OutpatientParameters
    elective: ElectiveParameters
    cancer: CancerParameters
    repeat_day_care: RepeatDayCareParameters
    mechanisms: MechanismParameters
    staffing: StaffingParameters
    interventions: InterventionParameters
    capacity: CapacityParameters
    prices: Prices

    def rooms(self) -> dict[str, Any]:
        """Return the rooms by name."""
        return {name: getattr(self, name) for name in _ROOMS}


_ROOMS = {name: room for name, room in get_type_hints(ModelParameters).items() if name not in ("tables", "prices")}


def load_parameters(overrides: Mapping[str, float] | None = None) -> ModelParameters:
    """Read every table into its room, with overrides by qualified name (``emergency.flare_ratio``).

    Raises ParameterError naming the file, the line and the nearest valid name.
    """
    tables = load_tables(overrides or {})
    rooms: dict[str, Any] = {name: tables.room(cls, name) for name, cls in _ROOMS.items()}
    prices = {
        p.qualified.removeprefix("prices."): tables.value(p.qualified)
        for p in tables.parameters.values()
        if p.table == "prices"
    }
    return ModelParameters(tables=tables, prices=Prices(price_year="2008/09", **prices), **rooms)

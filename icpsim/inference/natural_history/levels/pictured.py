"""Everything that is drawn of the natural history, from one world without a programme and one hospital."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from icpsim.inference.natural_history.levels.beside_england import BesideEngland, beside_england
from icpsim.inference.natural_history.levels.curves import (
    AgeRates,
    Concentration,
    Lorenz,
    Target,
    concentration_curve,
    lorenz_curves,
    rates_by_age,
)
from icpsim.inference.natural_history.levels.hospital_year import HospitalYear, hospital_year
from icpsim.inference.natural_history.levels.regression import RegressionToTheMean, regression_over_years
from icpsim.inference.natural_history.levels.world import SETTLED, simulate_without_programme
from icpsim.model.parameters import ModelParameters, load_parameters
from icpsim.records.schema import HospitalRecords


@dataclass(frozen=True, slots=True)
class BaselineCurves:
    """What the pictures show: of people of all ages without a programme, and of one hospital's year."""

    people: int
    rates: tuple[AgeRates, ...]
    concentration: Concentration
    regression: RegressionToTheMean
    lorenz: tuple[Lorenz, ...]
    hospital: HospitalYear
    england: BesideEngland


def measure_curves(
    seed: int,
    practices: int,
    targets: Iterable[Target] = (),
    progress: Callable[[int, int, str], None] = lambda *_: None,
) -> BaselineCurves:
    """Simulate about ``practices`` practices and one whole hospital; return every curve, with targets' ranges.

    The same seed gives the world whose levels ``measure_baseline`` measures.
    """
    parameters = load_parameters()
    region = simulate_without_programme(parameters, seed, practices, progress)
    records, people = region.hospital_records(), len(region.people)
    del region
    return curves_of(records, parameters, people, targets, hospital_year(seed, progress=progress))


def curves_of(
    records: HospitalRecords,
    parameters: ModelParameters,
    people: int,
    targets: Iterable[Target],
    hospital: HospitalYear,
) -> BaselineCurves:
    """Return every curve of records that have settled, and the hospital's year with them."""
    known = tuple(targets)
    counted = (SETTLED, SETTLED + 104)
    return BaselineCurves(
        people=people,
        rates=rates_by_age(records, counted, known),
        concentration=concentration_curve(records, parameters.prices, SETTLED, known),
        regression=regression_over_years(records, SETTLED),
        lorenz=lorenz_curves(records, parameters.prices, SETTLED),
        hospital=hospital,
        england=beside_england(records, counted),
    )

"""The price book: every price in money of the year it is paid in, and that money in the price year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from icpsim.data.tables import ParameterTables
from icpsim.economics.errors import EconomicsError
from icpsim.economics.parameters import (
    FIRST_PRICE_YEAR,
    HOUR_ROWS,
    POST_ROWS,
    EconomicsParameters,
    PriceYearParameters,
    ProgrammeCostParameters,
)
from icpsim.evaluation.costs import Prices
from icpsim.programme.interventions import HOLDERS
from icpsim.programme.services import SERVICES

COST_YEAR = 2009
"""Financial year of unit costs in the tables (reference costs 2009-10, PSSRU 2010)."""

_SWITCHES = ("marginal_rate_emergency", "gp_contacts_paid", "mdt_general_practice_paid")
_SHARES = (
    "marginal_rate_share",
    "variable_share",
    "setup_labour_share",
    "mdt_general_practice_share",
    "non_labour_share",
    "overhead_share",
    "carried_over_labour",
    "carried_over_non_labour",
)
_CALENDAR = ("first_financial_year", "price_year")
_GROWTH = ("deflator_growth_after", "tariff_growth_after")


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The tables that prices are read from; years are those since the programme's start, 0 the first.

    Raises EconomicsError when a number cannot be: a share outside 0 to 1, a switch that is neither 0 nor 1, a
    calendar year that is not whole or before the price indices, a negative price or an index that is not positive.
    """

    prices: Prices
    economics: EconomicsParameters
    programme: ProgrammeCostParameters
    indices: PriceYearParameters

    def __post_init__(self) -> None:
        given = {**self.economics._asdict(), **self.programme._asdict()}
        given |= zip(POST_ROWS, given.pop("posts"), strict=True)
        given |= zip(HOUR_ROWS, given.pop("hours"), strict=True)
        wrong = [f"{name} = {given[name]:g} is neither 0 nor 1" for name in _SWITCHES if given[name] not in (0, 1)]
        wrong += [f"{name} = {given[name]:g} is no share" for name in _SHARES if not 0 <= given[name] <= 1]
        wrong += [f"{name} = {value:g} is negative" for name, value in given.items() if value < 0]
        wrong += [f"{name} = {given[name]:g} is no whole year" for name in _CALENDAR if given[name] % 1]
        wrong += [
            f"{name} = {given[name]:g} lies before {FIRST_PRICE_YEAR}, the first year of the price indices"
            for name in _CALENDAR
            if given[name] < FIRST_PRICE_YEAR
        ]
        if self.programme.non_labour_share + self.programme.overhead_share > 1:
            wrong.append("non_labour_share and overhead_share are more than the whole together")
        if min(self.indices.deflator.min(), self.indices.tariff.min()) <= 0:
            wrong.append("price_years: an index is not positive")
        wrong += [f"{name} is -100% or less" for name in _GROWTH if getattr(self.indices, name) <= -1]
        if wrong:
            raise EconomicsError("; ".join(wrong))

    def financial_year(self, year: int) -> int:
        """Return the calendar year in which this year's financial year begins."""
        return int(self.economics.first_financial_year) + year

    def tariff_index(self, year: int) -> float:
        """Return the tariff of the year over that of 2008/09."""
        return self._tariff(self.financial_year(year))

    def cost_index(self, year: int) -> float:
        """Return pay and prices of the year over those of 2009/10, the year of unit costs."""
        return self._deflator(self.financial_year(year)) / self._deflator(COST_YEAR)

    def in_price_year(self, year: int) -> float:
        """Return what a pound of the year is worth in pounds of the price year."""
        return self._deflator(int(self.economics.price_year)) / self._deflator(self.financial_year(year))

    def discount(self, year: int) -> float:
        """Return the weight of the year's real money: 1 in the first year (HM Treasury, Green Book)."""
        return float((1.0 + self.economics.discount_rate) ** -year)

    def discount_health(self, year: int) -> float:
        """Return the weight of the year's effects on health: 1 in the first year."""
        return float((1.0 + self.economics.discount_rate_health) ** -year)

    def spell_tariffs(self, year: int) -> dict[str, float]:
        """Return the tariff of a spell of case mix 1, by class, in pounds of the year."""
        p, index = self.prices, self.tariff_index(year)
        of_class = {
            "emergency": p.emergency,
            "elective_ordinary": p.elective_ordinary,
            "day_case": p.day_case,
            "chemotherapy": p.chemotherapy,
            "repeat_day_care": p.repeat_day_care,
        }
        return {name: price * index for name, price in of_class.items()}

    def spell_costs(self, year: int) -> dict[str, float]:
        """Return the reference cost of a spell of case mix 1, by class, in pounds of the year."""
        e, index = self.economics, self.cost_index(year)
        of_class = {
            "emergency": e.cost_emergency_episode * e.episodes_per_emergency_spell,
            "elective_ordinary": e.cost_elective_episode * e.episodes_per_elective_spell,
            "day_case": e.cost_day_case,
            "chemotherapy": e.cost_chemotherapy,
            "repeat_day_care": e.cost_repeat_day_care,
        }
        return {name: cost * index for name, cost in of_class.items()}

    def post_costs(self, year: int) -> dict[str, float]:
        """Return the cost of a whole-time post for a whole year, by kind of staff, in pounds of the year."""
        return _by_kind(HOLDERS, self.programme.posts, self.cost_index(year))

    def hour_costs(self, year: int) -> dict[str, float]:
        """Return the cost of an hour of service, by kind, in pounds of the year."""
        return _by_kind(SERVICES, self.programme.hours, self.cost_index(year))

    def _deflator(self, calendar_year: int) -> float:
        return _read(self.indices.deflator, calendar_year, self.indices.deflator_growth_after)

    def _tariff(self, calendar_year: int) -> float:
        return _read(self.indices.tariff, calendar_year, self.indices.tariff_growth_after)


class PricedParameters(Protocol):
    """Parameters with prices for hospital care, and the tables from which the economics reads its own."""

    @property
    def prices(self) -> Prices:
        """Return what hospital care is paid for."""
        ...

    @property
    def tables(self) -> ParameterTables:
        """Return every table, with its overrides."""
        ...


def price_book(parameters: PricedParameters) -> PriceBook:
    """Return the price book of these parameters; raises EconomicsError as :class:`PriceBook`."""
    tables = parameters.tables
    return PriceBook(
        parameters.prices,
        tables.room(EconomicsParameters, "economics"),
        tables.room(ProgrammeCostParameters, "programme_costs"),
        tables.room(PriceYearParameters, "price_years"),
    )


def _by_kind(kinds: Iterable[str], costs: NDArray[np.float64], index: float) -> dict[str, float]:
    return {kind: float(cost) * index for kind, cost in zip(kinds, costs, strict=True)}


def _read(index: NDArray[np.float64], calendar_year: int, growth_after: float) -> float:
    """Return the index of a calendar year; after the last of the table it goes on growing."""
    after = calendar_year - FIRST_PRICE_YEAR - (len(index) - 1)
    if after <= 0:
        return float(index[calendar_year - FIRST_PRICE_YEAR])
    return float(index[-1] * (1.0 + growth_after) ** after)

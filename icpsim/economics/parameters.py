"""Numbers of the economics: tables economics.csv, programme_costs.csv and price_years.csv."""

from __future__ import annotations

from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from icpsim.data.tables import Labels, Rows
from icpsim.programme.interventions import HOLDERS
from icpsim.programme.services import SERVICES

FIRST_PRICE_YEAR = 2005
"""The first year of the price indices: 2005 is financial year 2005/06."""

PRICE_YEARS = tuple(f"{year}_{(year + 1) % 100:02d}" for year in range(FIRST_PRICE_YEAR, 2014))
"""Financial years of the price indices, as they stand in the names of their rows."""

POST_ROWS = tuple(f"{kind}_post" for kind in HOLDERS)
HOUR_ROWS = tuple(kind.cost for kind in SERVICES.values())

ByPriceYear: TypeAlias = Annotated[NDArray[np.float64], Labels(PRICE_YEARS)]
"""One float64 a financial year from 2005/06 to 2013/14, shape (9,)."""


class EconomicsParameters(NamedTuple):
    """Table economics.csv: calendar, discounting, rules of payment, and unit costs of care."""

    first_financial_year: float
    price_year: float
    discount_rate: float
    discount_rate_health: float
    marginal_rate_emergency: float
    marginal_rate_share: float
    marginal_rate_baseline: float
    variable_share: float
    tariff_ae: float
    cost_emergency_episode: float
    episodes_per_emergency_spell: float
    cost_elective_episode: float
    episodes_per_elective_spell: float
    cost_day_case: float
    cost_chemotherapy: float
    cost_repeat_day_care: float
    cost_outpatient: float
    cost_ae: float
    gp_contact: float
    gp_contacts_paid: float


class ProgrammeCostParameters(NamedTuple):
    """Table programme_costs.csv: what a programme costs by post, hour and site, and how it splits.

    ``posts`` stand in the order of HOLDERS, ``hours`` in that of SERVICES: a kind without a row is an error.
    """

    setup_site: float
    setup_years: float
    setup_labour_share: float
    posts: Annotated[NDArray[np.float64], Rows(POST_ROWS)]
    hours: Annotated[NDArray[np.float64], Rows(HOUR_ROWS)]
    mdt_meeting_hour: float
    mdt_general_practice_share: float
    mdt_general_practice_paid: float
    non_labour_share: float
    overhead_share: float
    carried_over_labour: float
    carried_over_non_labour: float


class PriceYearParameters(NamedTuple):
    """Table price_years.csv: indices with 2008/09 = 1, and their growth after the last year."""

    deflator: ByPriceYear
    tariff: ByPriceYear
    deflator_growth_after: float
    tariff_growth_after: float

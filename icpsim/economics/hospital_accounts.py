"""The hospital's accounts: paid by tariff for what it does; its costs fall only as far as they are variable."""

from __future__ import annotations

from collections.abc import Iterator

from icpsim.economics.activity import Activity
from icpsim.economics.ledger import Category, Entry, Party, to_pence
from icpsim.economics.price_book import PriceBook

_SPELLS = {
    "emergency": Category.EMERGENCY,
    "elective_ordinary": Category.ELECTIVE_ORDINARY,
    "day_case": Category.DAY_CASE,
    "chemotherapy": Category.CHEMOTHERAPY,
    "repeat_day_care": Category.REPEAT_DAY_CARE,
}


MARGINAL_RATE_FROM = 2010
"""First financial year of the marginal rate for emergencies, 2010/11 (King's Fund 2013)."""


def hospital_entries(done: Activity, planned: Activity, book: PriceBook) -> Iterator[Entry]:
    """Yield the year's payments to and by hospitals.

    ``planned`` is the activity that hospitals were staffed for: their fixed cost is that of the plan, whatever
    is done, and the baseline of the marginal rate is a share of the plan's tariff value.
    """
    year, share = done.year, book.economics.variable_share
    commissioner, hospital, outside = Party.COMMISSIONER, Party.HOSPITAL, Party.STAFF_AND_SUPPLIERS
    for category, pounds in tariff_income(done, planned, book).items():
        yield Entry(year, commissioner, hospital, category, to_pence(pounds), cashable=True)
    for category, pounds in resource_costs(done, book).items():
        yield Entry(year, hospital, outside, category, to_pence(pounds * share), cashable=True)
    yield Entry(year, hospital, outside, Category.HOSPITAL_FIXED, fixed_pence(planned, book), cashable=False)


def tariff_income(done: Activity, planned: Activity, book: PriceBook) -> dict[Category, float]:
    """Return what the tariff pays for a year's activity, by category, in pounds of the year."""
    tariffs, index = book.spell_tariffs(done.year), book.tariff_index(done.year)
    found = {_SPELLS[name]: tariffs[name] * done.casemix.get(name, 0.0) for name in _SPELLS}
    if book.economics.marginal_rate_emergency and book.financial_year(done.year) >= MARGINAL_RATE_FROM:
        planned_value = tariffs["emergency"] * planned.casemix.get("emergency", 0.0)
        found[Category.EMERGENCY] = marginal_rate(found[Category.EMERGENCY], planned_value, book)
    first, follow_up = book.prices.outpatient_first, book.prices.outpatient_follow_up
    found[Category.OUTPATIENT] = index * (first * done.outpatient_first + follow_up * done.outpatient_follow_up)
    found[Category.AE] = index * book.economics.tariff_ae * done.ae_attendances
    return found


def marginal_rate(value: float, planned_value: float, book: PriceBook) -> float:
    """Return what is paid for emergencies of this tariff value: in full up to the baseline, in part above it."""
    baseline = book.economics.marginal_rate_baseline * planned_value
    return min(value, baseline) + book.economics.marginal_rate_share * max(0.0, value - baseline)


def resource_costs(done: Activity, book: PriceBook) -> dict[Category, float]:
    """Return a year's hospital resources at reference cost, fixed and variable, in pounds of the year.

    Bed days are not priced beside the spells they belong to.
    """
    costs, index = book.spell_costs(done.year), book.cost_index(done.year)
    attended = done.outpatient_first + done.outpatient_follow_up
    return {
        **{_SPELLS[name]: costs[name] * done.casemix.get(name, 0.0) for name in _SPELLS},
        Category.OUTPATIENT: index * book.economics.cost_outpatient * attended,
        Category.AE: index * book.economics.cost_ae * done.ae_attendances,
    }


def fixed_pence(done: Activity, book: PriceBook) -> int:
    """Return the fixed part of a year's hospital resources in pence of the year."""
    return to_pence((1.0 - book.economics.variable_share) * sum(resource_costs(done, book).values()))

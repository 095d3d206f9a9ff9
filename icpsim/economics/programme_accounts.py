"""A programme's accounts in the national evaluation's categories, and general practice's."""

from __future__ import annotations

from collections.abc import Iterator

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.economics.activity import Activity, Delivered
from icpsim.economics.ledger import Category, Entry, Party, to_pence
from icpsim.economics.price_book import PriceBook

NOT_CASHABLE = (Category.EXISTING_LABOUR, Category.CARRIED_OVER_NON_LABOUR)
"""Paid for already: when a programme uses it, something else is given up but no money has to be found."""


def programme_entries(given: Delivered, book: PriceBook) -> Iterator[Entry]:
    """Yield the year's payments for a programme: the commissioner funds the provider, who spends all of it."""
    for category, pounds in provider_costs(given, book).items():
        pence, cashable = to_pence(pounds), category not in NOT_CASHABLE
        yield Entry(given.year, Party.COMMISSIONER, Party.COMMUNITY_PROVIDER, category, pence, cashable)
        yield Entry(given.year, Party.COMMUNITY_PROVIDER, Party.STAFF_AND_SUPPLIERS, category, pence, cashable)
    yield from _meeting_entries(given, book)


def provider_costs(given: Delivered, book: PriceBook) -> dict[Category, float]:
    """Return what the provider of a programme spends in a year, by category, in pounds of the year."""
    c = book.programme
    setup = setup_cost(given, book)
    meetings = meeting_cost(given, book) * (1.0 - c.mdt_general_practice_share)
    running = staff_cost(given, book) + service_cost(given, book) + meetings
    labour = running * (1.0 - c.non_labour_share - c.overhead_share)
    non_labour = running * c.non_labour_share
    return {
        Category.SETUP_LABOUR: setup * c.setup_labour_share,
        Category.SETUP_NON_LABOUR: setup * (1.0 - c.setup_labour_share),
        Category.CARRIED_OVER_NON_LABOUR: non_labour * c.carried_over_non_labour + running * c.overhead_share,
        Category.ADDITIONAL_LABOUR: labour * (1.0 - c.carried_over_labour),
        Category.EXISTING_LABOUR: labour * c.carried_over_labour,
        Category.RUNNING_NON_LABOUR: non_labour * (1.0 - c.carried_over_non_labour),
    }


def setup_cost(given: Delivered, book: PriceBook) -> float:
    """Return the year's set-up cost, pounds: in full for each year of setting up, in part for a part of one."""
    share = min(1.0, max(0.0, book.programme.setup_years - given.year))
    return share * given.sites * book.programme.setup_site * book.cost_index(given.year)


def staff_cost(given: Delivered, book: PriceBook) -> float:
    """Return the cost of the year's posts, pounds."""
    costs = book.post_costs(given.year)
    return sum(costs[kind] * weeks for kind, weeks in given.staff_weeks.items()) / WEEKS_PER_YEAR


def service_cost(given: Delivered, book: PriceBook) -> float:
    """Return the cost of the year's hours of service, pounds."""
    costs = book.hour_costs(given.year)
    return sum(costs[kind] * hours for kind, hours in given.service_hours.items())


def meeting_cost(given: Delivered, book: PriceBook) -> float:
    """Return the cost of the year's MDT meetings with everybody's time, pounds."""
    return book.programme.mdt_meeting_hour * book.cost_index(given.year) * given.mdt_hours


def _meeting_entries(given: Delivered, book: PriceBook) -> Iterator[Entry]:
    """Yield what practices' time in MDT meetings costs: paid for, or taken out of the practices' other work."""
    pence = to_pence(meeting_cost(given, book) * book.programme.mdt_general_practice_share)
    paid = bool(book.programme.mdt_general_practice_paid)
    category = Category.ADDITIONAL_LABOUR if paid else Category.EXISTING_LABOUR
    if paid:
        yield Entry(given.year, Party.COMMISSIONER, Party.GENERAL_PRACTICE, category, pence, cashable=True)
    yield Entry(given.year, Party.GENERAL_PRACTICE, Party.STAFF_AND_SUPPLIERS, category, pence, cashable=paid)


def practice_entries(done: Activity, planned: Activity, book: PriceBook) -> Iterator[Entry]:
    """Yield what GP contacts cost, and what practices are paid for them.

    Paid by capitation, practices get the planned contacts' worth whatever they do, and a further contact takes
    their time (not cashable); paid by contact, the commissioner pays for each and the time is bought.
    """
    price = book.economics.gp_contact * book.cost_index(done.year)
    paid = bool(book.economics.gp_contacts_paid)
    worked = to_pence(price * done.gp_contacts)
    income = worked if paid else to_pence(price * planned.gp_contacts)
    year, what = done.year, Category.GP_CONTACTS
    yield Entry(year, Party.COMMISSIONER, Party.GENERAL_PRACTICE, what, income, cashable=paid)
    yield Entry(year, Party.GENERAL_PRACTICE, Party.STAFF_AND_SUPPLIERS, what, worked, cashable=paid)

"""What an arm changes for each party: cashable and not, in one price year, discounted to the first year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from icpsim.economics.errors import EconomicsError
from icpsim.economics.ledger import PROGRAMME_CATEGORIES, Category, Entry, Ledger, Party
from icpsim.economics.price_book import PriceBook


class View(StrEnum):
    """Whose money is looked at; the whole system is everybody but staff and suppliers, whom it pays."""

    COMMISSIONER = "commissioner"
    HOSPITAL = "hospital"
    COMMUNITY_PROVIDER = "community provider"
    GENERAL_PRACTICE = "general practice"
    WHOLE_SYSTEM = "whole system"


@dataclass(frozen=True, slots=True)
class Change:
    """How much better off a view is than in the reference arm (less than 0: worse off), real and discounted.

    In pounds of the price year. What is not cashable is worth as much, but is time and resources, not money.
    """

    cashable: float
    not_cashable: float

    @property
    def total(self) -> float:
        """Cashable and not."""
        return self.cashable + self.not_cashable

    def __sub__(self, other: Change) -> Change:
        return Change(self.cashable - other.cashable, self.not_cashable - other.not_cashable)


@dataclass(frozen=True, slots=True)
class Comparison:
    """An arm against the reference arm.

    ``pence``: change of each party's balance over all years, in whole pence of the years' own money, not
    discounted; it sums to exactly 0. ``views``: the change for each view; ``programme``: the part of it that is
    the programme's own cost. ``capacity_freed``: hospital capacity that activity no longer takes up (less than
    0: takes up more), at reference cost; real and discounted pounds that are no money, as fixed cost goes on.
    """

    pence: Mapping[Party, int]
    views: Mapping[View, Change]
    programme: Mapping[View, Change]
    capacity_freed: float

    def before_programme(self, view: View) -> Change:
        """Return the change for a view without the programme's own cost."""
        return self.views[view] - self.programme[view]


def compare(arm: Ledger, reference: Ledger, book: PriceBook) -> Comparison:
    """Return what an arm changes against the reference; raises EconomicsError when their years differ."""
    if arm.years != reference.years:
        raise EconomicsError(f"years {list(arm.years)} and {list(reference.years)} cannot be compared")
    after, before = arm.balances(), reference.balances()
    freed = sum(
        present_value(reference.capacity_in_use[year] - arm.capacity_in_use[year], year, book)
        for year in arm.years
    )
    return Comparison(
        {party: after[party] - before[party] for party in Party},
        {view: _change(arm, reference, view, book, lambda _: True) for view in View},
        {view: _change(arm, reference, view, book, of_programme) for view in View},
        freed,
    )


def present_value(pence: int, year: int, book: PriceBook) -> float:
    """Return pence of a year as pounds of the price year, discounted to the first year."""
    return pence / 100.0 * book.in_price_year(year) * book.discount(year)


def of_programme(entry: Entry) -> bool:
    """Whether a payment is for the programme itself, whoever makes it."""
    return entry.category in PROGRAMME_CATEGORIES


def programme_cost_by_category(ledger: Ledger) -> dict[Category, int]:
    """Return the programme's cost in the evaluation's six categories, in pence of the years' own money."""
    found = dict.fromkeys(PROGRAMME_CATEGORIES, 0)
    for entry in ledger.entries:
        if entry.payee is Party.STAFF_AND_SUPPLIERS and of_programme(entry):
            found[entry.category] += entry.pence
    return found


def _change(
    arm: Ledger, reference: Ledger, view: View, book: PriceBook, counts: Callable[[Entry], bool]
) -> Change:
    found = {True: 0.0, False: 0.0}
    for year in arm.years:
        for cashable in found:
            after, before = (
                _balance(ledger, view, [e for e in ledger.of(year=year, cashable=cashable) if counts(e)])
                for ledger in (arm, reference)
            )
            found[cashable] += present_value(after - before, year, book)
    return Change(found[True], found[False])


def _balance(ledger: Ledger, view: View, entries: list[Entry]) -> int:
    balances = ledger.balances(entries)
    if view is View.WHOLE_SYSTEM:
        return -balances[Party.STAFF_AND_SUPPLIERS]
    return balances[Party(view.value)]

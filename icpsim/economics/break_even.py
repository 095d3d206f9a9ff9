"""What a programme may cost before it loses money, and what an avoided emergency admission costs."""

from __future__ import annotations

from dataclasses import dataclass

from icpsim.economics.activity import Arm
from icpsim.economics.price_book import PriceBook
from icpsim.economics.views import Change, Comparison, View


@dataclass(frozen=True, slots=True)
class Answer:
    """A sum of pounds a patient or an admission, or none where a ratio would mislead; ``said`` says which."""

    pounds: float | None
    said: str


def break_even_cost_per_patient(
    found: Comparison, view: View, patients: int, *, cashable_only: bool = False
) -> Answer:
    """Return the programme cost per enrolled patient at which this view neither gains nor loses.

    All else as in the arm; real, discounted pounds of the price year. There is none when the view loses before
    the programme itself costs anything.
    """
    if patients <= 0:
        return Answer(None, "nobody enrolled")
    each = _pounds(found.before_programme(view), cashable_only) / patients
    if each <= 0:
        return Answer(None, f"none: the {view} gains nothing before programme costs ({_signed(each)} a patient)")
    return Answer(each, f"the {view} breaks even at £{each:,.2f} a patient")


def admissions_avoided(arm: Arm, reference: Arm, book: PriceBook) -> float:
    """Return emergency admissions fewer than in the reference, discounted as effects on health are."""
    after, before = arm.emergency_spells, reference.emergency_spells
    return sum((before[year] - after[year]) * book.discount_health(year) for year in before)


def cost_per_admission_avoided(
    found: Comparison, view: View, avoided: float, *, cashable_only: bool = False
) -> Answer:
    """Return the view's net cost for each emergency admission avoided (:func:`admissions_avoided`).

    There is no ratio when none is avoided, or when the view gains: a negative ratio cannot tell a bargain from
    harm that saves money.
    """
    if avoided <= 0:
        return Answer(None, "none avoided")
    gain = _pounds(found.views[view], cashable_only)
    if gain >= 0:
        return Answer(None, f"avoided at no net cost to the {view} (it gains £{gain:,.0f})")
    each = -gain / avoided
    return Answer(each, f"£{each:,.0f} to the {view} for each emergency admission avoided")


def _pounds(change: Change, cashable_only: bool) -> float:
    return change.cashable if cashable_only else change.total


def _signed(pounds: float) -> str:
    return f"{'-' if pounds < 0 else '+'}£{abs(pounds):,.2f}"

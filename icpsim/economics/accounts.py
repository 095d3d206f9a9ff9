"""Keeping one arm's ledger: every payment that its activity and its programme lead to."""

from __future__ import annotations

import math

from icpsim.economics.activity import Activity, Arm
from icpsim.economics.errors import EconomicsError
from icpsim.economics.hospital_accounts import fixed_pence, hospital_entries
from icpsim.economics.ledger import Entry, Ledger
from icpsim.economics.price_book import PriceBook
from icpsim.economics.programme_accounts import practice_entries, programme_entries

SAME_LENGTH = 1e-9
"""Weeks by which a year may differ between an arm and the plan."""


def keep_ledger(arm: Arm, reference: Arm, book: PriceBook) -> Ledger:
    """Return an arm's payments; ``reference`` (the arm itself, for the reference) is what was planned for.

    The plan sets what does not follow activity: hospitals' fixed cost, practices' capitation, and the baseline of
    the marginal rate. Raises EconomicsError when the arms' years differ in number or length.
    """
    planned = {row.year: row for row in reference.activity}
    entries: list[Entry] = []
    for done in arm.activity:
        plan = _plan_for(done, planned)
        entries += hospital_entries(done, plan, book)
        entries += practice_entries(done, plan, book)
    if set(planned) != set(arm.years):
        raise EconomicsError(f"years {list(arm.years)} of the arm are not the reference's {sorted(planned)}")
    for given in arm.delivered:
        entries += programme_entries(given, book)
    paid = tuple(entry for entry in entries if entry.pence)
    return Ledger(arm.years, paid, {done.year: fixed_pence(done, book) for done in arm.activity})


def _plan_for(done: Activity, planned: dict[int, Activity]) -> Activity:
    if done.year not in planned:
        raise EconomicsError(f"year {done.year} of the arm is none of the reference's ({sorted(planned)})")
    plan = planned[done.year]
    if not math.isclose(plan.weeks, done.weeks, abs_tol=SAME_LENGTH):
        raise EconomicsError(f"year {done.year} has {done.weeks:g} weeks, and {plan.weeks:g} in the reference")
    return plan

"""From counted figures to ledgers: who gains and who pays in each arm and replicate, against no programme."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from icpsim.economics.accounts import keep_ledger
from icpsim.economics.activity import CLASSES, Activity, Delivered
from icpsim.economics.activity import Arm as Accounts
from icpsim.economics.break_even import admissions_avoided
from icpsim.economics.ledger import Category, Ledger, Party
from icpsim.economics.price_book import PriceBook, price_book
from icpsim.economics.views import Change, View, compare, programme_cost_by_category
from icpsim.economics.views import Comparison as Money
from icpsim.model.parameters import load_parameters
from icpsim.questions.compare.runs import Comparison
from icpsim.questions.compare.unit import ENROLLED_ALONE, PAST, WITHOUT

FIRST = "activity|0|weeks"
"""A figure that every world has whose money can be counted."""


@dataclass(frozen=True, slots=True)
class ArmMoney:
    """One arm in one replicate: ``found`` against no programme, its ``ledger`` and what it ``avoided``.

    ``avoided`` are emergency admissions, discounted as effects on health are; ``enrolled`` people.
    """

    found: Money
    ledger: Ledger
    avoided: float
    enrolled: int

    @property
    def programme_pence(self) -> dict[Category, int]:
        """Cost of the programme in the evaluation's categories, in pence of the years' own money."""
        return programme_cost_by_category(self.ledger)


def money_of(comparison: Comparison, place: int, list_wide: bool = True) -> list[ArmMoney]:
    """Return what an arm changes for each party, replicate by replicate, at the prices that the arm sets.

    ``list_wide=False``: in its twin without effects on whole lists; an arm that has none is its own twin.
    """
    book = price_book(load_parameters(comparison.arms[place].scenario.parameters))
    alone = "" if list_wide else ENROLLED_ALONE
    return [_money(row, place, book, alone) for row in comparison.figures]


Twins = tuple[list[ArmMoney], list[ArmMoney]]
"""An arm's money as it is, and in its twin without effects on whole lists: the same list where it has none."""


def twins(comparison: Comparison, place: int) -> Twins:
    """Return an arm's money with and without its effects on whole lists."""
    money = money_of(comparison, place)
    return money, money_of(comparison, place, list_wide=False) if comparison.list_wide(place) else money


def view_values(money: list[ArmMoney], view: View) -> NDArray[np.float64]:
    """Return a view's gain against no programme, programme costs included, in each replicate; pounds."""
    return np.array([one.found.views[view].total for one in money])


def saved_values(money: list[ArmMoney]) -> NDArray[np.float64]:
    """Return what the commissioner saves on care before the programme's own cost in each replicate; pounds."""
    return np.array([one.found.before_programme(View.COMMISSIONER).total for one in money])


def programme_values(money: list[ArmMoney]) -> NDArray[np.float64]:
    """Return what the programme costs the whole system in each replicate; real, discounted pounds."""
    return np.array([-one.found.programme[View.WHOLE_SYSTEM].total for one in money])


@dataclass(frozen=True, slots=True)
class MeanMoney:
    """An arm's money averaged over replicates; ``found`` has no pence, which are whole in each replicate only."""

    found: Money
    avoided: float
    enrolled: float


def mean_world(money: list[ArmMoney]) -> MeanMoney:
    """Return the mean over replicates of what an arm changes, for ratios of means (not means of ratios)."""
    n = len(money)

    def mean(changes: list[Change]) -> Change:
        return Change(sum(c.cashable for c in changes) / n, sum(c.not_cashable for c in changes) / n)

    found = Money(
        pence={},
        views={view: mean([one.found.views[view] for one in money]) for view in View},
        programme={view: mean([one.found.programme[view] for one in money]) for view in View},
        capacity_freed=sum(one.found.capacity_freed for one in money) / n,
    )
    return MeanMoney(found, sum(one.avoided for one in money) / n, sum(one.enrolled for one in money) / n)


def parties_sum(money: list[ArmMoney]) -> list[int]:
    """Return the sum over parties of what changes, in pence; 0 in every replicate."""
    return [sum(one.found.pence[party] for party in Party) for one in money]


def _money(row: dict[str, float], place: int, book: PriceBook, twin: str = "") -> ArmMoney:
    past = f"{WITHOUT}{int(row[f'{place}/{PAST}'])}"
    without = Accounts(_activity(row, past))
    head = f"{place}{twin}" if f"{place}{twin}/{FIRST}" in row else str(place)
    arm = Accounts(_activity(row, head), _delivered(row, head))
    plan = keep_ledger(without, without, book)
    ledger = keep_ledger(arm, without, book)
    return ArmMoney(compare(ledger, plan, book), ledger, admissions_avoided(arm, without, book), arm.enrolled)


def _activity(row: dict[str, float], head: str) -> tuple[Activity, ...]:
    found: list[Activity] = []
    for year in count():
        start = f"{head}/activity|{year}|"
        if f"{start}weeks" not in row:
            return tuple(found)
        found.append(
            Activity(
                year=year,
                weeks=row[f"{start}weeks"],
                spells={kind: int(row[f"{start}spells.{kind}"]) for kind in CLASSES},
                casemix={kind: row[f"{start}casemix.{kind}"] for kind in CLASSES},
                outpatient_first=row[f"{start}outpatient_first"],
                outpatient_follow_up=row[f"{start}outpatient_follow_up"],
                ae_attendances=row[f"{start}ae_attendances"],
                gp_contacts=row[f"{start}gp_contacts"],
                bed_days=row[f"{start}bed_days"],
            )
        )
    return tuple(found)


def _delivered(row: dict[str, float], head: str) -> tuple[Delivered, ...]:
    found: list[Delivered] = []
    for year in count():
        start = f"{head}/delivered|{year}|"
        if f"{start}weeks" not in row:
            return tuple(found)
        found.append(
            Delivered(
                year=year,
                weeks=row[f"{start}weeks"],
                sites=int(row[f"{start}sites"]),
                practices=int(row[f"{start}practices"]),
                enrolled=int(row[f"{start}enrolled"]),
                patient_weeks=row[f"{start}patient_weeks"],
                staff_weeks=_kinds(row, f"{start}staff_weeks."),
                contact_hours=_kinds(row, f"{start}contact_hours."),
                mdt_meetings=int(row[f"{start}mdt_meetings"]),
                mdt_hours=row[f"{start}mdt_hours"],
                service_hours=_kinds(row, f"{start}service_hours."),
            )
        )
    return tuple(found)


def _kinds(row: dict[str, float], start: str) -> dict[str, float]:
    """Return what was delivered by kind: all of it, so that a kind that nothing prices is an error, not free."""
    return {name.removeprefix(start): amount for name, amount in row.items() if name.startswith(start)}

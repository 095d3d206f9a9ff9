"""A double-entry ledger in whole pence: whatever one party pays another receives, so money is conserved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from icpsim.economics.errors import EconomicsError


class Party(StrEnum):
    """Those who pay and are paid; staff and suppliers are the world outside (wages and goods)."""

    COMMISSIONER = "commissioner"
    HOSPITAL = "hospital"
    COMMUNITY_PROVIDER = "community provider"
    GENERAL_PRACTICE = "general practice"
    STAFF_AND_SUPPLIERS = "staff and suppliers"


class Category(StrEnum):
    """What is paid for: hospital care, GP contacts, and the evaluation's six categories of programme cost."""

    EMERGENCY = "emergency admissions"
    ELECTIVE_ORDINARY = "elective admissions with a night"
    DAY_CASE = "day cases"
    CHEMOTHERAPY = "chemotherapy"
    REPEAT_DAY_CARE = "repeat day care"
    OUTPATIENT = "outpatient attendances"
    AE = "A&E attendances"
    HOSPITAL_FIXED = "hospital's fixed cost"
    GP_CONTACTS = "GP contacts"
    SETUP_LABOUR = "set-up, labour"
    SETUP_NON_LABOUR = "set-up, non-labour"
    CARRIED_OVER_NON_LABOUR = "carried over from existing services, non-labour"
    ADDITIONAL_LABOUR = "running, additional labour"
    EXISTING_LABOUR = "running, continuing or existing labour"
    RUNNING_NON_LABOUR = "running, non-labour"


PROGRAMME_CATEGORIES = (
    Category.SETUP_LABOUR,
    Category.SETUP_NON_LABOUR,
    Category.CARRIED_OVER_NON_LABOUR,
    Category.ADDITIONAL_LABOUR,
    Category.EXISTING_LABOUR,
    Category.RUNNING_NON_LABOUR,
)
"""Programme costs as the national evaluation asked sites for them (summary report, section 5d)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One payment of a year since the programme's start, in whole pence of that year.

    ``cashable``: money that can be spent on something else when the payment falls, and has to be found when it
    rises. Raises EconomicsError when the amount is no whole number of 0 or more, or someone pays himself.
    """

    year: int
    payer: Party
    payee: Party
    category: Category
    pence: int
    cashable: bool

    def __post_init__(self) -> None:
        if not isinstance(self.pence, int) or self.pence < 0:
            raise EconomicsError(f"{self.category}: {self.pence!r} is not a whole number of pence of 0 or more")
        if self.payer is self.payee:
            raise EconomicsError(f"{self.category}: {self.payer} pays itself")


@dataclass(frozen=True, slots=True)
class Ledger:
    """All payments of one arm, in the order of the years.

    ``capacity_in_use`` is the fixed hospital cost, in pence, that each year's activity takes up. It is no payment:
    the whole of the fixed cost is paid whether it is used or not.
    """

    years: tuple[int, ...]
    entries: tuple[Entry, ...]
    capacity_in_use: Mapping[int, int]

    def balances(self, entries: Iterable[Entry] | None = None) -> dict[Party, int]:
        """Return what each party received less what it paid, in pence; the sum over parties is exactly 0."""
        found = dict.fromkeys(Party, 0)
        for entry in self.entries if entries is None else entries:
            found[entry.payee] += entry.pence
            found[entry.payer] -= entry.pence
        return found

    def of(self, *, year: int | None = None, cashable: bool | None = None) -> Iterator[Entry]:
        """Yield the payments of a year, or those that are cashable or not."""
        for entry in self.entries:
            if year in (None, entry.year) and cashable in (None, entry.cashable):
                yield entry


def to_pence(pounds: float) -> int:
    """Return an amount rounded to whole pence, a half to the even one; each payment is rounded once, here."""
    return round(float(pounds) * 100.0)

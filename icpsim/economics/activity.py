"""What people used and what teams delivered in each year: the only things that economics sees of a simulation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from icpsim.data.tables import nearest
from icpsim.economics.errors import EconomicsError
from icpsim.evaluation.costs import CareClass
from icpsim.programme.interventions import HOLDERS
from icpsim.programme.services import SERVICES

CLASSES = tuple(care.name.lower() for care in CareClass)
"""Classes of inpatient care, named as in :class:`icpsim.evaluation.costs.CareClass`."""

STAFF_KINDS = tuple(HOLDERS)
"""Kinds of staff who hold people on a caseload; they are paid by the post."""

SERVICE_KINDS = tuple(SERVICES)
"""Kinds of service that are paid by the hour."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Care that people used in one year since the programme's start (0 is the first), in ``weeks`` of it.

    ``casemix`` is the sum of the case mix of a class's spells (money is price times case mix). Outpatients are
    attended appointments. Raises EconomicsError on an unknown class or an amount that is negative or not finite.
    """

    year: int
    weeks: float
    spells: Mapping[str, int]
    casemix: Mapping[str, float]
    outpatient_first: float
    outpatient_follow_up: float
    ae_attendances: float
    gp_contacts: float
    bed_days: float

    def __post_init__(self) -> None:
        _known(self.spells, CLASSES, "spells")
        _known(self.casemix, CLASSES, "casemix")
        _possible(self)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a programme delivered in one year since its start (0 is the first), in ``weeks`` of it.

    ``enrolled`` are people newly enrolled in the year, ``patient_weeks`` weeks that people were on a caseload,
    ``staff_weeks`` weeks of whole-time posts and ``mdt_hours`` hours of meetings (not of those who attend).
    ``contact_hours`` lie within the posts' weeks and are not paid twice. Raises EconomicsError as Activity.
    """

    year: int
    weeks: float
    sites: int
    practices: int
    enrolled: int
    patient_weeks: float
    staff_weeks: Mapping[str, float]
    contact_hours: Mapping[str, float]
    mdt_meetings: int
    mdt_hours: float
    service_hours: Mapping[str, float]

    def __post_init__(self) -> None:
        _known(self.staff_weeks, STAFF_KINDS, "staff_weeks")
        _known(self.contact_hours, STAFF_KINDS, "contact_hours")
        _known(self.service_hours, SERVICE_KINDS, "service_hours")
        _possible(self)


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm's years in order: activity of each, and what was delivered in each (nothing in usual care).

    Raises EconomicsError when a year stands twice, is out of order, or has services but no activity.
    """

    activity: tuple[Activity, ...]
    delivered: tuple[Delivered, ...] = ()

    def __post_init__(self) -> None:
        if not self.activity:
            raise EconomicsError("an arm needs the activity of one year at least")
        for rows, what in ((self.activity, "activity"), (self.delivered, "delivered")):
            years = [row.year for row in rows]
            if years != sorted(set(years)):
                raise EconomicsError(f"{what}: years {years} are not each once and in order")
        left = {row.year for row in self.delivered} - set(self.years)
        if left:
            raise EconomicsError(f"delivered: year {min(left)} has no activity")

    @property
    def years(self) -> tuple[int, ...]:
        """Years since the programme's start."""
        return tuple(row.year for row in self.activity)

    @property
    def enrolled(self) -> int:
        """People enrolled over all years."""
        return sum(row.enrolled for row in self.delivered)

    @property
    def emergency_spells(self) -> dict[int, int]:
        """Emergency admissions of each year."""
        return {row.year: row.spells.get("emergency", 0) for row in self.activity}


def _known(amounts: Mapping[str, float], names: tuple[str, ...], what: str) -> None:
    for name in amounts:
        if name not in names:
            raise EconomicsError(f"{what}: '{name}' is not one of {', '.join(names)}{nearest(name, names)}")


def _possible(row: Activity | Delivered) -> None:
    for field in fields(row):
        given = getattr(row, field.name)
        amounts = given if isinstance(given, Mapping) else {"": given}
        for name, amount in amounts.items():
            if not (math.isfinite(amount) and amount >= 0):
                where = f"{field.name} of {name}" if name else field.name
                raise EconomicsError(f"year {row.year}: {where} is {amount}, not a number of 0 or more")

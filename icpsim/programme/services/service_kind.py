"""What a service declares: its name and label, what it changes, whom it is meant for, and what an hour costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from icpsim.care.service_state import REMOVABLE, SERVICE_STATE

TIMES = ("onset_weeks", "decay_weeks")
"""Numbers that every service has: weeks to full effect, and weeks over which it fades after discharge."""
_KNOWN = {*REMOVABLE, *(SERVICE_STATE.names or ())}


class Meant(NamedTuple):
    """Whom a service is meant for, besides an age: people with any of these conditions, in these places."""

    conditions: tuple[str, ...] = ()
    own_condition: bool = False
    care_home: bool = False
    last_year: bool = False


EVERYONE = Meant()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceKind:
    """A kind of service: all that the rest of icpsim needs to know of it.

    ``name`` is what scenarios call it, ``label`` what readers do. ``cost`` is the row of programme_costs.csv that
    prices an hour of it. ``numbers`` are the rows of interventions.csv, without the name before them: shares of
    named rates removed (REMOVABLE), and others of its rule (SERVICE_STATE); TIMES follow by themselves.
    Raises ValueError when a number has no place in a rule, or nothing is removed.
    """

    name: str
    label: str
    cost: str
    numbers: tuple[str, ...]
    meant_for: Meant = EVERYONE

    def __post_init__(self) -> None:
        wrong = [number for number in self.numbers if number not in _KNOWN]
        if wrong or not set(self.numbers) & set(REMOVABLE):
            raise ValueError(f"service {self.name}: numbers {wrong or self.numbers} act on nothing")

    @property
    def rows(self) -> dict[str, str]:
        """Rows of interventions.csv by what each is in the service's rule, in the order of the table."""
        return {number: f"{self.name}_{number}" for number in (*self.numbers, *TIMES)}

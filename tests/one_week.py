"""One week of a large pilot site, lived again and again from the same start under different effects.

Everyone is enrolled in that week, so what would have happened without effects is known person by person.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from icpsim.care.providers import PROGRAMME_STATE
from icpsim.model.parameters import load_parameters
from icpsim.model.region import Region, Span
from icpsim.population.practice_lists import origin_of, pilot_practices
from icpsim.records.journal import APPOINTMENTS, ATTENDANCES, CONTACTS, SPELLS
from icpsim.records.schema import NEVER

WEEK = 40
PRACTICES, LIST_SIZE = 16, 4000
PARAMETERS = load_parameters()
TREATED = ("dose", "programme", "enrolled", "discharged", "mdt_week")


@dataclass(frozen=True, slots=True)
class Week:
    """What happened to whom: rows of that week, and people after it."""

    people: np.ndarray
    spells: np.ndarray
    outpatient: np.ndarray
    ae: np.ndarray
    contacts: np.ndarray
    listed: np.ndarray
    referred: int


class OneWeek:
    """People of 50 and over of one pilot site at the beginning of week ``WEEK``."""

    def __init__(self) -> None:
        sites = pilot_practices([("A", PRACTICES, 0)], origin_of(11, 0), LIST_SIZE, PARAMETERS.population)
        self.programmes = np.zeros(1, PROGRAMME_STATE)
        self.region = Region(sites, Span(WEEK + 1, 50.0, WEEK), PARAMETERS, self.programmes)
        self.region.live(self.region.everyone(), 0, WEEK)
        self.region.practice_state["spillover"] = 1.0
        self.start = self.region.people.copy()

    def live(
        self,
        change: Callable[[np.ndarray], None] = lambda people: None,
        enrol=True,
        services: np.ndarray | None = None,
        **effects: float,
    ) -> Week:
        """Live the week with these effects (all others 0; every ramp 1 week) after a change to people.

        ``services``: rows of the table of services (site 0).
        """
        self.region.offer(services)
        ramps = {"onset_weeks": 1.0, "decay_weeks": 1.0, "spillover_ramp_weeks": 1.0, "review_weeks": 13.0}
        self.programmes[:] = 0
        for name, value in ({"effects": 1.0} | ramps | effects).items():
            self.programmes[name] = value
        people = self.region.people
        people[:] = self.start
        if enrol:
            people["dose"], people["programme"], people["enrolled"] = 1.0, 0, WEEK
            people["discharged"], people["mdt_week"] = NEVER, NEVER
        change(people)
        waiting = people["waiting"].copy()
        tables = (SPELLS, APPOINTMENTS, ATTENDANCES, CONTACTS)
        used = [len(self.region.journal.written(table)) for table in tables]
        referred = self.region.practice_weeks["referred"][:, WEEK].sum()
        self.region.live(self.region.everyone(), WEEK, WEEK + 1)
        rows = [self.region.journal.written(t)[n:].copy() for t, n in zip(tables, used, strict=True)]
        more = int(self.region.practice_weeks["referred"][:, WEEK].sum() - referred)
        return Week(people.copy(), *rows, np.flatnonzero((waiting == 0) & (people["waiting"] == 1)), more)


def in_crisis(people: np.ndarray) -> None:
    """Put everyone into a flare near the end of life with three conditions: emergencies to count."""
    people["flare_until"], people["next_flare"] = WEEK + 4, NEVER
    people["death_week"] = WEEK + 10
    people["conditions"] |= 0b111


def in_treatment(people: np.ndarray) -> None:
    """Put everyone into a course of cancer treatment."""
    people["cancer_from"], people["cancer_until"] = WEEK - 2, WEEK + 8


def under_investigation(people: np.ndarray) -> None:
    """Put everyone into a work-up with a large propensity and off the waiting list: listings to count."""
    people["workup_until"] = WEEK + 4
    people["elective_propensity"] = 16.0
    people["waiting"] = 0


def under_follow_up(people: np.ndarray) -> None:
    """Have everyone due for a follow-up: appointments to count."""
    people["follow_ups"] = 1

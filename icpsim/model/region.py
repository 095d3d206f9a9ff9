"""A region: practices, hospitals, their people, and the journal of care; time passes in it when told to.

No decision of a programme is taken here (see model.py); this is the part that is the same with and without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.row_access import address
from icpsim.care.providers import HOSPITAL_STATE, HOSPITAL_WEEK, PRACTICE_STATE, PRACTICE_WEEK, PROGRAMME_STATE
from icpsim.care.rule_inputs_table import make_world
from icpsim.care.service_state import SERVICE_STATE
from icpsim.care.weekly_chances import forget_all
from icpsim.care.weekly_rates import RATES
from icpsim.model.parameters import ModelParameters
from icpsim.model.rates_of_people import rates_of
from icpsim.model.week import live
from icpsim.population.assemble_lists import build_people
from icpsim.population.draw_people import makings
from icpsim.population.practice_lists import ELSEWHERE, NO_PROGRAMME, Practice
from icpsim.records.journal import APPOINTMENTS, ATTENDANCES, CONTACTS, DEATHS, SPELLS, Journal, finished
from icpsim.records.schema import ENROLMENT, NEVER, PRACTICE, REGISTRATION, GPRecords, HospitalRecords


@dataclass(frozen=True, slots=True)
class Span:
    """How long a study lasts and whom it simulates: people at least ``youngest`` years old at week 0.

    ``thinned``: outside the pilots one person may stand for several (population/thinning.py).
    """

    weeks: int
    youngest: float
    programme_start: int
    thinned: bool = False


class Region:
    """People in columns, providers' weekly state and totals, and the records of their care."""

    def __init__(
        self,
        practices: Sequence[Practice],
        span: Span,
        parameters: ModelParameters,
        programmes: NDArray[np.void] | None = None,
        everyone_consults: bool = False,
        services: NDArray[np.void] | None = None,
    ) -> None:
        self.practices = tuple(practices)
        self.span = span
        rooms = parameters.rooms()
        made = build_people(practices, span.youngest, span.weeks, makings(rooms), span.thinned)
        self.people, self.practice_start = made.columns, made.practice_start
        self.stands_for = made.stands_for
        self.programmes = np.zeros(0, PROGRAMME_STATE) if programmes is None else programmes
        self.practice_state = _practice_state(practices, span)
        self.offer(services)
        self.hospital_state = np.ones(max(p.hospital for p in practices) + 1, HOSPITAL_STATE)
        self.practice_weeks = np.zeros((len(practices), span.weeks), PRACTICE_WEEK)
        self.hospital_weeks = np.zeros((len(self.hospital_state), span.weeks), HOSPITAL_WEEK)
        read = self.practice_state["read_by_programme"][self.people["practice"]]
        self.journal = Journal(len(self.people), span.weeks, int(read.sum()))
        self._world = make_world(rooms)
        self._rates = np.zeros(0, RATES)
        self._world["everyone_consults"] = everyone_consults

    def shadow(
        self, people: NDArray[np.void], programmes: NDArray[np.void], services: NDArray[np.void] | None = None
    ) -> Region:
        """Return a region in which only these people live, in the same practices, under these programmes.

        By default without services.
        Valid while nothing couples people: the same person with the same keys lives the same life.
        """
        other = object.__new__(Region)
        other.practices, other.span, other.practice_start = self.practices, self.span, self.practice_start
        other.people, other.programmes, other.stands_for = people, programmes, None
        other.practice_state = self.practice_state.copy()
        other.offer(services)
        other.hospital_state = self.hospital_state.copy()
        other.practice_weeks = np.zeros_like(self.practice_weeks)
        other.hospital_weeks = np.zeros_like(self.hospital_weeks)
        other.journal = Journal(len(people), self.span.weeks, len(people))
        other._world = self._world.copy()
        other._rates = np.zeros(0, RATES)
        return other

    def branch(self, programmes: NDArray[np.void], services: NDArray[np.void], pilots: int) -> Region:
        """Return a region of the first ``pilots`` people, copied as they are, for some of them to live again.

        Under these programmes and services, with an empty journal; nobody lives before being ``put_back``.
        """
        other = self.shadow(self.people[:pilots].copy(), programmes, services)
        other._rates = np.empty(pilots, RATES)
        return other

    def put_back(
        self, rows: NDArray[np.integer], people: NDArray[np.void], rates: NDArray[np.void] | None = None
    ) -> None:
        """Have people stand as they once stood, with the rates kept then (by default worked out anew)."""
        if rates is None:
            rates = np.zeros(len(rows), RATES)
            forget_all(rates)
        self.people[rows], self._rates[rows] = people, rates

    def copy(self, programmes: NDArray[np.void], services: NDArray[np.void]) -> Region:
        """Return a copy of everything, under these programmes and services, for going on in another way."""
        other = self.shadow(self.people.copy(), programmes, services)
        other.stands_for = self.stands_for
        other.practice_weeks, other.hospital_weeks = self.practice_weeks.copy(), self.hospital_weeks.copy()
        other.journal, other._rates = self.journal.copy(), self._rates.copy()
        return other

    def rates_of(self, people: NDArray[np.void], week: int) -> NDArray[np.void]:
        """Return the weekly rates of these people as of a week, by the rules and without changing anybody."""
        self._point()
        return rates_of(people, week, self._world)

    def offer(self, services: NDArray[np.void] | None) -> None:
        """Let practices have the services of their sites (rows of SERVICE_STATE, ordered by site)."""
        self.services = np.zeros(0, SERVICE_STATE) if services is None else services
        sites = [practice.site for practice in self.practices]
        first, last = (np.searchsorted(self.services["site"], sites, side) for side in ("left", "right"))
        self.practice_state["first_service"], self.practice_state["services"] = first, last - first

    def _point(self) -> None:
        w = self._world
        w["practices"] = address(self.practice_state)
        w["hospitals"] = address(self.hospital_state)
        w["programmes"] = address(self.programmes)
        w["services"] = address(self.services)
        w["programme_count"] = len(self.programmes)
        w["practice_weeks"] = address(self.practice_weeks)
        w["hospital_weeks"] = address(self.hospital_weeks)
        w["weeks"] = self.span.weeks

    def read_everyone(self) -> None:
        """Have GP contacts of everyone written, not only of people whose practice a programme reads.

        Before anybody lives. It changes nobody's life and no hospital record.
        """
        self.practice_state["read_by_programme"] = 1
        self.journal = Journal(len(self.people), self.span.weeks, len(self.people))

    def keep_rates(self, people: int) -> None:
        """Keep the weekly rates of the first ``people`` rows between calls of ``live`` with ``keep``.

        64 bytes a person more, and much sooner done when a life is lived a few weeks at a time.
        """
        self._rates = np.zeros(people, RATES)
        forget_all(self._rates)

    def kept_rates(self) -> NDArray[np.void]:
        """Return a copy of the rates kept by now."""
        return self._rates.copy()

    def live(self, rows: NDArray[np.int64], from_week: int, to_week: int, keep: bool = False) -> None:
        """Let the people in these rows live the weeks from ``from_week`` up to ``to_week``.

        ``keep`` goes on with the rates that ``keep_rates`` has kept: for callers that changed nobody's health.
        """
        rates = self._rates if keep else np.zeros(1, RATES)
        self._point()
        w = self._world
        done = 0
        while done < len(rows):
            self.journal.open(w)
            done = live(self.people, rates, rows, done, (from_week, to_week), w)
            self.journal.close(w, to_week - from_week)

    def everyone(self) -> NDArray[np.int64]:
        """Return every person's row number."""
        return np.arange(len(self.people))

    def people_of(self, practice: int) -> NDArray[np.int64]:
        """Return the row numbers of one practice's people."""
        return np.arange(self.practice_start[practice], self.practice_start[practice + 1])

    def hospital_records(self, last: bool = False) -> HospitalRecords:
        """Return the HES-shaped tables of everything that has happened so far, ordered by person.

        ``last``: nobody lives on, so that the journal itself may be put in order and need not be copied.
        """
        if last:
            self.journal.unmark()

        def read(table: int) -> NDArray[np.void]:
            return finished(self.journal.written(table), len(self.people), in_place=last)

        return HospitalRecords(
            weeks=self.span.weeks,
            registrations=self.registrations(),
            practices=self.practice_table(),
            spells=read(SPELLS),
            outpatient=read(APPOINTMENTS),
            ae=read(ATTENDANCES),
            deaths=read(DEATHS),
            enrolments=self.enrolments(),
        )

    def open_records(self, since: int = 0, registrations: NDArray[np.void] | None = None) -> HospitalRecords:
        """Return the events as they lie in the journal, unordered and uncopied, with no enrolments.

        Events before week ``since`` may be missing; ``registrations`` (by default everyone's) must hold all who
        have any.
        """
        written = self.journal.written
        return HospitalRecords(
            weeks=self.span.weeks,
            registrations=self.registrations() if registrations is None else registrations,
            practices=self.practice_table(),
            spells=written(SPELLS, since),
            outpatient=written(APPOINTMENTS, since),
            ae=written(ATTENDANCES, since),
            deaths=written(DEATHS, since),
        )

    def gp_records(self, since: int = 0, people: int | None = None, ordered: bool = False) -> GPRecords:
        """Return what GP systems hold (of the first ``people``, who must be all who have contacts).

        Contacts stand in the order of writing; those before week ``since`` may be missing. ``ordered``: by
        person, in the journal itself, when nobody lives on.
        """
        registered = self.people["registered_conditions"][:people].copy()
        contacts = self.journal.written(CONTACTS, since)
        if ordered:
            contacts = finished(contacts, len(self.people), in_place=True)
        return GPRecords(contacts, registered)

    def registrations(self, people: int | None = None) -> NDArray[np.void]:
        """Return the register: one row a person (of the first ``people``), ended by death."""
        there = self.people[:people]
        table = np.empty(len(there), REGISTRATION)
        for name in ("practice", "birth_week", "sex", "imd"):
            table[name] = there[name]
        table["stands_for"] = 1 if self.stands_for is None else self.stands_for[:people]
        table["from_week"] = np.maximum(there["birth_week"], 0)
        died = there["death_week"] < self.span.weeks
        table["to_week"] = np.where(died, there["death_week"], NEVER)
        return table

    def practice_table(self) -> NDArray[np.void]:
        """Return one row a practice: its site (ELSEWHERE outside the pilots) and hospital."""
        table = np.empty(len(self.practices), PRACTICE)
        table["site"] = [practice.site for practice in self.practices]
        table["hospital"] = [practice.hospital for practice in self.practices]
        return table

    def enrolments(self) -> NDArray[np.void]:
        """Return one row an enrolled person, in order of person."""
        rows = np.flatnonzero(self.people["enrolled"] < NEVER)
        table = np.empty(len(rows), ENROLMENT)
        table["person"] = rows
        table["week"] = self.people["enrolled"][rows]
        table["site"] = self.practice_table()["site"][self.people["practice"][rows]]
        table["discharged"] = self.people["discharged"][rows]
        return table


def _practice_state(practices: Sequence[Practice], span: Span) -> NDArray[np.void]:
    state = np.zeros(len(practices), PRACTICE_STATE)
    state["hospital"] = [practice.hospital for practice in practices]
    state["programme"] = [practice.programme for practice in practices]
    state["read_by_programme"] = [practice.programme != NO_PROGRAMME for practice in practices]
    state["programme_start"] = span.programme_start
    state["access"] = 1.0
    return state


__all__ = ["ELSEWHERE", "Region", "Span"]

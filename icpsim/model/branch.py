"""Models that begin where a shared past ends, or live only those whom their scenario touches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.region import Region, Span
from icpsim.model.without_programme import Untouched, may_be_replaced
from icpsim.programme.targeting import Candidates
from icpsim.programme.team_view import Sight, known_of, seen_at, sight_of
from icpsim.records.schema import GPRecords, HospitalRecords
from icpsim.scenario.schema import Scenario


class Branch(IntegratedCareModel):
    """A scenario on a shared past without capacity feedback: only the people it touches live again.

    Touched are those who are enrolled, from when they are, and those one of whose visits spill-over may
    replace, from when it may. Others keep the life they have without the programme. Its region and ``patients``
    hold pilot people only; weekly totals of providers are not kept, and there is no stepping.
    """

    def __init__(self, past: Untouched, scenario: Scenario, **options: Any) -> None:
        self.untouched = past
        super().__init__(scenario, **options)
        self.tool = past.tool
        self._touched = np.zeros(len(past.initial), np.bool_)
        self._ever_enrolled = self.region.people["enrolled"] < self.icp_scenario.study.weeks
        self._lists_week = self.programme_start
        self._alive = np.zeros(len(past.initial), np.bool_)
        self._seen = next(iter(past.sights.values())).copy()

    def close(self) -> None:
        """Let go of people and records, and of the past that others may still share."""
        super().close()
        for name in ("untouched", "_seen", "_touched", "_ever_enrolled", "_alive"):
            delattr(self, name)

    def step(self) -> None:
        """Refuse: a branch has no week in which everybody lives. Raises RuntimeError."""
        raise RuntimeError("a branch is run, not stepped; step the model of the scenario itself")

    def look(self, week: int) -> Sight:
        """Return what teams see this week: as without the programme, but for people it has touched."""
        if self._sight is None or self._sight[0] != week:
            self._lists_live(week)
            rows = self.touched()
            own = sight_of(self.region.people, rows, self.scores(rows, week), week)
            self._seen.become(self.untouched.sights[week])
            self._seen.change(rows, own)
            self._alive = self.region.people["death_week"] > week
            self._sight = week, self._seen
        return self._sight[1]

    def candidates(self, rows: NDArray[np.int64], week: int) -> Candidates:
        """Return the people of these rows who may be enrolled this week, as teams see them."""
        seen, listed = self.look(week), self.untouched.lists[week]
        may = np.zeros(len(self._touched), np.bool_)
        may[rows] = self._alive[rows] & ~self._ever_enrolled[rows]
        at = np.flatnonzero(may[listed.person])
        person = listed.person[at].astype(np.int64)
        known = {**seen_at(seen, person), **known_of(self.region.people, person, week)}
        return Candidates(person=person, noise=listed.noise[at], chance=listed.chance[at], **known)

    def registered(self) -> NDArray[np.void]:
        """Return the register of pilot people; nobody else lives again."""
        return self.untouched.records.registrations[: len(self._touched)]

    def touched(self) -> NDArray[np.int64]:
        """Return the rows of the people whom the programme has touched."""
        return np.flatnonzero(self._touched)

    def take_on(self, rows: NDArray[np.int64]) -> None:
        """Have people who were not touched before go on from the programme's start, up to now."""
        self._lists_live(self.week)
        self._go_on_from_start(rows[~self._touched[rows]], self.week)
        self._ever_enrolled[rows] = True

    def teams_work(self) -> None:
        """Let teams work; before their work spills over otherwise than until now, lists live up to now."""
        spills = self.region.practice_state["spillover"]
        before = spills.copy()
        super().teams_work()
        if (spills != before).any():
            now = spills.copy()
            spills[:] = before
            self._lists_live(self.week)
            spills[:] = now

    def run(self, progress: Callable[[int, int], None] = lambda *_: None) -> None:
        """Live the programme's weeks of those whom it touches."""
        self.week = self.programme_start
        if self.fixed_enrolments:
            self._take_up_enrolled()
        self._decide_and_live(progress)
        self._lists_live(self.week)
        self.running = False

    def records(self) -> HospitalRecords:
        """Return the HES-shaped records of everybody: those touched as they lived now, others as before."""
        before, own = self.untouched.records, self.region.hospital_records(last=not self.running)
        pilots = len(self._touched)
        spells, outpatient, ae, deaths, _ = self.untouched.start.written
        return HospitalRecords(
            weeks=before.weeks,
            registrations=np.concatenate([own.registrations, before.registrations[pilots:]]),
            practices=before.practices,
            spells=spells.with_replaced(self._touched, own.spells),
            outpatient=outpatient.with_replaced(self._touched, own.outpatient),
            ae=ae.with_replaced(self._touched, own.ae),
            deaths=deaths.with_replaced(self._touched, own.deaths),
            enrolments=own.enrolments,
            allocations=self.allocated(),
        )

    def gp_records(self) -> GPRecords:
        """Return what GP systems hold at the end: of those touched as they lived now, of others as before."""
        own = self.region.gp_records(ordered=True)
        contacts = self.untouched.start.written[-1].with_replaced(self._touched, own.contacts)
        registered = self.untouched.gp.registered_conditions.copy()
        registered[: len(own.registered_conditions)] = own.registered_conditions
        return GPRecords(contacts, registered)

    def _pilots_at_start(self) -> NDArray[np.void]:
        return self.untouched.initial

    def _make_region(self, span: Span, programmes: NDArray[np.void], services: NDArray[np.void]) -> Region:
        return self.untouched.region.branch(programmes, services, len(self.untouched.initial))

    def _pilots_live(self, until: int) -> None:
        self.region.live(np.flatnonzero(self._ever_enrolled), self.week, until, keep=True)

    def _lists_live(self, until: int) -> None:
        """Let those live whom only spill-over touches: in one go while it stays as it is and nobody looks."""
        if until > self._lists_week:
            found = self._touched_by_spillover(until) & ~self._touched
            self._go_on_from_start(np.flatnonzero(found), self._lists_week)
            rows = np.flatnonzero(self._touched & ~self._ever_enrolled)
            self.region.live(rows, self._lists_week, until, keep=True)
            self._lists_week = until

    def _touched_by_spillover(self, until: int) -> NDArray[np.bool_]:
        return may_be_replaced(self.untouched, self.region, self._lists_week, until)

    def _go_on_from_start(self, rows: NDArray[np.int64], until: int) -> None:
        """Have people live from the programme's start as they did without it, their records included."""
        start = self.untouched.start
        self._put_back(rows, start.people[rows], start.rates[rows])
        for table, past in enumerate(start.written):
            self.region.journal.take_over(table, past.before(rows))
        spills = self.region.practice_state["spillover"]
        now = spills.copy()
        spills[:] = 0.0
        self.region.live(rows, self.programme_start, until, keep=True)
        spills[:] = now

    def _take_up_enrolled(self) -> None:
        """Take on those whose enrolment is fixed; those enrolled before the programme started from week 0."""
        early = self._ever_enrolled & (self.region.people["enrolled"] < self.week)
        self._go_on_from_start(np.flatnonzero(self._ever_enrolled & ~early), self.week)
        rows = np.flatnonzero(early)
        self._put_back(rows, self.untouched.initial[rows])
        self.region.live(rows, 0, self.week, keep=True)

    def _put_back(
        self, rows: NDArray[np.int64], then: NDArray[np.void], rates: NDArray[np.void] | None = None
    ) -> None:
        """Have people stand as they did, but for their enrolment."""
        for name in ("enrolled", "discharged", "programme"):
            then[name] = self.region.people[name][rows]
        self.region.put_back(rows, then, rates)
        self._touched[rows] = True


class CoupledBranch(IntegratedCareModel):
    """A scenario with capacity feedback that goes on from a copy of everybody at the programme's start."""

    def __init__(self, past: IntegratedCareModel, scenario: Scenario, **options: Any) -> None:
        self._past = past
        super().__init__(scenario, **options)
        self.tool, self._sight = past.tool, past._sight
        self.week, self.steps = past.week, past.steps
        self._rates_are_kept = True
        for own, theirs in zip(self.hospitals, past.hospitals, strict=True):
            own.beds, own.social_care_nights = theirs.beds, theirs.social_care_nights
            own.delay_factors = theirs.delay_factors.copy()
        for practice, before in zip(self.practice_agents, past.practice_agents, strict=True):
            practice.appointments = before.appointments
        self.datacollector = _copy_of(past.datacollector, self.datacollector)

    def twin(self, enrolments: NDArray[np.void]) -> IntegratedCareModel:
        """Return the same branch with these enrolments and no effects, still to be run."""
        return CoupledBranch(
            self._past,
            self.icp_scenario,
            seed=self.seed,
            replicate=self.replicate,
            enrolments=enrolments,
            effects=False,
        )

    def _pilots_at_start(self) -> NDArray[np.void]:
        return self._past.pilots_at_start

    def _make_region(self, span: Span, programmes: NDArray[np.void], services: NDArray[np.void]) -> Region:
        return self._past.region.copy(programmes, services)


def _copy_of(past: Any, new: Any) -> Any:
    """Let a data collector begin with the series that another has collected."""
    for name, values in past.model_vars.items():
        new.model_vars[name] = list(values)
    new._agenttype_records = {week: dict(records) for week, records in past._agenttype_records.items()}
    return new

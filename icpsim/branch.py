"""Models that begin where a shared past ends, or live only those whom their scenario touches."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.model import IntegratedCareModel
from icpsim.records.schema import HospitalRecords
from icpsim.records.tables import with_people_replaced
from icpsim.region import Region, Span
from icpsim.scenario import Scenario
from icpsim.sight import Sight, sight_of
from icpsim.untouched import Untouched, may_be_replaced


class Branch(IntegratedCareModel):
    """A scenario on a shared past without capacity feedback: only the people it touches live again.

    Touched are those who are enrolled, from when they are, and those one of whose visits spill-over may
    replace. Others keep the life they have without the programme. Its region and ``patients`` hold pilot
    people only; weekly totals of providers are not kept, and there is no stepping.
    """

    def __init__(self, past: Untouched, scenario: Scenario, **options: Any) -> None:
        self.untouched = past
        super().__init__(scenario, **options)
        self.tool = past.tool
        self._touched = np.zeros(len(past.initial), np.bool_)
        self._seen = next(iter(past.sights.values())).copy()

    def step(self) -> None:
        """Refuse: a branch has no week in which everybody lives. Raises RuntimeError."""
        raise RuntimeError("a branch is run, not stepped; step the model of the scenario itself")

    def look(self, week: int) -> Sight:
        """Return what teams see this week: as without the programme, but for people it has touched."""
        if self._sight is None or self._sight[0] != week:
            rows = self.touched()
            own = sight_of(self.region.people, rows, self.scores(rows, week), week)
            self._seen.become(self.untouched.sights[week])
            self._seen.change(rows, own)
            self._sight = week, self._seen
        return self._sight[1]

    def registered(self) -> NDArray[np.void]:
        """Return the register of pilot people; nobody else lives again."""
        return self.untouched.records.registrations[: len(self._touched)]

    def touched(self) -> NDArray[np.int64]:
        """Return the rows of the people whom the programme has touched."""
        return np.flatnonzero(self._touched)

    def take_on(self, rows: NDArray[np.int64]) -> None:
        """Have people who were not touched before live their past again, up to now."""
        self._relive(rows[~self._touched[rows]], self.week)

    def run(self, progress: Callable[[int, int], None] = lambda *_: None) -> None:
        """Live the programme's weeks of those whom it touches."""
        self.week = self.programme_start
        self._relive(np.flatnonzero(self._touched_by_spillover()), self.week)
        if self.fixed_enrolments:
            self._relive(self._enrolled_from_the_start(), self.week)
        weeks = self.scenario.study.weeks
        while self.week < weeks:
            progress(self.week, weeks)
            self.teams_enrol()
            self.teams_work()
            until = self.next_decision()
            self.region.live(self.touched(), self.week, until, keep=True)
            self.week = until
        self.running = False

    def records(self) -> HospitalRecords:
        """Return the HES-shaped records of everybody: those touched as they lived now, others as before."""
        before, own = self.untouched.records, self.region.hospital_records()
        pilots = len(self._touched)
        everyone = np.concatenate([own.registrations, before.registrations[pilots:]])
        own = dataclasses.replace(own, registrations=everyone)
        return with_people_replaced(before, self.touched(), own)

    def _pilots_at_start(self) -> NDArray[np.void]:
        return self.untouched.initial

    def _make_region(self, span: Span, programmes: NDArray[np.void]) -> Region:
        return self.untouched.region.branch(programmes, len(self.untouched.initial))

    def _relive(self, rows: NDArray[np.int64], until: int) -> None:
        people = self.region.people
        enrolment = {name: people[name][rows] for name in ("enrolled", "discharged", "programme")}
        people[rows] = self.untouched.initial[rows]
        for name, values in enrolment.items():
            people[name][rows] = values
        self._touched[rows] = True
        self.region.live(rows, 0, until, keep=True)

    def _touched_by_spillover(self) -> NDArray[np.bool_]:
        """Return whose visits the strongest and soonest spill-over of any programme may replace."""
        g = self.region.programmes
        share = float((g["outpatient_spillover"] * g["effects"]).max())
        return may_be_replaced(self.untouched, self.programme_start, share, float(g["spillover_ramp_weeks"].min()))

    def _enrolled_from_the_start(self) -> NDArray[np.int64]:
        people = self.region.people[: len(self._touched)]
        return np.flatnonzero((people["enrolled"] < self.scenario.study.weeks) & ~self._touched)


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
        for practice, before in zip(self.practice_agents, past.practice_agents, strict=True):
            practice.appointments = before.appointments
        self.datacollector = _copy_of(past.datacollector, self.datacollector)

    def twin(self, enrolments: NDArray[np.void]) -> IntegratedCareModel:
        """Return the same branch with these enrolments and no effects, still to be run."""
        return CoupledBranch(
            self._past,
            self.scenario,
            seed=self.seed,
            replicate=self.replicate,
            enrolments=enrolments,
            effects=False,
        )

    def _pilots_at_start(self) -> NDArray[np.void]:
        return self._past.pilots_at_start

    def _make_region(self, span: Span, programmes: NDArray[np.void]) -> Region:
        return self._past.region.copy(programmes)


def _copy_of(past: Any, new: Any) -> Any:
    """Let a data collector begin with the series that another has collected."""
    for name, values in past.model_vars.items():
        new.model_vars[name] = list(values)
    new._agenttype_records = {week: dict(records) for week, records in past._agenttype_records.items()}
    return new

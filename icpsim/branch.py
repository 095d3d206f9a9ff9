"""Models that begin where a shared past ends, or live only those whom their scenario touches."""

from __future__ import annotations

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
from icpsim.untouched import Untouched


class Branch(IntegratedCareModel):
    """A scenario on a shared past without capacity feedback: only the people it touches live again.

    Touched are those who are enrolled, from when they are, and those one of whose visits spill-over may
    replace. Others keep the life they have without the programme. Weekly totals of providers are not kept,
    and there is no stepping.
    """

    def __init__(self, past: Untouched, scenario: Scenario, **options: Any) -> None:
        self.untouched = past
        super().__init__(scenario, **options)
        self.tool = past.tool
        self.pilots_at_start = past.initial
        self._touched = np.zeros(len(past.initial), np.bool_)

    def step(self) -> None:
        """Refuse: a branch has no week in which everybody lives. Raises RuntimeError."""
        raise RuntimeError("a branch is run, not stepped; step the model of the scenario itself")

    def look(self, week: int) -> Sight:
        """Return what teams see this week: as without the programme, but for people it has touched."""
        if self._sight is None or self._sight[0] != week:
            rows, seen = self.touched(), self.untouched.sights[week]
            own = sight_of(self.region.people[rows], self.scores(rows, week), week)
            self._sight = week, seen.with_changes(rows, own)
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
        self._relive(np.flatnonzero(self.untouched.least_draws < self._most_replaced()), self.week)
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
        return with_people_replaced(self.untouched.records, self.touched(), self.region.hospital_records())

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

    def _most_replaced(self) -> float:
        """Return the most that spill-over can replace of a visit of somebody who is not enrolled."""
        programmes = self.region.programmes
        return float((programmes["outpatient_spillover"] * programmes["effects"]).max())

    def _enrolled_from_the_start(self) -> NDArray[np.int64]:
        people = self.region.people[: len(self._touched)]
        return np.flatnonzero((people["enrolled"] < self.scenario.study.weeks) & ~self._touched)


class CoupledBranch(IntegratedCareModel):
    """A scenario with capacity feedback that goes on from a copy of everybody at the programme's start."""

    def __init__(self, past: IntegratedCareModel, scenario: Scenario, **options: Any) -> None:
        self._past = past
        super().__init__(scenario, **options)
        self.tool, self._sight = past.tool, past._sight
        self.pilots_at_start = past.pilots_at_start
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

    def _make_region(self, span: Span, programmes: NDArray[np.void]) -> Region:
        return self._past.region.copy(programmes)


def _copy_of(past: Any, new: Any) -> Any:
    """Let a data collector begin with the series that another has collected."""
    for name, values in past.model_vars.items():
        new.model_vars[name] = list(values)
    new._agenttype_records = {week: dict(records) for week, records in past._agenttype_records.items()}
    return new

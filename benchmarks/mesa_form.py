"""The engine against the same rules called one Mesa agent at a time, and the proof that both do the same.

The Mesa form is what a Mesa modeller with our compiled rules would write: one ``mesa.Agent`` a patient, whose
``step`` lives one week by calling the compiled scalar rule ``live_week`` for its own row. It keeps each person's
rates between weeks, so it never works out more than the engine does; its cost is Mesa's loop and one call from
Python to compiled code a person-week. Rules that are themselves interpreted would be slower still.
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from benchmarks.country import as_new, live, make_region
from benchmarks.rows import Row, at_least, plain
from benchmarks.timing import BenchmarkError, median_cpu, timed
from icpsim.base.compiled import rule
from icpsim.care.weekly_chances import forget
from icpsim.care.weekly_rates import RATES
from icpsim.model.region import Region
from icpsim.model.week import live_week
from icpsim.records.journal import has_room, write_death
from icpsim.records.schema import HospitalRecords

GOAL = 150.0
PEOPLE = 50_000
WEEKS = 52
TABLES = ("registrations", "spells", "outpatient", "ae", "deaths")


@rule
def forget_all(rates: NDArray[np.void]) -> None:
    """Have everybody's rates worked out in the first week."""
    for i in range(len(rates)):
        forget(rates[i])


@rule
def live_one_week(
    people: NDArray[np.void], rates: NDArray[np.void], person: int, week: int, world: NDArray[np.void]
) -> bool:
    """Live one week of one person; False, and nothing done, when the journal is full."""
    w = world[0]
    if not has_room(w, 1):
        return False
    p = people[person]
    if p.birth_week <= week < p.death_week:
        live_week(p, rates[person], person, week, w)
    if p.death_week == week and p.birth_week <= week:
        write_death(w, person, week)
    return True


class PatientAgent(mesa.Agent):  # type: ignore[misc]
    """One patient as one Mesa agent."""

    def __init__(self, model: PatientByPatient, row: int) -> None:
        super().__init__(model)
        self.row = row

    def step(self) -> None:
        """Live this week."""
        model = self.model
        if not live_one_week(model.people, model.rates, self.row, model.week, model.world):
            model.lengthen_journal()
            live_one_week(model.people, model.rates, self.row, model.week, model.world)


class PatientByPatient(mesa.Model):  # type: ignore[misc]
    """A region whose patients are Mesa agents; it shares the region's people, providers and journal."""

    def __init__(self, region: Region) -> None:
        super().__init__(rng=1)
        self.region = region
        self.people = region.people
        self.rates = np.zeros(len(region.people), RATES)
        forget_all(self.rates)
        self.world: NDArray[np.void] = region._world
        self.week = 0
        region._point()
        region.journal.open(self.world)
        PatientAgent.create_agents(self, len(region.people), list(range(len(region.people))))

    def step(self) -> None:
        """Live one week of everybody, in order of rows."""
        self.agents.do("step")
        self.week += 1

    def lengthen_journal(self) -> None:
        """Note what is written and make room for more."""
        self.region.journal.close(self.world, 1)
        self.region.journal.open(self.world)

    def finish(self) -> HospitalRecords:
        """Return the records of all that was lived."""
        self.lengthen_journal()
        return self.region.hospital_records()


def patient_by_patient(region: Region) -> PatientByPatient:
    """Live the region's whole span with one Mesa agent a patient."""
    model = PatientByPatient(region)
    for _ in range(region.span.weeks):
        model.step()
    return model


def differing_tables(a: HospitalRecords, b: HospitalRecords) -> list[str]:
    """Return the names of record tables that are not the same, column by column, byte for byte."""

    def same(x: NDArray[Any], y: NDArray[Any]) -> bool:
        return len(x) == len(y) and all(x[name].tobytes() == y[name].tobytes() for name in x.dtype.names)

    return [name for name in TABLES if not same(getattr(a, name), getattr(b, name))]


def compare(people: int = PEOPLE, weeks: int = WEEKS) -> list[Row]:
    """Time both forms on the same people and weeks; raises BenchmarkError when their records differ."""
    fresh = make_region(people, weeks)
    _compile(fresh)
    before = median_cpu(live, lambda: as_new(fresh))
    model = PatientByPatient(as_new(fresh))
    _, by_agent = timed(lambda: [model.step() for _ in range(weeks)])
    engine = as_new(fresh)
    live(engine)
    different = differing_tables(model.finish(), engine.hospital_records())
    if different:
        raise BenchmarkError(f"engine and Mesa agents differ in {', '.join(different)}")
    by_engine = (before + median_cpu(live, lambda: as_new(fresh))) / 2
    person_weeks = len(fresh.people) * weeks
    loop = _empty_loop(len(fresh.people))
    size = f"{len(fresh.people):,} people, {weeks} weeks; records equal byte for byte; compiled rules in both"
    return [
        at_least("engine against one Mesa agent a patient (times faster)", by_agent / by_engine, GOAL, size),
        plain("engine (ns a person-week)", by_engine / person_weeks * 1e9),
        plain("one Mesa agent a patient (ns a person-week)", by_agent / person_weeks * 1e9),
        plain("of which Mesa's loop over empty steps (ns a person-week)", loop * 1e9),
    ]


def _compile(region: Region) -> None:
    """Compile both forms on this region's own types: numba finds its compiled code slowly by equal ones."""
    live(as_new(region))
    model = PatientByPatient(as_new(region))
    for agent in list(model.agents)[:10]:
        agent.step()


class _Idle(mesa.Agent):  # type: ignore[misc]
    def step(self) -> None:
        """Do nothing."""


def _empty_loop(agents: int, weeks: int = 5) -> float:
    """Return CPU seconds an agent and week of a Mesa model in which nothing happens."""
    model = mesa.Model(rng=1)
    _Idle.create_agents(model, agents)
    return timed(lambda: [model.agents.do("step") for _ in range(weeks)])[1] / agents / weeks


def figures(quick: bool) -> list[Row]:
    """Return this family's rows; quick ones are smaller."""
    return compare(weeks=26 if quick else WEEKS)

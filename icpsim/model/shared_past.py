"""One replicate's past, lived once and shared by every scenario that has the same past.

Without capacity feedback a programme changes nobody but those it enrols (and, by list-wide spill-over, those
whose visits it replaces): everybody else's life is that of a world without the programme. ``History`` lives
that world once; ``branch`` lives again only whom a scenario touches, and gives the records of a full run, byte
for byte. With capacity feedback everyone is coupled from the programme's start, so the history ends there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from icpsim.care.weekly_rates import RATES
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.pool_cache import PoolMemory
from icpsim.model.branch import Branch, CoupledBranch
from icpsim.model.integrated_care import WAVE_WEEKS, IntegratedCareModel
from icpsim.model.parameters import load_parameters
from icpsim.model.without_programme import Listed, ProgrammeStart, Untouched, visits_from, written_before
from icpsim.population.patients import PATIENT
from icpsim.population.practice_lists import Practice
from icpsim.programme.team_view import Sight, candidates
from icpsim.records.schema import ENROLMENT, NEVER, GPRecords, HospitalRecords
from icpsim.scenario.schema import Scenario

TABLES_OF_THE_PAST = (
    "population",
    "prevalence",
    "health",
    "deaths",
    "primary_care",
    "emergency",
    "outpatient",
    "elective",
    "cancer",
    "repeat_day_care",
    "capacity",
    "prices",
)
"""Parameter tables that a programme-free life, its risk scores or its prices depend on."""


class HistoryError(ValueError):
    """A scenario has another past than the history it is to branch from."""


def differences(a: Scenario, b: Scenario) -> list[str]:
    """Return what is not the same in the pasts of two scenarios, one phrase each; [] when they can be shared."""
    found = [name for name in ("study", "population", "capacity_feedback") if getattr(a, name) != getattr(b, name)]
    if a.capacity_feedback and a.supply != b.supply:
        found.append("supply")
    if [programme.sites for programme in a.programmes] != [programme.sites for programme in b.programmes]:
        found.append("sites")
    ours, theirs = (load_parameters(scenario.parameters).tables for scenario in (a, b))
    for name, parameter in ours.parameters.items():
        if parameter.table in TABLES_OF_THE_PAST and ours.value(name) != theirs.value(name):
            found.append(f"parameter {name}")
    return found


class _WithoutProgramme(IntegratedCareModel):
    """A model in which nobody is ever enrolled, and which remembers what teams would have seen."""

    def __init__(self, scenario: Scenario, seed: int, replicate: int) -> None:
        nobody = np.empty(0, ENROLMENT)
        super().__init__(scenario, seed, replicate, enrolments=nobody, effects=False)
        self.sights: dict[int, Sight] = {}
        self.lists: dict[int, Listed] = {}
        self.at_start = np.empty(0, PATIENT), np.empty(0, RATES)

    def teams_enrol(self) -> None:
        """Look at the lists as a team would, and enrol nobody."""
        since = self.week - self.programme_start
        if since == 0 and not self.icp_scenario.capacity_feedback:
            self.at_start = self.region.people[: len(self.pilot_people)].copy(), self.region.kept_rates()
        if 0 <= since < self.icp_scenario.study.programme_weeks and since % WAVE_WEEKS == 0:
            self.sights[self.week] = self.look(self.week)
            self.lists[self.week] = self._listed()

    def _listed(self) -> Listed:
        """Return whom a team might enrol this week were everybody alive, with the draws of targeting."""
        people = self.region.people[self.pilot_people]
        people["death_week"] = NEVER
        found = candidates(
            people, self.pilot_people, self.look(self.week), self.week, self.icp_scenario.study.min_age
        )
        return Listed(found.person.astype(np.int32), found.noise, found.chance)


class History:
    """The past of one replicate: build it once, then ``branch`` as often as there are scenarios.

    ``records`` and ``gp_records`` are those of the world without the programme (without capacity feedback
    only). ``pool`` keeps what an evaluation learns about the pool of controls, which no programme touches.
    ``everyones_gp_records``: GP contacts are on record outside the pilots too, for designs that read them.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        replicate: int,
        progress: Callable[[int, int], None] = lambda *_: None,
        everyones_gp_records: bool = False,
    ) -> None:
        self.scenario, self.seed, self.replicate = scenario, seed, replicate
        self.pool = PoolMemory()
        self._model = _WithoutProgramme(scenario, seed, replicate)
        if everyones_gp_records:
            self._model.region.read_everyone()
        self._untouched: Untouched | None = None
        if scenario.capacity_feedback:
            while self._model.week < self._model.programme_start:
                progress(self._model.week, self._model.programme_start)
                self._model.step()
            self._model.teams_enrol()
        else:
            self._model.run(progress)
            self._untouched = self._without_programme()

    @property
    def records(self) -> HospitalRecords:
        """Return the records of the world without the programme. Raises HistoryError with capacity feedback."""
        return self._lives().records

    @property
    def gp_records(self) -> GPRecords:
        """Return the GP records of the same world. Raises HistoryError with capacity feedback."""
        return self._lives().gp

    @property
    def practices(self) -> tuple[Practice, ...]:
        """Return the practices, those of the pilots first."""
        return self._model.region.practices

    @property
    def prices(self) -> Prices:
        """Return the prices in force."""
        return self._model.parameters.prices

    @property
    def people_at_start(self) -> NDArray[np.void]:
        """Return pilot people as they stand when the programme starts (columns; not to be written to)."""
        if self._untouched is None:
            return self._model.region.people[: len(self._model.pilot_people)]
        return self._untouched.start.people

    def branch(
        self, scenario: Scenario, effects: bool = True, enrolments: NDArray[np.void] | None = None
    ) -> IntegratedCareModel:
        """Return a model of this scenario whose past is this one, still to be run.

        Arguments as for ``IntegratedCareModel``. Raises HistoryError naming what is not the same in the pasts.
        """
        differ = differences(self.scenario, scenario)
        if differ:
            raise HistoryError(
                f"{scenario.scenario} has another past than {self.scenario.scenario}: {', '.join(differ)}"
            )
        options = {"seed": self.seed, "replicate": self.replicate, "effects": effects, "enrolments": enrolments}
        if self._untouched is None:
            return CoupledBranch(self._model, scenario, **options)
        return Branch(self._untouched, scenario, **options)

    def close(self) -> None:
        """Let go of people and records, as a model's ``close`` does. The history cannot be used afterwards."""
        self._model.close()
        self._model.sights, self._model.lists = {}, {}
        self._model.at_start = np.empty(0, PATIENT), np.empty(0, RATES)
        self._untouched, self.pool = None, PoolMemory()

    def _lives(self) -> Untouched:
        if self._untouched is None:
            raise HistoryError("with capacity feedback a history ends at the programme's start")
        return self._untouched

    def _without_programme(self) -> Untouched:
        model, start, pilots = self._model, self._model.programme_start, len(self._model.pilot_people)
        records, gp = model.records(), model.region.gp_records(ordered=True)
        people, rates = model.at_start
        visits = visits_from(records.outpatient, people, start)
        return Untouched(
            region=model.region,
            records=records,
            gp=gp,
            initial=model.pilots_at_start,
            start=ProgrammeStart(people, rates, written_before(records, gp, pilots, start)),
            sights=model.sights,
            lists=model.lists,
            tool=model.tool,
            visits=visits,
            week_starts=np.searchsorted(visits["week"], np.arange(self.scenario.study.weeks + 1)),
        )

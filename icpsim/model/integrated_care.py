"""The agent-based model: practices, teams and hospitals as Mesa agents, patients in columns, week by week.

``step`` lives one week of everybody, in the order of icpsim/model/weekly_plan.py. ``run`` gives the same records
sooner: where nothing couples people it lives many weeks of a person at a time, stopping only when a team decides.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.features import LOOK_BACK
from icpsim.model.gp_practice import GPPractice
from icpsim.model.hospital import Hospital
from icpsim.model.mesa_scenario import arguments_of, is_mesas
from icpsim.model.parameters import ModelParameters, load_parameters
from icpsim.model.region import ELSEWHERE, Region, Span
from icpsim.model.setup import make_practices, programme_states, quotas, service_states
from icpsim.model.weekly_plan import methods
from icpsim.population.patients import Patients
from icpsim.programme.allocation import Allocations
from icpsim.programme.community_team import CommunityTeam
from icpsim.programme.risk_list import RiskList
from icpsim.programme.risk_tool import RiskTool, Scores, learn_tool, score
from icpsim.programme.schema import WAVE_WEEKS, Programme
from icpsim.programme.targeting import Candidates
from icpsim.programme.team_view import Sight, candidates, sight_of
from icpsim.records.schema import GPRecords, HospitalRecords
from icpsim.scenario.schema import Scenario, load


class IntegratedCareModel(mesa.Model):  # type: ignore[misc]
    """One replicate of one scenario.

    ``enrolments`` fixes who is enrolled and when (a table of the records), so that the same people can be
    followed in a world without effects. ``settings`` are ``key=value`` changes to the scenario. ``seed`` is the
    scenario's own if none is given. ``rng`` is Mesa's name for it: a whole number is the seed, and from anything
    else that Mesa takes (a generator, a SeedSequence) a seed is drawn.

    ``icp_scenario`` is the scenario that is simulated. ``scenario`` is Mesa's (from 3.5 on): one of Mesa's that is
    given as ``scenario`` carries ``icp_scenario``, ``seed``, ``replicate`` and ``settings``.
    """

    def __init__(
        self,
        scenario: str | Scenario | Any = "small",
        seed: int | None = None,
        replicate: int = 0,
        settings: tuple[str, ...] = (),
        enrolments: NDArray[np.void] | None = None,
        effects: bool = True,
        rng: Any = None,
    ) -> None:
        of_mesa = scenario if is_mesas(scenario) else None
        if of_mesa is not None:
            scenario, seed, replicate, settings, rng = arguments_of(of_mesa)
        ours = load(scenario, settings) if isinstance(scenario, str) else scenario
        if seed is None and rng is None:
            seed = ours.run.seed
        super().__init__(rng=rng if seed is None else seed)
        if of_mesa is not None:
            self.scenario = of_mesa
        self.icp_scenario = ours
        if seed is None:
            seed = int(rng if isinstance(rng, int | np.integer) else self.rng.integers(2**31))
        self.seed, self.replicate = seed, replicate
        self.parameters = load_parameters(ours.parameters)
        study = ours.study
        self.programme_start = study.history_weeks
        self.week = 0
        youngest = study.min_age - study.history_weeks / WEEKS_PER_YEAR if study.min_age > 0 else 0.0
        span = Span(study.weeks, youngest, self.programme_start, thinned=self.icp_scenario.thinned)
        states = programme_states(self.icp_scenario, effects), service_states(self.icp_scenario)
        self.region = self._make_region(span, *states)
        self.patients = Patients(self.region.people, lambda: self.week)
        self.practice_agents = [GPPractice(self, k) for k in range(len(self.region.practices))]
        self.hospitals = [Hospital(self, k) for k in range(len(self.region.hospital_state))]
        self.effects = effects
        self._parameters_of: dict[str, ModelParameters] = {}
        self.fixed_enrolments = enrolments is not None
        if enrolments is not None:
            self._enrol_as(enrolments)
        self.teams = self._make_teams()
        pilots = sum(practice.site != ELSEWHERE for practice in self.region.practices)
        self.pilot_people = np.arange(self.region.practice_start[pilots])
        self.allocations = Allocations(len(self.pilot_people))
        self.pilots_at_start = self._pilots_at_start()
        self._rates_are_kept = False
        self._only_pilots_have_lived = False
        self.tool: RiskTool | None = None
        self._sight: tuple[int, Sight] | None = None
        self._risk_list: RiskList | None = None
        self.datacollector = _collector()

    def step(self) -> None:
        """Live one week, in the order of the plan."""
        if self.week >= self.icp_scenario.study.weeks:
            self.running = False
            return
        self._keep_rates(len(self.region.people))
        for method in methods():
            getattr(self, method)()
        self.running = self.week < self.icp_scenario.study.weeks

    def providers_respond(self) -> None:
        """Let hospitals and practices answer to last week, once their size is settled."""
        if not self.icp_scenario.capacity_feedback:
            return
        settled = int(self.parameters.capacity.settle_to_week)
        providers: list[Hospital | GPPractice] = [*self.hospitals, *self.practice_agents]
        for provider in providers:
            if self.week == settled:
                provider.settle()
            if self.week >= settled:
                provider.respond(self.week)

    def teams_enrol(self) -> None:
        """Let teams find and enrol people, every four weeks of the programme."""
        since = self.week - self.programme_start
        within = 0 <= since < self.icp_scenario.study.programme_weeks
        if within and since % WAVE_WEEKS == 0 and not self.fixed_enrolments:
            for team in self.teams:
                team.enrol(self.week)

    def teams_work(self) -> None:
        """Let case managers see patients and practices hold MDT meetings."""
        if self.effects and self.week >= self.programme_start:
            for team in self.teams:
                if (self.week - self.programme_start) % WAVE_WEEKS == 0:
                    team.see_patients(self.week)
                    team.give_services(self.week)
                team.meet(self.week)

    def people_live(self) -> None:
        """Let everybody live this week."""
        self.region.live(self.region.everyone(), self.week, self.week + 1, keep=True)
        self.week += 1

    def observe(self) -> None:
        """Collect provider-level series."""
        self.datacollector.collect(self)

    def run(self, progress: Callable[[int, int], None] = lambda *_: None) -> None:
        """Live the whole study; the same records as stepping, sooner where nothing couples people."""
        if self.icp_scenario.capacity_feedback:
            while self.running:
                progress(self.week, self.icp_scenario.study.weeks)
                self.step()
            return
        since = self.week
        self._only_pilots_have_lived = since == 0
        self._keep_rates(len(self.pilot_people))
        self._decide_and_live(progress)
        elsewhere = self.region.everyone()[len(self.pilot_people) :]
        self.region.live(elsewhere, since, self.icp_scenario.study.weeks)
        self.running = False

    def _decide_and_live(self, progress: Callable[[int, int], None]) -> None:
        """Let teams decide, and pilot people live up to the next decision, until the study ends."""
        weeks = self.icp_scenario.study.weeks
        while self.week < weeks:
            progress(self.week, weeks)
            self.teams_enrol()
            self.teams_work()
            until = self.next_decision()
            self._pilots_live(until)
            self.week = until

    def _pilots_live(self, until: int) -> None:
        self.region.journal.mark(self.week)
        self.region.live(self.pilot_people, self.week, until, keep=True)

    def _keep_rates(self, people: int) -> None:
        if not self._rates_are_kept:
            self.region.keep_rates(people)
        self._rates_are_kept = True

    def records(self) -> HospitalRecords:
        """Return the HES-shaped records of the study so far."""
        records = self.region.hospital_records(last=self.week >= self.icp_scenario.study.weeks)
        return dataclasses.replace(records, allocations=self.allocated())

    def allocated(self) -> NDArray[np.void]:
        """Return whom the programmes' trials have allocated (ALLOCATION), in order of person."""
        people = self.region.people["practice"][: len(self.pilot_people)]
        return self.allocations.table(self.region.practice_table()["site"][people])

    def gp_records(self) -> GPRecords:
        """Return what GP systems of the pilots hold at the study's end, ordered by person."""
        return self.region.gp_records(ordered=True)

    def close(self) -> None:
        """Let go of people and records, which agents that refer to each other would keep until they are swept up.

        A study of many replicates stays as small as one. The model cannot be used afterwards.
        """
        self.running = False
        for team in self.teams:
            team.close()
        for name in ("region", "patients", "pilots_at_start", "_sight", "_risk_list"):
            delattr(self, name)

    def twin(self, enrolments: NDArray[np.void]) -> IntegratedCareModel:
        """Return the same replicate with these enrolments and no effects, still to be run."""
        return IntegratedCareModel(
            self.icp_scenario, self.seed, self.replicate, enrolments=enrolments, effects=False
        )

    def initial_people(self, rows: NDArray[np.integer]) -> NDArray[np.void]:
        """Return pilot people as they were at week 0 (a copy), for living their lives again."""
        return self.pilots_at_start[rows]

    def candidates(self, rows: NDArray[np.int64], week: int) -> Candidates:
        """Return the people of these rows who may be enrolled this week, as teams see them."""
        return candidates(self.region.people, rows, self.look(week), week, self.icp_scenario.study.min_age)

    def look(self, week: int) -> Sight:
        """Return what teams see of everyone on pilot lists, as records and people stand in this week."""
        if self._sight is None or self._sight[0] != week:
            rows = self.pilot_people
            self._sight = week, sight_of(self.region.people, rows, self.scores(rows, week), week)
        return self._sight[1]

    def registered(self) -> NDArray[np.void]:
        """Return the register of everyone who may be in the journal by now."""
        return self.region.registrations(len(self.pilot_people) if self._only_pilots_have_lived else None)

    def scores(self, rows: NDArray[np.int64], week: int) -> Scores:
        """Return risk scores of pilot people from records as they stand; the tool is learnt the first time."""
        prices, pilots = self.parameters.prices, len(self.pilot_people)
        register = self.registered() if self._risk_list is None else self._risk_list.register
        records = self.region.open_records(registrations=register)
        gp = self.region.gp_records(people=pilots)
        if self.tool is None:
            with threadpool_limits(1):
                self.tool = learn_tool(records, gp, self._old_enough(week - 52), week, prices)
        if self._risk_list is None:
            self._risk_list = RiskList(register[:pilots], prices)
        self._risk_list.look(records, gp, week)
        return score(self.tool, self._risk_list, rows)

    def take_on(self, rows: NDArray[np.int64]) -> None:
        """Be told of people whom a team is about to enrol."""

    def parameters_of(self, plan: Programme) -> ModelParameters:
        """Return a programme's parameters: the scenario's, with its own values on top."""
        if plan.name not in self._parameters_of:
            self._parameters_of[plan.name] = load_parameters({**self.icp_scenario.parameters, **plan.parameters})
        return self._parameters_of[plan.name]

    def _old_enough(self, week: int) -> NDArray[np.int64]:
        people = self.region.people[: len(self.pilot_people)]
        age = (week - people["birth_week"]) / WEEKS_PER_YEAR
        return self.pilot_people[(age >= self.icp_scenario.study.min_age) & (people["death_week"] > week)]

    def next_decision(self) -> int:
        """Return the next week at which teams act, or from which on the risk tool looks back."""
        weeks, start = self.icp_scenario.study.weeks, self.programme_start
        looked_back = [start - back for back in (LOOK_BACK, 52, 0)]
        if self.week < start:
            return min(at for at in looked_back if at > self.week)
        steps = [WAVE_WEEKS, *(team.mdt.every_weeks for team in self.teams if team.mdt is not None)]
        since = self.week - self.programme_start
        return min(weeks, self.week + min(step - since % step for step in steps))

    def _pilots_at_start(self) -> NDArray[np.void]:
        return self.region.people[: len(self.pilot_people)].copy()

    def _make_region(self, span: Span, programmes: NDArray[np.void], services: NDArray[np.void]) -> Region:
        practices = make_practices(self.icp_scenario, self.seed, self.replicate, self.parameters.population)
        return Region(practices, span, self.parameters, programmes, self.icp_scenario.capacity_feedback, services)

    def _make_teams(self) -> list[CommunityTeam]:
        teams: list[CommunityTeam] = []
        for number, programme in enumerate(self.icp_scenario.programmes):
            for quota in quotas(programme):
                teams.append(CommunityTeam(self, len(teams), number, programme, quota))
        return teams

    def _enrol_as(self, enrolments: NDArray[np.void]) -> None:
        people = self.region.people
        rows = enrolments["person"]
        people["enrolled"][rows] = enrolments["week"]
        people["discharged"][rows] = enrolments["discharged"]
        people["programme"][rows] = self.region.practice_state["programme"][people["practice"][rows]]


def _collector() -> mesa.DataCollector:
    """Return the provider-level series that a model collects each week.

    No two names are the same: a row of Mesa's batch_run holds a model's series and an agent's.
    """
    return mesa.DataCollector(
        model_reporters={
            "week": "week",
            "caseload": lambda m: sum(len(team.caseload(m.week - 1)) for team in m.teams),
            "emergency_admissions": lambda m: int(m.region.hospital_weeks["emergency"][:, m.week - 1].sum()),
            "bed_nights": lambda m: int(m.region.hospital_weeks["bed_nights"][:, m.week - 1].sum()),
            "elective_admissions": lambda m: int(m.region.hospital_weeks["elective"][:, m.week - 1].sum()),
        },
        agenttype_reporters={
            Hospital: {
                "number": "number",
                "occupancy": lambda a: a.occupancy(a.model.week - 1),
                "hospital_bed_nights": lambda a: int(a.totals(a.model.week - 1)["bed_nights"]),
                "cancelled": lambda a: int(a.totals(a.model.week - 1)["cancelled"]),
            },
            CommunityTeam: {
                "site": "site",
                "team_caseload": lambda a: len(a.caseload(a.model.week - 1)),
                "contacts_per_month": "contacts_per_month",
            },
        },
    )

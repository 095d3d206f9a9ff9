"""A watched small world, run once, and people of it worth following."""

import numpy as np
import pytest

from icpsim.model.true_effect import without_effects
from icpsim.programme.schema import Service
from icpsim.questions.trace.answer import differ
from icpsim.questions.trace.life import relive
from icpsim.questions.trace.observed_model import WatchedModel
from icpsim.records.schema import Diagnosis, HospitalRecords, Method
from tests.small_world import CASE_MANAGERS, MEETINGS, small_scenario

STRONG = {
    "avoidable_reduction": 0.6,
    "elective_deferral": 0.6,
    "treatment_deescalation": 0.6,
    "outpatient_substitution": 0.6,
    "outpatient_spillover": 0.3,
    "unmet_need_detection": 0.6,
    "continuity_loss": 0.5,
    "active_treatment_avoidance": 0.0,
}
"""Effects far above what is believed, so that each of them shows in a small world."""


class Watched:
    """A model that was watched, its records, and the same replicate without effects (its providers)."""

    def __init__(self, services=(), **more):
        team = CASE_MANAGERS.model_copy(update={"case_managers": 3})
        more = {"parameters": {"cancer.chemotherapy_share": 1.0, "cancer.incidence_65_74": 0.02}} | more
        scenario = small_scenario(mechanisms=STRONG, interventions=(team, MEETINGS, *services), quota=180, **more)
        self.model = WatchedModel(scenario, seed=4, replicate=0)
        self.model.run()
        self.records: HospitalRecords = self.model.records()
        self.truth = without_effects(self.model, self.records)
        self.providers = None
        if scenario.capacity_feedback:
            options = {"enrolments": self.records.enrolments, "effects": False}
            self.providers = WatchedModel(scenario, seed=4, replicate=0, **options)
            self.providers.run()
        self._lives = {}

    def life(self, person, effects):
        """Return one person's life, lived again once."""
        if (person, effects) not in self._lives:
            providers = None if effects else self.providers
            self._lives[person, effects] = relive(self.model, int(person), effects, providers)
        return self._lives[person, effects]

    @property
    def enrolled(self):
        """Everybody who is enrolled, in order of row."""
        return [int(person) for person in self.records.enrolments["person"]]

    @property
    def dying(self):
        """The first who are enrolled and die within the study."""
        died = np.isin(self.records.enrolments["person"], self.records.deaths["person"])
        return [int(person) for person in self.records.enrolments["person"][died]][:4]

    @property
    def differing(self):
        """The first enrolled whose two lives differ."""
        return [p for p in self.enrolled if differ(self.life(p, True), self.life(p, False))][:6]

    @property
    def never_enrolled(self):
        """Some people of the pilots' lists whom no team chose, the most admitted first."""
        pilots = len(self.model.pilot_people)
        admitted = np.bincount(self.records.spells["person"], minlength=pilots)[:pilots]
        order = np.argsort(-admitted, kind="stable")
        return [int(person) for person in order if person not in set(self.enrolled)][:6]

    @property
    def treated(self):
        """The enrolled who would have most chemotherapy without the programme."""
        spells = self.truth.counterfactual.spells
        sessions = spells["person"][spells["diagnosis"] == Diagnosis.CHEMOTHERAPY]
        numbers = self.truth.counterfactual_person
        count = np.bincount(sessions, minlength=int(numbers.max()) + 1)[numbers]
        return [self.enrolled[at] for at in np.argsort(-count, kind="stable")[:5]]

    def spared(self, table):
        """Return the enrolled with most rows fewer of a table (emergency spells, or A&E) with the programme."""
        numbers, count = self.truth.counterfactual_person, {}
        for name, records in (("without", self.truth.counterfactual), ("with", self.records)):
            rows = getattr(records, table)
            person = rows["person"][rows["method"] == Method.EMERGENCY] if table == "spells" else rows["person"]
            own = numbers if name == "without" else np.array(self.enrolled)
            count[name] = np.bincount(person, minlength=int(own.max()) + 1)[own]
        order = np.argsort(count["with"] - count["without"], kind="stable")
        return [self.enrolled[at] for at in order[:5]]

    @property
    def people(self):
        """Some who die, whose lives differ, are spared care, are under chemotherapy, or are never enrolled."""
        spared = [*self.spared("spells"), *self.spared("ae")]
        return list(dict.fromkeys([*self.dying, *self.differing, *spared, *self.treated, *self.never_enrolled]))


@pytest.fixture(scope="session")
def alone():
    return Watched()


@pytest.fixture(scope="session")
def coupled():
    return Watched(capacity_feedback=True)


@pytest.fixture(scope="session")
def served():
    """Return a world that has services too, their effects far above what is believed."""
    kinds = ("care_planning", "rapid_access_assessment", "discharge_planning", "clinics_closer_to_home")
    services = tuple(Service(kind=kind, hours_per_week=200.0) for kind in (*kinds, "falls_prevention"))
    strong = {
        "care_planning_sensitive_emergencies": 0.5,
        "care_planning_ae_attendances": 0.6,
        "rapid_access_assessment_sensitive_emergencies": 0.5,
        "rapid_access_assessment_other_emergencies": 0.6,
        "discharge_planning_flares": 0.7,
        "clinics_closer_to_home_follow_ups": 0.5,
    }
    shares = {f"interventions.{name}": value for name, value in strong.items()}
    return Watched(
        services,
        parameters={"cancer.chemotherapy_share": 1.0, "cancer.incidence_65_74": 0.02, **shares},
        capacity_feedback=True,
    )


@pytest.fixture(scope="session", params=["alone", "coupled", "served"])
def world(request):
    return request.getfixturevalue(request.param)

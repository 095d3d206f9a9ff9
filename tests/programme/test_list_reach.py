"""A practice's list-wide fall in visits follows its own part of the caseload, as teams leave it week by week."""

import numpy as np
import pytest

from icpsim.care.list_wide_effects import list_wide_strength
from icpsim.records.schema import ENROLMENT, NEVER
from tests.small_world import CASE_MANAGERS, MEETINGS, simulated, small_scenario

LIST_SIZE = 8000
MANY, FEW = 40, 4
NOTHING_ELSE = dict.fromkeys(
    (
        "unmet_need_detection",
        "avoidable_reduction",
        "outpatient_substitution",
        "elective_deferral",
        "treatment_deescalation",
        "continuity_loss",
    ),
    0.0,
)
STAFF = (CASE_MANAGERS.model_copy(update={"case_managers": 4, "ramp_weeks": 0}),)


def scenario(mechanisms, staff=STAFF):
    """One site of two practices of one size, with nothing at work but what is given."""
    base = small_scenario(interventions=staff, pool_ratio=0.0, mechanisms={**NOTHING_ELSE, **mechanisms})
    population = base.population.model_copy(update={"practice_list_size": LIST_SIZE})
    (programme,) = base.programmes
    site = programme.sites[0].model_copy(update={"practices": 2})
    programme = programme.model_copy(update={"sites": (site,)})
    return base.model_copy(update={"population": population, "programmes": (programme,)})


@pytest.fixture(scope="module")
def enrolments():
    """Forty people of one practice and four of the other, held from the programme's start to the end."""
    model = simulated(scenario({}), enrolments=np.empty(0, ENROLMENT), effects=False)
    chosen = []
    for practice, wanted in enumerate((MANY, FEW)):
        rows = model.region.people_of(practice)
        chosen.append(rows[model.region.people["death_week"][rows] == NEVER][:wanted])
    table = np.zeros(MANY + FEW, ENROLMENT)
    table["person"] = np.concatenate(chosen)
    table["week"], table["discharged"] = model.programme_start, NEVER
    return table


def visits_of_others(model, enrolments):
    """Return the visits, in the programme's weeks, of those who are not enrolled, by practice."""
    visits = model.records().outpatient
    visits = visits[(visits["week"] >= model.programme_start) & ~np.isin(visits["person"], enrolments["person"])]
    return np.bincount(model.region.people["practice"][visits["person"]], minlength=2)


def test_a_practice_with_a_tenth_of_the_caseload_has_a_tenth_of_the_fall(enrolments):
    """Forty of 8,000 are enough for the whole fall, and four are not."""
    strong = scenario({"outpatient_spillover": 0.5, "spillover_ramp_weeks": 1.0})
    on, off = (simulated(strong, enrolments=enrolments, effects=effects) for effects in (True, False))
    kept, without = visits_of_others(on, enrolments), visits_of_others(off, enrolments)
    assert without.min() > 2000
    many, few = 1.0 - kept / without
    assert many > 0.4
    assert 0.0 < few < 1.5 * FEW / MANY * many


def test_strength_is_that_of_the_caseload_as_it_stands():
    """Every four weeks: contacts with those held then, and of meetings those whom they have discussed by then."""
    model = simulated(scenario({}, staff=(*STAFF, MEETINGS)))
    (team,) = model.teams
    week = model.programme_start + 8
    people, practices = model.region.people, model.region.practice_state["spillover"]
    on = (people["enrolled"] <= week) & (people["discharged"] > week) & (people["death_week"] > week)
    caseload = np.flatnonzero(on)
    assert caseload.tolist() == team.caseload(week).tolist()
    people["mdt_week"][caseload[::2]], people["mdt_week"][caseload[1::2]] = week, week + 1
    team.see_patients(week)
    dose, share = people["dose"][caseload[0]], team.mechanisms.mdt_share
    worked_with = dose * (1.0 - share) + share * (np.arange(len(caseload)) % 2 == 0)
    found = list_wide_strength(
        worked_with, people["practice"][caseload], np.full(2, LIST_SIZE), team.mechanisms.spillover_full_share
    )
    assert practices.tolist() == pytest.approx(found.tolist(), rel=1e-6)
    assert 0.0 < found.min() < found.max() <= 1.0

"""The model: whom teams find and enrol, how they work, the week's plan, and what the package keeps away from."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import icpsim
from icpsim.model.integrated_care import WAVE_WEEKS, IntegratedCareModel
from icpsim.model.setup import make_practices, programme_states, quotas
from icpsim.model.weekly_plan import PLAN, methods
from icpsim.programme import staffing
from icpsim.programme.schema import Site
from icpsim.records.schema import NEVER
from icpsim.scenario.schema import PopulationPart, Study
from tests.small_world import CASE_MANAGERS, MEETINGS, small_scenario, stepped

PACKAGE = Path(icpsim.__file__).parent
START = 104


def enrolled_at(model):
    """Return the columns of enrolled people and the week in which each was enrolled."""
    people = model.region.people[model.records().enrolments["person"]]
    return people, people["enrolled"].astype(int)


def watch(scenario, each_week):
    """Step through a scenario and collect ``each_week(model, week)`` after every week."""
    model, seen = IntegratedCareModel(scenario), []
    while model.running:
        model.step()
        seen.append(each_week(model, model.week - 1))
    return model, seen


# ---- enrolment ----


def test_enrolment_reaches_the_quota_and_never_exceeds_it(tiny):
    sites = tiny.records().enrolments["site"]
    assert np.bincount(sites).tolist() == [team.quota for team in tiny.teams] == [20, 40]
    assert [team.enrolled_so_far for team in tiny.teams] == [20, 40]


def test_everyone_enrolled_is_of_age_alive_and_on_the_list_of_a_pilot_practice(tiny):
    people, week = enrolled_at(tiny)
    assert ((week - people["birth_week"]) / 52.18 >= 50).all()
    assert (people["death_week"] > week).all()
    assert (tiny.region.practice_table()["site"][people["practice"]] == tiny.records().enrolments["site"]).all()
    assert (tiny.records().enrolments["site"] >= 0).all()


def test_enrolment_happens_every_four_weeks_of_the_programme(tiny):
    _, week = enrolled_at(tiny)
    assert set((week - START).tolist()) <= set(range(0, 28, WAVE_WEEKS))
    assert len(set(week.tolist())) >= 3


def test_nobody_is_enrolled_twice_or_moved():
    """Once written, an enrolment week stays, even after discharge."""
    _, weeks = watch(small_scenario(), lambda model, week: model.region.people["enrolled"].copy())
    for earlier, later in zip(weeks[START:], weeks[START + 1 :], strict=False):
        was = earlier < NEVER
        assert np.array_equal(earlier[was], later[was])


def test_candidates_leave_out_who_is_enrolled_dead_or_too_young():
    model = IntegratedCareModel(small_scenario())
    while model.week < START + WAVE_WEEKS:
        model.step()
    rows = model.teams[1].rows
    found = model.candidates(rows, model.week).person
    people = model.region.people[rows]
    old = (model.week - people["birth_week"]) / 52.18 >= 50
    may = old & (people["enrolled"] == NEVER) & (people["death_week"] > model.week)
    assert found.tolist() == rows[may].tolist()
    assert ((people["enrolled"] < NEVER).sum(), (~old).sum(), (people["death_week"] <= model.week).sum()) > (
        0,
        0,
        0,
    )


def test_candidates_are_seen_as_they_are():
    model = IntegratedCareModel(small_scenario())
    while model.week < START:
        model.step()
    found = model.candidates(model.teams[1].rows, START)
    people = model.region.people[found.person]
    assert np.array_equal(found.in_flare, people["flare_until"] > START)
    assert np.array_equal(found.last_year, people["death_week"].astype(int) - START <= 52)
    assert np.array_equal(found.in_treatment, (people["cancer_from"] <= START) & (START < people["cancer_until"]))
    spells = model.records().spells
    last_year = (spells["method"] == 0) & (spells["admitted"] >= START - 52) & (spells["admitted"] < START)
    counted = np.bincount(spells["person"][last_year], minlength=len(model.region.people))
    assert np.array_equal(found.emergencies, counted[found.person])
    assert found.in_flare.sum() > 10


def test_risk_list_finds_people_at_higher_risk_than_chance_would():
    model = IntegratedCareModel(small_scenario(policy="risk_score"))
    while model.week < START:
        model.step()
    found = model.candidates(model.teams[1].rows, START)
    top = np.argsort(-found.risk)[:40]
    assert found.emergencies[top].mean() > 5 * found.emergencies.mean()


def test_avoidance_of_treatment_enrols_nobody_in_treatment():
    treated = {}
    for avoidance in (0.0, 1.0):
        scenario = small_scenario(
            policy="risk_score",
            quota=900,
            interventions=(CASE_MANAGERS.model_copy(update={"case_managers": 20, "ramp_weeks": 0}),),
            mechanisms={"active_treatment_avoidance": avoidance},
        )
        model = IntegratedCareModel(scenario)
        model.run()
        people, week = enrolled_at(model)
        treated[avoidance] = int(((people["cancer_from"] <= week) & (week < people["cancer_until"])).sum())
        assert len(people) == 900
    assert treated[0.0] >= 1, "guards the next line: without avoidance somebody in treatment is found"
    assert treated[1.0] == 0


def test_nomination_without_deterioration_enrols_the_risk_list():
    same = {"deterioration_referral": 0.0, "last_year_referral": 0.0}
    worlds = [small_scenario(policy=policy, mechanisms=same) for policy in ("gp_nomination", "risk_score")]
    models = [IntegratedCareModel(scenario) for scenario in worlds]
    for model in models:
        model.run()
    assert models[0].records().enrolments.tolist() == models[1].records().enrolments.tolist()


def test_a_team_without_case_managers_spreads_its_quota_over_the_programme():
    model = IntegratedCareModel(small_scenario(interventions=(MEETINGS,)))
    model.run()
    enrolments = model.records().enrolments
    week = enrolments["week"][enrolments["site"] == 1] - START
    assert np.bincount(week // 4, minlength=7).cumsum().tolist() == [6, 12, 18, 23, 29, 35, 40]
    assert (enrolments["discharged"] == NEVER).all()


def test_a_place_freed_by_discharge_or_death_is_filled_again():
    """One case manager with ten places and stays of eight weeks enrols more than ten."""
    manager = CASE_MANAGERS.model_copy(update={"caseload": 10, "ramp_weeks": 0, "planned_weeks": 8})
    model = IntegratedCareModel(small_scenario(interventions=(manager,)))
    model.run()
    assert np.bincount(model.records().enrolments["site"]).tolist() == [20, 40]


# ---- caseload, contacts, meetings ----


@pytest.mark.parametrize("planned_weeks", [6, 52])
def test_caseload_never_exceeds_places(planned_weeks):
    manager = CASE_MANAGERS.model_copy(update={"caseload": 15, "planned_weeks": planned_weeks})
    _, seen = watch(
        small_scenario(interventions=(manager,)),
        lambda model, week: [
            (len(team.caseload(week)), staffing.places(1, 15, week - START, manager.ramp_weeks))
            for team in model.teams
        ],
    )
    assert [pair for week in seen for pair in week if pair[0] > pair[1]] == []
    assert max(held for week in seen for held, _ in week) >= 10


def test_discharge_comes_the_planned_weeks_after_enrolment(tiny):
    enrolments = tiny.records().enrolments
    assert (enrolments["discharged"] - enrolments["week"] == 16).all()


def test_caseload_is_who_is_enrolled_alive_and_not_discharged(tiny_by_step):
    model, week = tiny_by_step, START + 20
    people = model.region.people
    on = (people["enrolled"] <= week) & (week < people["discharged"]) & (people["death_week"] > week)
    held = np.concatenate([team.caseload(week) for team in model.teams])
    assert sorted(held.tolist()) == np.flatnonzero(on).tolist()
    assert len(held) > 20


def test_dose_follows_the_contacts_that_hours_allow():
    """Two hours a week over 30 patients: 0.29 contacts a month each, a dose of 0.145 of two a month."""
    manager = CASE_MANAGERS.model_copy(update={"hours_per_week": 2.0, "ramp_weeks": 0, "planned_weeks": 52})
    model = IntegratedCareModel(small_scenario(interventions=(manager,), sites=(Site(name="A", practices=2),)))
    while model.week <= START + 4:
        model.step()
    caseload = model.teams[0].caseload(START + 4)
    assert 28 <= len(caseload) <= 30
    possible = 2.0 * (52.18 / 12) / len(caseload)
    assert model.teams[0].contacts_per_month == pytest.approx(possible)
    assert model.region.people["dose"][caseload] == pytest.approx(possible / 2.0)


def test_meetings_discuss_as_many_as_there_is_time_for_longest_enrolled_first():
    meetings = MEETINGS.model_copy(update={"patients_per_meeting": 2})
    model = stepped(small_scenario(interventions=(CASE_MANAGERS, meetings)))
    people = model.region.people
    discussed = people[people["mdt_week"] < NEVER]
    per_meeting = np.unique(np.stack([discussed["practice"], discussed["mdt_week"]]), axis=1, return_counts=True)[
        1
    ]
    assert per_meeting.max() == 2
    assert (discussed["mdt_week"] >= discussed["enrolled"]).all()
    assert ((discussed["mdt_week"].astype(int) - START) % 4 == 0).all()
    for practice in range(3):
        own = discussed[discussed["practice"] == practice]
        in_turn = own[np.argsort(own["enrolled"], kind="stable")]
        assert (np.diff(in_turn["mdt_week"].astype(int)) >= 0).all()


def test_sites_differ_in_strength_when_told_to():
    plain = IntegratedCareModel(small_scenario())
    assert [team.strength for team in plain.teams] == [1.0, 1.0]
    sites = tuple(Site(name=f"site {k}", practices=1) for k in range(40))
    spread = small_scenario(sites=sites, parameters={"staffing.site_sd": 0.3})
    logs = np.log([team.strength for team in IntegratedCareModel(spread).teams])
    assert len(set(logs)) == 40
    assert 0.3 * 0.6 < logs.std(ddof=1) < 0.3 * 1.4  # chi-square with 39 degrees of freedom: beyond 99.99%


# ---- setting ----


def test_quotas_share_the_total_out_by_practices():
    programme = small_scenario(quota=61).programmes[0]
    assert quotas(programme) == [20, 41]
    assert sum(quotas(small_scenario(quota=100, sites=SEVEN).programmes[0])) == 100


SEVEN = tuple(Site(name=f"site {k}", practices=k % 3 + 1) for k in range(7))


def test_practices_of_pilots_come_first_and_the_pool_is_as_large_as_asked():
    scenario = small_scenario(pool_ratio=2.5)
    made = make_practices(scenario, 1, 0, IntegratedCareModel(scenario).parameters.population)
    assert [practice.name for practice in made[:4]] == ["A/0", "B/0", "B/1", "elsewhere/0"]
    assert [practice.site for practice in made[:4]] == [0, 1, 1, -1]
    assert len(made) == 3 + 8
    assert len({practice.hospital for practice in made[:3]} & {practice.hospital for practice in made[3:]}) == 0


def test_effects_of_a_programme_are_its_own_values_over_the_scenarios():
    scenario = small_scenario(
        parameters={"mechanisms.onset_weeks": 9.0, "mechanisms.mdt_share": 0.4}, mechanisms={"mdt_share": 0.1}
    )
    on, off = programme_states(scenario, True)[0], programme_states(scenario, False)[0]
    assert (on["onset_weeks"], on["mdt_share"], on["effects"]) == (9.0, 0.1, 1.0)
    assert off["effects"] == 0.0
    assert programme_states(small_scenario(effects=False), True)[0]["effects"] == 0.0


# ---- the week ----


def test_the_plan_is_what_a_week_runs(monkeypatch):
    model, ran = IntegratedCareModel(small_scenario()), []
    for name in methods():
        whole = getattr(IntegratedCareModel, name)
        monkeypatch.setattr(
            IntegratedCareModel, name, lambda self, name=name, whole=whole: (ran.append(name), whole(self))
        )
    model.step()
    assert tuple(ran) == methods() == tuple(dict.fromkeys(step.run for step in PLAN))
    assert [step.order for step in PLAN] == list(range(1, len(PLAN) + 1))


def test_the_plan_names_files_that_exist():
    files = [part for step in PLAN for part in step.where.split(", ")]
    assert [name for name in files if not (PACKAGE / name).exists()] == []


def test_stepping_ends_with_the_study(tiny_by_step):
    assert (tiny_by_step.week, tiny_by_step.running) == (158, False)
    spells = len(tiny_by_step.records().spells)
    tiny_by_step.step()
    assert (tiny_by_step.week, len(tiny_by_step.records().spells)) == (158, spells)


def test_a_study_of_all_ages_runs():
    scenario = small_scenario().model_copy(
        update={
            "study": Study(min_age=0, history_weeks=104, programme_weeks=8, follow_up_weeks=26),
            "population": PopulationPart(practice_list_size=600, control_pool_ratio=1.0),
        }
    )
    model = IntegratedCareModel(scenario)
    model.run()
    people, week = enrolled_at(model)
    assert (people["birth_week"] <= week).all()
    assert (model.region.people["birth_week"] > 0).sum() > 50


# ---- what the package keeps away from ----

BANNED_MODULES = {"random", "time", "secrets", "uuid"}
BANNED_NAMES = {"numpy.random", "np.random", "os.urandom", "datetime.now", "datetime.utcnow", "date.today"}


def forbidden(source: str) -> list[str]:
    """Return every import or use of other randomness or of a clock in this source."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute):
            names = [ast.unparse(node)]
        else:
            continue
        found += [
            name
            for name in names
            if (name.split(".")[0] in BANNED_MODULES and isinstance(node, ast.Import | ast.ImportFrom))
            or any(name == banned or name.endswith(f".{banned}") for banned in BANNED_NAMES)
        ]
    return found


def test_the_package_draws_and_tells_time_in_no_other_way():
    files = sorted(PACKAGE.rglob("*.py"))
    assert {str(path): found for path in files if (found := forbidden(path.read_text(encoding="utf-8")))} == {}
    assert len(files) > 50


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from time import perf_counter",
        "import numpy.random",
        "from numpy import random",
        "from numpy.random import default_rng",
        "x = np.random.default_rng()",
        "x = datetime.datetime.now()",
        "from uuid import uuid4",
    ],
)
def test_the_search_would_find(source):
    assert forbidden(source) != []


IMPORT = """
import sys, time
start = time.perf_counter()
import icpsim
print(time.perf_counter() - start)
print(sorted({"numba", "pandas", "mesa", "matplotlib", "sklearn", "statsmodels", "scipy"} & set(sys.modules)))
"""


def test_import_is_quick_and_loads_nothing_heavy():
    """Best of three fresh processes, because the machine may be busy."""
    seconds = []
    for _ in range(3):
        out = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True).stdout
        took, heavy = out.splitlines()
        assert heavy == "[]"
        seconds.append(float(took))
    assert min(seconds) < 0.5

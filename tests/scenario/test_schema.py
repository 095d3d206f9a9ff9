"""Scenarios: what wrong files are answered with, settings, names, the published schema."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from icpsim.scenario.schema import (
    ScenarioError,
    json_schema,
    load,
    parse_scenario,
    scenario_folder,
    scenario_names,
)
from icpsim.scenario.yaml_reader import MAX_BYTES

GOOD = """\
scenario: trial
title: Trial
observed: none
study: {history_weeks: 130, follow_up_weeks: 26}
population: {practice_list_size: 1000}
programmes:
  - name: first
    sites:
      - {name: Here, practices: 2}
    enrolment_total: 100
    targeting: {policy: risk_score}
    interventions:
      - kind: case_management
        case_managers: 2
parameters: {}
"""


def problems(text: str, *settings: str) -> tuple[str, ...]:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "trial.yaml", settings)
    return caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title:", "titel:", "trial.yaml:2: titel: unknown key; did you mean 'title'?"),
        (
            "history_weeks",
            "history_week",
            "trial.yaml:4: study.history_week: unknown key; did you mean 'history_weeks'?",
        ),
        (
            "case_managers",
            "case_manager",
            "trial.yaml:14: programmes.0.interventions.0.case_manager: unknown key; did you mean 'case_managers'?",
        ),
        (
            "practices: 2",
            "practices: two",
            "trial.yaml:9: programmes.0.sites.0.practices: 'two' should be a valid integer",
        ),
        (
            "practices: 2",
            "practices: 2.5",
            "trial.yaml:9: programmes.0.sites.0.practices: 2.5 should be a valid integer",
        ),
        (
            "practices: 2",
            "practices: 0",
            "trial.yaml:9: programmes.0.sites.0.practices: 0 should be greater than or equal to 1",
        ),
        (
            "case_managers: 2",
            "case_managers: yes",
            "trial.yaml:14: programmes.0.interventions.0.case_managers: on should be a valid integer",
        ),
        (
            "risk_score",
            "riskscore",
            "trial.yaml:11: programmes.0.targeting.policy: 'riskscore' is not one of risk_score,"
            " repeat_admissions, gp_nomination, condition_register, rising_risk, impactability, age_band,"
            " care_home, post_discharge, random, random_within_strata, mixture; did you mean 'risk_score'?",
        ),
        (
            "policy: risk_score",
            "policy: risk_score, topshare: 0.1",
            "trial.yaml:11: programmes.0.targeting.topshare: unknown key; did you mean 'top_share'?",
        ),
        (
            "policy: risk_score",
            "policy: age_band, from_age: old",
            "trial.yaml:11: programmes.0.targeting.from_age: 'old' should be a valid number",
        ),
        (
            "policy: risk_score",
            "policy: mixture, of: [{weight: 1.0, targeting: {policy: carehome}}]",
            "trial.yaml:11: programmes.0.targeting.of.0.targeting.policy: 'carehome' is not one of risk_score,"
            " repeat_admissions, gp_nomination, condition_register, rising_risk, impactability, age_band,"
            " care_home, post_discharge, random, random_within_strata; did you mean 'care_home'?",
        ),
        (
            "kind: case_management",
            "kind: case_managment",
            "trial.yaml:13: programmes.0.interventions.0.kind: 'case_managment' is not one of"
            " case_management, virtual_ward, telephone_coaching, mdt_meeting, care_planning,"
            " self_management_support, discharge_planning, care_home_alignment, falls_prevention,"
            " end_of_life_planning, mental_health_liaison, rapid_access_assessment, clinics_closer_to_home,"
            " disease_care; did you mean 'case_management'?",
        ),
        ("    enrolment_total: 100\n", "", "trial.yaml:7: programmes.0.enrolment_total: is missing"),
        (
            "enrolment_total: 100",
            "enrolment_total: 2001",
            "trial.yaml:10: programmes.0.enrolment_total: 2001 is more than the 2000 people on its lists",
        ),
        (
            "follow_up_weeks: 26",
            "follow_up_weeks: 25",
            "trial.yaml:4: study.follow_up_weeks: 25 is less than evaluation.window_weeks = 26",
        ),
        (
            "- {name: Here, practices: 2}",
            "- {name: Here, practices: 2}\n      - {name: Here, practices: 2}",
            "trial.yaml:10: programmes.0.sites.1.name: site 'Here' stands twice",
        ),
        (
            "observed: none",
            "observed: all-site",
            "trial.yaml:3: observed: 'all-site' is no row set of targets.csv"
            " (case-management-sites, all-sites); did you mean 'all-sites'?",
        ),
        (
            "parameters: {}",
            "parameters:\n  prices.emergncy: 3",
            "trial.yaml:16: parameters.prices.emergncy: no parameter 'prices.emergncy';"
            " did you mean 'prices.emergency'?",
        ),
        (
            "enrolment_total: 100",
            "enrolment_total: 100\n    trial: {by: persons}",
            "trial.yaml:11: programmes.0.trial.by: 'persons' is not one of person, practice, steps;"
            " did you mean 'person'?",
        ),
        (
            "practices: 2}\n    enrolment_total: 100",
            "practices: 1}\n    enrolment_total: 100\n    trial: {by: practice}",
            "trial.yaml:11: programmes.0.trial.by: 'practice' needs two practices or more at each"
            " site; Here has one",
        ),
        (
            "enrolment_total: 100",
            "enrolment_total: 100\n    trial: {by: steps, steps: 4}",
            "trial.yaml:11: programmes.0.trial.steps: 4 is more than the 2 practices",
        ),
        (
            "enrolment_total: 100",
            "enrolment_total: 100\n    trial: {by: steps, steps: 13}",
            "trial.yaml:11: programmes.0.trial.steps: 13 steps need 56 programme weeks, not 52",
        ),
        ("title: Trial", "title: Trial\ntitle: Again", "trial.yaml:3: title: key stands twice"),
        ("title: Trial", "title: &a Trial", "trial.yaml:2: anchors and aliases are refused"),
        (
            "title: Trial",
            "title: !!python/name:os.system",
            "trial.yaml:2: tag tag:yaml.org,2002:python/name:os.system is refused",
        ),
        ("title: Trial", "title: [" + "[" * 20, "trial.yaml:2: nested deeper than 12 levels"),
    ],
)
def test_mistake_is_answered_with_its_line_field_and_nearest_name(old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert expected in problems(GOOD.replace(old, new))


def test_every_problem_is_listed_at_once() -> None:
    text = GOOD.replace("title:", "titel:").replace("practices: 2", "practices: 0")
    assert [p.split(": ")[0] for p in problems(text)] == ["trial.yaml:1", "trial.yaml:9", "trial.yaml:2"]


def test_list_of_faulty_items_is_not_called_empty() -> None:
    assert not [p for p in problems(GOOD.replace("name: Here", "nme: Here")) if "empty" in p]
    assert "at least one entry" in problems(GOOD, "programmes.0.sites=[]")[0]


def test_oversized_and_missing_files_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_text("#" * (MAX_BYTES + 1))
    with pytest.raises(ScenarioError, match="larger than 1,000,000 bytes"):
        load(file)
    with pytest.raises(ScenarioError, match="no such file"):
        load(tmp_path / "none.yaml")


def test_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match=r"no scenario 'all-site'; did you mean 'all-sites'\?"):
        load("all-site")


def test_settings_reach_fields_programmes_and_parameters() -> None:
    scenario = parse_scenario(
        GOOD,
        settings=[
            "programmes.0.effects=off",
            "run.seed=3",
            "evaluation.caliper=2",
            "prices.emergency=1900",
            "programmes.0.parameters.prices.day_case=600",
        ],
    )
    assert scenario.programmes[0].effects is False
    assert (scenario.run.seed, scenario.evaluation.caliper) == (3, 2.0)
    assert scenario.parameters == {"prices.emergency": 1900.0}
    assert scenario.programmes[0].parameters == {"prices.day_case": 600.0}


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("run.seed", "--set run.seed: write it as key=value"),
        ("run.sed=3", "--set run.sed=3: run.sed: unknown key; did you mean 'seed'?"),
        ("run.seed=x", "--set run.seed=x: run.seed: 'x' should be a valid integer"),
        (
            "programmes.1.name=x",
            "--set programmes.1.name=x: '1' is no position in programmes, whose entries are 0 to 0",
        ),
        ("title.x=3", "--set title.x=3: title is a single value and holds no 'x'"),
        (
            "studdy.min_age=3",
            "--set studdy.min_age=3: parameters.studdy.min_age: no parameter 'studdy.min_age';"
            " did you mean 'study'?",
        ),
    ],
)
def test_wrong_setting_is_named(setting: str, expected: str) -> None:
    assert problems(GOOD, setting) == (expected,)


@pytest.mark.parametrize("name", scenario_names())
def test_scenario_of_the_package_loads_under_its_name_and_survives_writing(name: str) -> None:
    scenario = load(name)
    assert scenario.scenario == name
    assert parse_scenario(scenario.to_yaml()) == scenario


@pytest.mark.parametrize("name", scenario_names())
def test_scenario_of_the_package_meets_the_published_schema(name: str) -> None:
    raw: dict[str, Any] = yaml.safe_load((scenario_folder() / f"{name}.yaml").read_text())
    Draft202012Validator(json_schema()).validate(raw)


def test_published_schema_is_current() -> None:
    committed = json.loads((scenario_folder() / "schema.json").read_text())
    assert committed == json_schema(), "run: uv run icpsim schema > scenarios/schema.json"


def test_published_cases_are_those_of_the_pilots() -> None:
    cases = {n: sum(p.enrolment_total for p in load(n).programmes) for n in ("case-management-sites", "all-sites")}
    assert cases == {"case-management-sites": 3646, "all-sites": 8691}


def test_null_scenario_differs_from_the_pilots_in_effects_and_targeting_only() -> None:
    null, pilots = load("null-risk-list"), load("case-management-sites")
    assert not any(programme.effects for programme in null.programmes)
    assert (null.study, null.population, null.evaluation) == (pilots.study, pilots.population, pilots.evaluation)
    same = {"effects": True, "targeting": pilots.programmes[0].targeting}
    assert null.programmes[0].model_copy(update=same) == pilots.programmes[0]

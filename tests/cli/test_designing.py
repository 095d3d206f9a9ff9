"""``icpsim design`` and designs beside ``icpsim run``: on a small world, and what they refuse."""

import json

import pytest
from typer.testing import CliRunner

from icpsim.cli.main import app
from icpsim.programme.schema import Site, Trial
from icpsim.scenario.schema import EvaluationPart
from tests.small_world import CASE_MANAGERS, MEETINGS, small_scenario

STAFF = (CASE_MANAGERS.model_copy(update={"case_managers": 3, "ramp_weeks": 0}), MEETINGS)
DESIGNS = ("before_after", "practice_panel", "trial_by_person")


def icpsim(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("designing")
    scenario = small_scenario(interventions=STAFF, quota=90, sites=(Site(name="A", practices=3),))
    part = EvaluationPart(designs=DESIGNS, follow_up_weeks=(13, 26))
    planned = scenario.model_copy(update={"evaluation": part})
    (place / "planned.yaml").write_text(planned.to_yaml(), encoding="utf-8")
    (programme,) = planned.programmes
    trial = programme.model_copy(update={"trial": Trial(by="person")})
    (place / "trial.yaml").write_text(
        planned.model_copy(update={"programmes": (trial,)}).to_yaml(), encoding="utf-8"
    )
    return place


@pytest.fixture(scope="module")
def asked(folder):
    done = icpsim(
        "design", folder / "planned.yaml", "--replicates", 3, "--workers", 1, "--no-draws",
        "--work", folder / "w", "--out", folder / "out", "--check-size", 2, "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_designs_and_weeks_are_the_scenarios(asked):
    assert {row["design"] for row in asked["rows"]} == set(DESIGNS)
    assert {row["window"] for row in asked["rows"]} == {13, 26}
    assert asked["replicates"] == 3
    assert {"recommended", "recommendation", "rows", "sizes", "checks", "problems"} <= set(asked)


def test_the_larger_world_is_larger(asked):
    cases = {row["design"]: row["cases"] for row in asked["rows"] if row["window"] == 26}
    assert asked["checks"]
    for check in asked["checks"]:
        if check["design"] == "trial_by_person" and check["window"] == 26:
            assert check["cases"] == 2 * cases["trial_by_person"]


def test_the_folder_says_what_the_command_said(asked, folder):
    assert json.loads((folder / "out" / "answer.json").read_text(encoding="utf-8")) == asked
    names = {path.name for path in (folder / "out").iterdir()}
    assert {"designs.png", "rows.parquet", "sizes.parquet", "figures.parquet", "scenario.yaml"} <= names
    again = icpsim("design", folder / "planned.yaml", "--replicates", 3, "--no-draws", "--work", folder / "w")
    assert again.exit_code == 0, again.stderr
    assert "trial by person (adjusted for use before)" in " ".join(again.stdout.split())


def test_run_sets_designs_beside_the_published_one(folder):
    done = icpsim("run", folder / "trial.yaml", "--replicates", 2, "--workers", 1, "--no-draws", "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    rows = {
        (row["design"], row["variant"], row["follow_up_weeks"], row["outcome"]): row for row in told["designs"]
    }
    trial = rows["trial_by_person", "", 26, "outpatient_attendances"]
    published = next(row for row in told["outcomes"] if row["outcome"] == "outpatient_attendances")
    assert trial["true"] == pytest.approx(published["true"], rel=0.2)  # cases with a control, and all of them
    assert rows["before_after", "", 13, "emergency_admissions"]["naive"] is True
    assert {row["design"] for row in told["designs"]} == set(DESIGNS)


def test_a_trial_needs_a_programme_that_is_allocated(folder):
    done = icpsim("run", folder / "planned.yaml", "--replicates", 1)
    assert done.exit_code == 2
    assert "evaluation.designs.2: trial_by_person needs programmes.0.trial: {by: person}; it has no trial" in (
        " ".join(done.stderr.split())
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("smal",), "did you mean 'small'"),
        (("small", "--design", "steped_wedge"), "did you mean 'stepped_wedge'"),
        (("small", "--outcome", "bed_day"), "did you mean 'bed_days'"),
        (("small", "--window", "52"), "the study allows 1 to 26 weeks (study.follow_up_weeks = 26); --set study"),
        (("small", "--window", "300", "--set", "study.follow_up_weeks=300"), "the study allows 1 to 260 weeks"),
        (("small", "--set", "evaluation.designs=[matched_di]"), "did you mean 'matched_did'"),
        (("small", "--set", "evaluation.follow_up_weeks=[52]"), "52 is more than study.follow_up_weeks = 26"),
        (("small", "--set", "evaluation.follow_up_weeks=[12]"), "evaluation.follow_up_weeks"),
        (("small", "--set", "programmes=[]"), "programmes"),
        (("small", "--replicates", "0"), "--replicates"),
        (("small", "--check-size", "1"), "--check-size"),
    ],
)
def test_what_cannot_be_tried_is_refused(arguments, says):
    done = icpsim("design", *arguments)
    assert done.exit_code == 2, done.output
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.output


def test_nothing_to_find_is_said(folder):
    done = icpsim(
        "design", folder / "planned.yaml", "--replicates", 1, "--no-draws", "--design", "trial_by_person",
        "--set", "programmes.0.enrolment_total=0",
    )  # fmt: skip
    assert done.exit_code == 2
    assert "no design could be done" in " ".join(done.stderr.split())

"""``icpsim decide``: from scenarios to an answer, on a small world, and what it refuses."""

import json

import pytest

from tests.small_world import CASE_MANAGERS, MEETINGS, small_scenario

from .test_asking import icpsim, refused

MORE = (CASE_MANAGERS.model_copy(update={"case_managers": 3, "planned_weeks": 40}), MEETINGS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("deciding")
    scenario = small_scenario(quota=60, interventions=MORE)
    (place / "trial.yaml").write_text(scenario.to_yaml(), encoding="utf-8")
    return place


@pytest.mark.slow
def test_a_decision_is_one_json_object_and_a_folder(folder):
    asked = (
        "decide", f"trial={folder / 'trial.yaml'}", "--replicates", 8, "--workers", 1, "--threshold", 0,
        "--threshold", 30000, "--work", folder / "w",
    )  # fmt: skip
    done = icpsim(*asked, "--json", "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [one["option"] for one in told["options"]] == ["no programme", "trial"]
    assert [one["threshold"] for one in told["decisions"]] == [0.0, 30000.0]
    assert json.loads((folder / "out" / "answer.json").read_text(encoding="utf-8")) == told
    again = icpsim(*asked)
    assert again.returncode == 0, again.stderr
    assert "Worth at most, £ a year" in again.stdout
    assert "warning: 8 replicates" in " ".join(again.stdout.split())


@pytest.mark.slow
def test_a_what_if_gives_options_and_question(folder):
    """Its arms are options beside scenarios named, and settings go on top of them."""
    (folder / "question.yaml").write_text(
        "what_if: question\nquestion: Three or one?\nbase: trial.yaml\nreplicates: 8\n"
        "arms:\n  three: [programmes.0.effects=on]\n  one: [programmes.0.interventions.0.case_managers=1]\n",
        encoding="utf-8",
    )
    done = icpsim(
        "decide", f"trial={folder / 'trial.yaml'}", "--what-if", folder / "question.yaml", "--workers", 1,
        "--json", "--set", "study.follow_up_weeks=30", "--work", folder / "w",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["about"]["title"] == "Three or one?"
    assert told["about"]["period"].startswith(f"{small_scenario().study.programme_weeks + 30} weeks")
    assert told["about"]["replicates"] == 8
    options = {one["option"]: one for one in told["options"]}
    assert list(options) == ["no programme", "three", "one", "trial"]
    assert options["trial"]["cost"] == pytest.approx(options["three"]["cost"], rel=1e-12)
    assert options["one"]["cost"]["mean"] < options["three"]["cost"]["mean"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("small", "--no-or-nothing"), "leaves one option"),
        (("small", "--replicates", "3"), "--replicates 3: at least 8"),
        (("small", "--replicates", "8", "--threshold", "-5"), "--threshold -5: give pounds, 0 or more"),
        (("small", "--view", "comissioner"), "did you mean 'commissioner'"),
        (("smal",), "did you mean 'small'"),
        ((), "no option is named: give SCENARIO"),
        (("--what-if", "half-the-staf"), "did you mean 'half-the-staff'"),
        (("--what-if", "half-the-staff", "--replicates", "3"), "--replicates 3: at least 8"),
        (("--what-if", "half-the-staff", "--set", "study.min_ag=3"), "min_age"),
        (("small", "--replicates", "8", "--threshold", "nan"), "--threshold nan: give pounds, 0 or more"),
        (("small", "--replicates", "8", "--years", "0"), "--years"),
        (("small", "small", "--replicates", "8"), "two arms are called 'small'"),
    ],
)
def test_what_cannot_be_decided_is_refused(arguments, says):
    assert says in refused("decide", *arguments)

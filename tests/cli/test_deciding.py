"""``icpsim decide``: from scenarios to an answer, on a small world, and what it refuses."""

import json

import pytest
from small_world import CASE_MANAGERS, MEETINGS, small_scenario

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


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("small", "--no-or-nothing"), "leaves one option"),
        (("small", "--replicates", "3"), "--replicates 3: at least 8"),
        (("small", "--replicates", "8", "--threshold", "-5"), "--threshold -5: give pounds, 0 or more"),
        (("small", "--view", "comissioner"), "did you mean 'commissioner'"),
        (("smal",), "did you mean 'small'"),
        (("small", "small", "--replicates", "8"), "two arms are called 'small'"),
    ],
)
def test_what_cannot_be_decided_is_refused(arguments, says):
    assert says in refused("decide", *arguments)

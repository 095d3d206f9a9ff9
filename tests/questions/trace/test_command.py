"""``icpsim trace`` from outside: text, one JSON object, pictures, and one line for what is wrong."""

import json

import pytest
from typer.testing import CliRunner

from icpsim.cli.main import app
from tests.small_world import small_scenario


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenario") / "tiny.yaml"
    path.write_text(small_scenario().to_yaml(), encoding="utf-8")
    return str(path)


def icpsim(*arguments):
    return CliRunner().invoke(app, ["trace", *arguments])


def test_it_tells_who_when_and_what(scenario):
    done = icpsim(scenario, "--example")
    assert done.exit_code == 0, done.stderr
    assert "deprivation quintile" in done.stdout
    assert "Enrolled in week" in done.stdout
    assert "only without the programme: " in done.stdout
    assert "Contacts with / without the programme" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 120
    assert done.stderr == ""


def test_json_is_one_object_that_agrees_with_the_example(scenario):
    value = json.loads(icpsim(scenario, "--example", "--json").stdout)
    number = value["person"]["person"]
    assert json.loads(icpsim(scenario, "--person", str(number), "--json").stdout)["events"] == value["events"]
    assert value["enrolment"]["chosen"]
    assert value["enrolment"]["rank"] <= value["enrolment"]["places"]
    assert {event["world"] for event in value["events"]} == {"both", "with", "without"}
    for event in value["events"]:
        for step in event["decisions"]:
            assert step["draw_is_below"] == (step["draw"] < step["value"])


def test_weeks_are_those_asked_for(scenario):
    value = json.loads(icpsim(scenario, "--person", "3", "--weeks", "10-20", "--json").stdout)
    assert {event["week"] for event in value["events"]} <= set(range(10, 21))
    assert [row["week"] for row in value["weeks"]["with"]] == list(range(10, 21))


def test_people_are_enrolled_in_order(scenario):
    first, second = (
        json.loads(icpsim(scenario, "--person", f"enrolled:{k}", "--json").stdout)["person"] for k in (1, 30)
    )
    assert first["enrolled"] < second["enrolled"]


def test_somebody_never_enrolled_hears_how_near_it_was(scenario):
    done = icpsim(scenario, "--person", "3")
    assert "Never enrolled by programme; nearest to it in week" in done.stdout


@pytest.mark.parametrize(("name", "start"), [("life.png", b"\x89PNG"), ("life.svg", b"<?xml")])
def test_a_picture_is_drawn(scenario, tmp_path, name, start):
    done = icpsim(scenario, "--example", "--picture", str(tmp_path / name))
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / name).read_bytes().startswith(start)
    assert f"Written: {tmp_path / name}" in done.stdout


def test_out_writes_a_folder(scenario, tmp_path):
    done = icpsim(scenario, "--person", "enrolled:2", "--out", str(tmp_path / "life"), "--json")
    assert done.exit_code == 0, done.stderr
    names = {"trace.txt", "trace.json", "scenario.yaml", "versions.json", "picture.png"}
    assert {path.name for path in (tmp_path / "life").iterdir()} == names
    assert json.loads((tmp_path / "life" / "trace.json").read_text()) == json.loads(done.stdout)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name one person: --person N (a row number), --person enrolled:K, or --example"),
        (("--person", "3", "--example"), "name one person"),
        (("--person", "-4"), "--person -4: write a row number (from 0)"),
        (("--person", "x"), "--person x: write a row number (from 0)"),
        (("--person", "9999999"), "--person 9999999: tiny has people 0 to"),
        (("--person", "enrolled:0"), "the enrolled are enrolled:1 to enrolled:"),
        (("--person", "enrolled:999"), "the enrolled are enrolled:1 to enrolled:"),
        (("--person", "3", "--weeks", "9-5"), "--weeks 9-5: write A-B with 0 <= A <= B <= 157"),
        (("--person", "3", "--weeks", "0-158"), "--weeks 0-158: write A-B"),
        (("--person", "3", "--weeks", "soon"), "--weeks soon: write A-B"),
        (("--person", "3", "--picture", "life.jpg"), "--picture life.jpg: the name should end in .png or .svg"),
        (("--person", "3", "--picture", "no/such/life.png"), "its folder should exist"),
        (("--person", "3", "--set", "mechanisms.avoidable=1"), "did you mean"),
    ],
)
def test_wrong_input_ends_with_two_and_one_line(scenario, arguments, message):
    done = icpsim(scenario, *arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_nobody_enrolled_is_said(scenario):
    done = icpsim(scenario, "--example", "--set", "programmes.0.effects=off")
    assert done.exit_code == 2
    assert done.stderr.strip() == "--example: nobody is enrolled whose two lives differ"

"""The commands about several arms: what they print, write and refuse, on a small world."""

import json
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from icpsim.cli.main import app
from icpsim.programme.targeting import CATALOGUE
from icpsim.questions.compare.what_if import load_what_if, what_if_names
from tests.small_world import CASE_MANAGERS, MEETINGS, small_scenario

SMALL = ("--replicates", "2", "--no-evaluate", "--workers", "1")
MORE = (CASE_MANAGERS.model_copy(update={"case_managers": 3, "planned_weeks": 40}), MEETINGS)


def icpsim(*arguments, **options):
    """Call the command in a process of its own."""
    command = [sys.executable, "-m", "icpsim.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def here(*arguments):
    """Call the command here, which saves its start."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def told(*arguments):
    """Call the command here and return the object that it prints."""
    done = here(*arguments, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def refused(*arguments):
    """Call the command here and return what it says on the way out with code 2."""
    done = here(*arguments)
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("asking")
    scenario = small_scenario(quota=120, interventions=MORE)
    (place / "trial.yaml").write_text(scenario.to_yaml(), encoding="utf-8")
    (place / "question.yaml").write_text(
        "what_if: question\nquestion: Two or three?\nbase: trial.yaml\nreplicates: 2\n"
        "evaluated: false\nwaterfall: 1\n"
        "arms:\n  three: [programmes.0.effects=on]\n  two: [programmes.0.interventions.0.case_managers=2]\n",
        encoding="utf-8",
    )
    return place


@pytest.fixture(scope="module")
def asked(folder):
    done = icpsim(
        "what-if", folder / "question.yaml", "--workers", 2, "--out", folder / "out", "--work", folder / "w"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, folder / "out"


def test_an_answer_is_told_and_written(asked):
    text, out = asked
    assert "Two or three?" in text
    for heading in (
        "Arms against no programme",
        "Arms against three",
        "would have fallen anyway",
        "whole system gains",
        "What drove emergency admissions: two against no programme",
        "What pairing is worth",
        "slope index",
    ):
        assert heading in text
    assert "RuntimeWarning" not in text
    names = {path.name for path in out.iterdir()}
    pictures = {
        "arms.png",
        "found.png",
        "equity.png",
        "groups-1.png",
        "groups-2.png",
        "drivers-1.png",
        "drivers-2.png",
    }
    assert pictures | {"answer.json", "answer.txt", "rows.parquet", "figures.parquet", "arm-1.yaml"} <= names


def test_what_is_written_is_what_was_simulated(asked):
    _, out = asked
    told = json.loads((out / "answer.json").read_text(encoding="utf-8"))
    figures = (
        pq.read_table(out / "figures.parquet")
        .to_pandas()
        .pivot(index="replicate", columns="figure", values="value")
    )
    avoided = figures["without0/emergency_admissions|total|all"] - figures["0/emergency_admissions|total|all"]
    row = next(
        r for r in told["headlines"] if (r["arm"], r["measure"]) == ("three", "emergency_admissions_avoided")
    )
    study = small_scenario().study
    assert row["estimate"] == pytest.approx(
        avoided.mean() * 52.18 / (study.programme_weeks + study.follow_up_weeks)
    )
    assert all(arm["unbalanced"] == 0 for arm in told["money"])
    for change in told["drivers"]:
        assert sum(part["estimate"] for part in change["parts"]) == pytest.approx(change["total"]["estimate"])


def test_a_second_asking_simulates_nothing_and_says_the_same(asked, folder):
    text, out = asked
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "w").iterdir()}
    again = icpsim("what-if", folder / "question.yaml", "--workers", 1, "--work", folder / "w")
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "w").iterdir()} == before
    assert again.stdout == text.replace(f"Written: {out}\n", "")


def test_fewer_staff_find_no_more_people(asked):
    told = json.loads((asked[1] / "answer.json").read_text(encoding="utf-8"))
    three, two = (arm["profile"]["enrolled"]["estimate"] for arm in told["found"])
    assert two < three


def test_compare_is_one_json_object(folder):
    answer = told("compare", f"a={folder / 'trial.yaml'}", f"b={folder / 'trial.yaml'}", *SMALL)
    assert answer["arms"] == ["a", "b"]
    rows = [row for row in answer["headlines_against_first"] if row["measure"] == "emergency_admissions_avoided"]
    assert [(row["estimate"], row["low"], row["high"]) for row in rows] == [(0.0, 0.0, 0.0)]


def test_every_policy_of_the_catalogue_has_the_same_places(folder):
    answer = told("targeting", folder / "trial.yaml", *SMALL, "--replicates", "1")
    assert answer["arms"] == [policy.policy.replace("_", " ") for policy in CATALOGUE]
    enrolled = {arm["arm"]: arm["profile"]["enrolled"]["estimate"] for arm in answer["found"]}
    most = max(enrolled.values())
    fewest = {"repeat admissions", "care home", "post discharge", "condition register", "risk score"}
    assert all(found == most or name in fewest or found > 0.9 * most for name, found in enrolled.items())
    assert all(arm["profile"]["falls_anyway"]["estimate"] is not None for arm in answer["found"])


def test_a_sweep_prints_and_draws_its_front(folder):
    done = here(
        "sweep", folder / "trial.yaml", "--vary", "programmes.0.interventions.0.case_managers=1,3", "--vary",
        "mechanisms.avoidable_reduction=0:0.4:0.4", "--replicates", 2, "--workers", 1, "--out", folder / "swept",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert "case_managers=1, avoidable_reduction=0.4" in done.stdout
    assert (folder / "swept" / "pareto.png").stat().st_size > 10_000
    rows = pq.read_table(folder / "swept" / "rows.parquet").to_pandas()
    avoided = rows[(rows.measure == "emergency_admissions_avoided") & (rows.against == "no programme")]
    assert len(avoided) == 4
    assert np.isfinite(avoided.estimate).all()


def test_the_best_policy_keeps_within_its_limits(folder):
    answer = told(
        "optimise", folder / "trial.yaml", "--choose", "programmes.0.interventions.0.case_managers=1:4",
        "--choose",
        "mechanisms.avoidable_reduction=0.0,0.4", "--staff", 4, "--trials", 8, "--replicates", 1, "--workers", 1,
    )  # fmt: skip
    assert answer["exhaustive"]
    sites = 2
    assert answer["best"]["programmes.0.interventions.0.case_managers"] * sites <= 4
    kept = [trial for trial in answer["trials"] if trial["feasible"]]
    assert {trial["setting"]["programmes.0.interventions.0.case_managers"] for trial in kept} == {1, 2}
    assert min(kept, key=lambda trial: trial["objective"])["setting"] == answer["best"]
    assert answer["again"]["arms"] == ["as it is", "best found"]
    assert answer["again"]["about"]["seed"] == 2
    assert {trial["objective_without_list_wide_fall"] for trial in kept} == {None}, "admissions, not money"


def test_a_search_for_the_least_cost_tells_it_without_the_list_wide_fall(folder):
    asked = ("optimise", folder / "trial.yaml", "--choose", "programmes.0.interventions.0.case_managers=1,3")
    answer = told(*asked, "--objective", "net_cost", "--no-draws", "--replicates", 1, "--workers", 1)
    for trial in answer["trials"]:
        assert trial["objective"] < trial["objective_without_list_wide_fall"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("compare", "small", "small"), "two arms are called 'small'"),
        (("compare", "a=small", "b=null-random"), "a and b differ in population"),
        (("compare", "a=smal"), "did you mean 'small'"),
        (("compare", "small", "--outcome", "emergencies"), "did you mean 'emergency_admissions'"),
        (("targeting", "small", "--policy", "riskscore"), "did you mean 'risk_score'"),
        (("what-if", "twice"), "no what-if 'twice'"),
        (("what-if", "nowhere.yaml"), "nowhere.yaml: no such file"),
        (("sweep", "small", "--vary", "supply.beds"), "write it as key=v1,v2,..."),
        (("sweep", "small", "--vary", "supply.bedz=1.0,0.9"), "unknown key; did you mean 'beds'"),
        (
            ("optimise", "small", "--choose", "supply.beds=0.9,1.0", "--objective", "cost"),
            "did you mean 'net_cost'",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments, says):
    assert says in refused(*arguments)


@pytest.mark.parametrize("name", what_if_names())
def test_every_what_if_can_be_read_and_is_a_question(name):
    found = load_what_if(name)
    assert found.what_if.what_if == name
    assert found.what_if.question.endswith("?")
    assert len(found.arms) > 1


def test_a_wrong_what_if_is_answered_with_its_line(folder):
    text = (folder / "question.yaml").read_text(encoding="utf-8")
    wrong = folder / "wrong.yaml"
    wrong.write_text(text.replace("replicates:", "replicate:"), encoding="utf-8")
    assert "wrong.yaml:4: replicate: unknown key; did you mean 'replicates'?" in refused("what-if", wrong)
    wrong.write_text(text.replace("case_managers=2", "case_manager=2"), encoding="utf-8")
    said = refused("what-if", wrong)
    assert "wrong.yaml:9: arms.two: --set programmes.0.interventions.0.case_manager=2" in said
    assert "did you mean 'case_managers'?" in said

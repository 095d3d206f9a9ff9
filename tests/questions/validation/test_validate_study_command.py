"""``icpsim validate-study`` from outside: what is run, what is printed, what is refused."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from icpsim.cli.main import app
from icpsim.questions.validation.answer import fitted_rows, validate_study
from icpsim.questions.validation.registry import read_registry
from icpsim.questions.validation.show_validation import print_scores, sentence
from icpsim.scenario.schema import load
from tests.questions.validation.fake_evaluations import study_of


def icpsim(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["validate-study", *arguments])


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int, int]]:
    """Stand in for the model: collects (scenario, replicates, seed, workers) of every run."""
    called: list[tuple[str, int, int, int]] = []

    def run_study(scenario: Any, replicates: int, seed: int, workers: int, progress: Any) -> Any:
        called.append((scenario.scenario, replicates, seed, workers))
        progress(1, 1, "replicate 1")
        return study_of(scenario, replicates, seed)

    monkeypatch.setattr("icpsim.questions.run.study.run_study", run_study)
    return called


def test_without_arguments_every_study_runs_its_scenario(runs: list[Any]) -> None:
    result = icpsim("--workers", "2")
    assert result.exit_code == 0
    assert runs == [("other-pilots", load("other-pilots").run.replicates, 1, 2)]
    assert result.stderr == ""


def test_options_reach_the_run(runs: list[Any]) -> None:
    assert icpsim("other-pilots", "--replicates", "3", "--seed", "9", "--workers", "1").exit_code == 0
    assert icpsim("small", "--study", "other-pilots", "--set", "run.seed=5", "--workers", "1").exit_code == 0
    assert runs == [("other-pilots", 3, 9, 1), ("small", 2, 5, 1)]


def test_a_file_is_scored_against_the_rows_of_its_name(runs: list[Any], tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(load("other-pilots").to_yaml(), encoding="utf-8")
    assert icpsim(str(mine)).exit_code == 0
    assert [run[0] for run in runs] == ["other-pilots"]


def test_json_is_one_object_with_scores_by_hand(runs: list[Any]) -> None:
    """Cost: mean 30, SD 50 over three; found 97.4 (30.4); carried over -223."""
    value = json.loads(icpsim("--replicates", "3", "--json").stdout)
    (study,) = value["studies"]
    assert (study["study"], study["scenario"], study["seed"], study["replicates"]) == (
        "other-pilots", "other-pilots", 1, 3,
    )  # fmt: skip
    rows = {row["outcome"]: row for row in study["rows"]}
    cost = rows["hospital_cost"]
    assert cost["predicted"] == pytest.approx(30)
    assert cost["covered"] is True
    assert cost["no_effect"]["error_skill"] == pytest.approx(1 - 67.4 / 97.4)
    assert cost["carry_over"]["value"] == pytest.approx(-223)
    assert cost["carry_over"]["error_skill"] == pytest.approx(1 - 67.4 / (97.4 + 223))
    assert cost["shares_data_with"] == ["all_cost"]
    assert (rows["elective_admissions"]["covered"], rows["elective_admissions"]["sign_right"]) == (False, False)
    assert rows["emergency_admissions"]["sign_clear"] is False
    assert (cost["held_out"], value["summary_held_out"]["rows"]) == (False, 0)
    assert (value["summary"]["rows"], value["summary"]["covered"]) == (4, 3)


def test_rows_are_held_out_of_what_was_fitted_and_no_more(runs: list[Any]) -> None:
    """The registry's study shares its patients with the results for all sites, not with the others."""
    value = json.loads(icpsim("--fitted", "case-management-sites", "--json").stdout)
    assert all(row["held_out"] for row in value["studies"][0]["rows"])
    assert value["summary_held_out"] == value["summary"]
    assert "All are held out" in icpsim("--fitted", "case-management-sites").stdout
    both = icpsim("--fitted", "case-management-sites", "--fitted", "all-sites").stdout
    assert both == icpsim().stdout
    assert "Held out: 0 of 4" in both


def test_tables_fit_eighty_columns_without_folding(runs: list[Any]) -> None:
    text = io.StringIO()
    scored = validate_study(read_registry(), load("other-pilots"), fitted_rows("all-sites"))
    print_scores(Console(file=text, width=80), [scored])
    lines = text.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    rows = [line for line in lines if line.startswith("hospital cost ")]
    assert len(rows) == 2
    for name in ("emergency admissions ", "elective admissions ", "outpatient attendances "):
        assert sum(line.startswith(name) for line in lines) == 2
    assert (
        rows[0].removeprefix("hospital cost").split() == "+£97 (+47 to +147) +£30 (-139 to +199) yes yes".split()
    )


def test_every_row_has_a_plain_sentence(runs: list[Any]) -> None:
    scored = validate_study(read_registry(), load("other-pilots"), fitted_rows("all-sites"))
    told = {row.target.outcome: sentence(row) for row in scored.rows}
    assert told["elective_admissions"] == (
        "Elective admissions: +8.3% was found; the simulation predicts -18.1%, in 9 of 10 evaluations between"
        " -30.8% and -3.1%. What was found lies above that. The sign is wrong. It is no nearer than 'no effect'"
        " and nearer than the pilots' -21% carried over. Tags: value JUDGEMENT, error RECALL. NOT HELD OUT:"
        " all_elective can be fitted."
    )
    assert "between -£139 and +£199. What was found lies inside. The sign is right." in told["hospital_cost"]
    assert "Which way the effect goes is not clear from what was found." in told["emergency_admissions"]
    output = icpsim().stdout.replace("\n", " ")
    assert "Sign right in 2 of 3 whose published sign is clear." in output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("other-pilot",), "no scenario 'other-pilot'; did you mean 'other-pilots'?"),
        (
            ("--study", "other-pilot"),
            "--study: validation.csv has no study 'other-pilot'; did you mean 'other-pilots'?",
        ),
        (("small",), "validation.csv has no row for scenario 'small': there are other-pilots"),
        (("--fitted", "all-site"), "targets.csv has no row set 'all-site'; did you mean 'all-sites'?"),
        (("--replicates", "0"), "--replicates"),
        (("--set", "run.sed=1"), "run.sed: unknown key; did you mean 'seed'?"),
        (("nowhere.yaml",), "nowhere.yaml: no such file"),
    ],
)
def test_wrong_input_ends_with_two_and_runs_nothing(
    runs: list[Any], arguments: tuple[str, ...], message: str
) -> None:
    result = icpsim(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert (result.stdout, runs) == ("", [])


@pytest.mark.slow
def test_the_worked_example_runs() -> None:
    value = json.loads(icpsim("--replicates", "1", "--workers", "1", "--json").stdout)
    (study,) = value["studies"]
    assert study["replicates"] == 1
    assert {row["outcome"] for row in study["rows"]} == {row.outcome for row in read_registry()}
    assert all(row["covered"] in (True, False) for row in study["rows"])
    assert value["summary"]["rows"] == 4

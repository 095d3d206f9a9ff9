"""The command line from outside: exit codes, streams, no tracebacks, nothing heavy for --help."""

import json
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from icpsim.cli.main import app
from icpsim.questions.baseline.show_england import BELOW
from icpsim.questions.run.answer import StudyResult
from icpsim.scenario.schema import Scenario
from tests.fake_baseline import CURVES, RESULT
from tests.fake_study import STUDY

HEAVY = ("pandas", "matplotlib", "sklearn", "statsmodels", "mesa", "numba", "pydantic")


def icpsim(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Stand in for the model: records how it was called and answers with the made-up study."""
    called: dict[str, Any] = {}

    def run_study(
        scenario: Scenario, replicates: int, seed: int, workers: int, progress: Any, drawn: bool, work: Any
    ) -> StudyResult:
        called.update(scenario=scenario, replicates=replicates, seed=seed, workers=workers, drawn=drawn)
        progress(1, 2, "replicate 1")
        if "error" in called:
            raise called["error"]
        return STUDY

    module = types.ModuleType("icpsim.questions.run.study")
    module.run_study = run_study  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "icpsim.questions.run.study", module)
    monkeypatch.chdir(tmp_path)
    return called


def test_run_prints_the_table_and_leaves_a_picture(study: dict[str, Any], tmp_path: Path) -> None:
    result = icpsim("run", "small")
    assert result.exit_code == 0
    assert "emergency admissions        +9%" in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["icpsim-small.png"]
    assert result.stderr == ""


@pytest.mark.parametrize(("option", "drawn"), [((), True), (("--no-draws",), False), (("--draws",), True)])
def test_replicates_have_draws_unless_told_otherwise(study: dict[str, Any], option: Any, drawn: bool) -> None:
    assert icpsim("run", "small", *option).exit_code == 0
    assert study["drawn"] is drawn


def test_run_json_is_one_object_and_nothing_else(study: dict[str, Any], tmp_path: Path) -> None:
    result = icpsim("run", "small", "--json", "--set", "prices.emergency=1")
    value = json.loads(result.stdout)
    assert value["outcomes"][0]["outcome"] == "emergency_admissions"
    assert "prices.emergency = 1 lies outside its stated range 1550 to 2100" in value["warnings"]
    assert list(tmp_path.iterdir()) == []


def test_run_passes_options_on_and_they_win_over_settings(study: dict[str, Any]) -> None:
    icpsim("run", "small", "--replicates", "3", "--seed", "9", "--workers", "2", "--set", "run.seed=4", "--json")
    assert (study["replicates"], study["seed"], study["workers"]) == (3, 9, 2)
    assert study["scenario"].run.seed == 9


def test_run_out_writes_the_scenario_as_run(study: dict[str, Any], tmp_path: Path) -> None:
    result = icpsim("run", "small", "--out", "out", "--seed", "5")
    assert result.exit_code == 0
    assert "seed: 5" in (tmp_path / "out" / "scenario.yaml").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_foreign_folder_is_refused_before_anything_is_simulated(study: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    assert icpsim("run", "small", "--out", str(tmp_path)).exit_code == 2
    assert study == {}


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (
            RuntimeError("no case found a control"),
            1,
            "failed: RuntimeError: no case found a control (test_main.py:",
        ),
        (KeyboardInterrupt(), 130, "icpsim: stopped"),
    ],
)
def test_failure_ends_with_its_code_and_no_traceback(
    study: dict[str, Any], error: BaseException, code: int, message: str
) -> None:
    study["error"] = error
    result = icpsim("run", "small")
    assert result.exit_code == code
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "smal"), "no scenario 'smal'; did you mean 'small'?"),
        (("run", "small", "--set", "run.sed=1"), "--set run.sed=1: run.sed: unknown key; did you mean 'seed'?"),
        (("run", "small", "--replicates", "0"), "--replicates"),
        (("validate", "none.yaml"), "none.yaml: no such file"),
        (("parameters", "--tag", "RECAL"), "did you mean 'RECALL'?"),
        (("rum",), "rum"),
    ],
)
def test_wrong_input_ends_with_two_and_a_message_on_standard_error(
    arguments: tuple[str, ...], message: str
) -> None:
    result = icpsim(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_validate_names_file_line_and_field(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("scenario: mine\ntitle: Mine\nprogrammes: []\nseed: 1\n")
    result = icpsim("validate", str(file))
    assert result.exit_code == 2
    assert f"{file}:3: programmes: is empty; it needs at least one entry" in result.stderr.splitlines()
    assert icpsim("validate", "small").exit_code == 0


def test_parameters_as_json_hold_every_column_and_the_tag_chosen() -> None:
    rows = json.loads(icpsim("parameters", "--json", "--tag", "JUDGEMENT").stdout)["parameters"]
    assert {row["tag"] for row in rows} == {"JUDGEMENT"}
    names = {"name", "value", "low", "high", "unit", "role", "source", "tag", "note"}
    assert all(names <= row.keys() and all(row[n] != "" for n in names) for row in rows)


def test_parameters_end_with_their_counts_by_tag_and_by_match() -> None:
    told = json.loads(icpsim("parameters", "--json").stdout)
    rows, counts = told["parameters"], told["counts"]
    assert sum(counts["tag"].values()) == sum(counts["match"].values()) == len(rows)
    assert counts["tag"]["PAGE"] + counts["tag"]["SEED"] == counts["match"]["direct"] + counts["match"]["near"]
    assert counts["derived"]["PAGE"] == sum("DERIVED: " in row["note"] for row in rows if row["tag"] == "PAGE")
    shown = icpsim("parameters").stdout.splitlines()
    by_tag = next(k for k, line in enumerate(shown) if line.startswith("By tag: "))
    assert shown[by_tag - 1] == f"{len(rows)} parameters."
    assert f"{counts['tag']['PAGE']} PAGE" in shown[by_tag]
    ends = [line.strip() for line in shown[by_tag + 3 :]]
    assert [line.partition(":")[0] for line in ends] == [f"{n} {name}" for name, n in counts["match"].items()]


def test_scenarios_schema_and_version_as_json() -> None:
    names = [row["scenario"] for row in json.loads(icpsim("scenarios", "--json").stdout)["scenarios"]]
    pilots, nulls = ["all-sites", "case-management-sites"], ["null-random", "null-risk-list"]
    assert names == [*pilots, *nulls, "other-pilots", "small", "whole-trust"]
    assert json.loads(icpsim("schema").stdout)["properties"]["scenario"]["type"] == "string"
    assert list(json.loads(icpsim("version", "--json").stdout)) == ["version"]


@pytest.fixture
def levels(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand in for the world without a programme; returns the folder the command runs in."""
    monkeypatch.setattr(
        "icpsim.inference.natural_history.levels.measure_baseline", lambda seed, practices, progress: RESULT
    )
    monkeypatch.setattr("icpsim.inference.natural_history.levels.pictured.measure_curves", lambda *_: CURVES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_baseline_prints_levels_and_findings_and_ends_with_zero_whatever_is_inside(levels: Path) -> None:
    result = icpsim("baseline")
    assert result.exit_code == 0
    assert "0 of 2 inside the evidence's range" in result.stdout
    assert "concentration: The riskiest 5% of adults have 22%" in result.stdout
    table = [line for line in result.stdout.splitlines() if line.startswith(" fifth 5")]
    assert [line.split() for line in table] == ["fifth 5 20 / 30* 1 / 1.5* 1 / 1.5* 1 / 1.5* 1 / 1.5*".split()]
    assert len(table[0].rstrip()) <= 80
    assert max(map(len, BELOW)) <= 80
    assert result.stdout.splitlines()[-1] == "Picture: icpsim-baseline.png"
    assert [path.name for path in levels.iterdir()] == ["icpsim-baseline.png"]


def test_baseline_json_is_one_object_and_nothing_else(levels: Path) -> None:
    value = json.loads(icpsim("baseline", "--json").stdout)
    rows = value["targets"]
    assert (rows[0]["simulated"], rows[0]["inside"], rows[1]["simulated"]) == (0.2, False, None)
    assert value["findings"]["concentration"].startswith("The riskiest 5%")
    assert list(levels.iterdir()) == []


def test_baseline_out_is_a_folder_and_never_one_of_others(levels: Path) -> None:
    assert icpsim("baseline", "--out", "here").stdout.splitlines()[-1] == "Written: here"
    assert (levels / "here" / "overview.png").exists()
    (levels / "mine").mkdir()
    (levels / "mine" / "mine.txt").write_text("mine")
    result = icpsim("baseline", "--out", "mine")
    assert result.exit_code == 2
    assert "holds files that icpsim did not write" in result.stderr


def test_plan_prints_steps_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    step = types.SimpleNamespace(
        order=1, name="health", what="flares begin and end", where="icpsim/care/health.py"
    )
    module = types.ModuleType("icpsim.model.weekly_plan")
    module.PLAN = (step,)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "icpsim.model.weekly_plan", module)
    assert json.loads(icpsim("plan", "--json").stdout)["plan"] == [vars(step)]
    assert "flares begin and end" in icpsim("plan").stdout


@pytest.mark.parametrize(
    "code", ["import icpsim", "from icpsim.cli.main import app; app(['--help'], standalone_mode=False)"]
)
def test_nothing_heavy_is_imported_early(code: str) -> None:
    check = f"import sys; {code}; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"

"""``icpsim results``: SQL on finished units, while a command is at work and after."""

import json

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from icpsim.cli.main import app
from icpsim.runs.engine import Store
from icpsim.runs.result_folder import Kept
from icpsim.runs.unit import told_of
from tests.runs.units import Poisoned, Square, quiet

from .test_asking import refused


@pytest.fixture
def folder(tmp_path):
    """Twenty squares in a batch, of which one failed, and one more that is in no batch yet."""
    store = Store(tmp_path / "w", 1)
    store.results([Poisoned(k) for k in range(20)], quiet, "")
    Kept(tmp_path / "w").keep(told_of(Square(100)), {"figure": 1e4, "word": "yes"})
    return tmp_path / "w"


def asked(*arguments):
    done = CliRunner().invoke(app, ["results", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_sql_sees_batches_and_what_is_in_none_yet(folder):
    sql = "SELECT count(*) n, sum(value) total, max(text) word FROM outcomes WHERE figure IN ('figure', 'word')"
    (row,) = json.loads(asked(folder, sql, "--json"))["rows"]
    assert row == {"n": 21, "total": sum(k**2 for k in range(20) if k != 13) + 1e4, "word": "yes"}


def test_a_run_can_be_joined_to_all_that_it_was_told(folder):
    sql = (
        "SELECT json_extract(told, '$.parameters.number')::int number, value FROM outcomes JOIN runs USING (run)"
        " WHERE figure = 'figure' AND number = 7"
    )
    assert json.loads(asked(folder, sql, "--json"))["rows"] == [{"number": 7, "value": 49.0}]


def test_no_number_is_null_in_json(folder):
    sql = "SELECT DISTINCT value FROM outcomes WHERE figure = 'nothing'"
    assert json.loads(asked(folder, sql, "--json"))["rows"] == [{"value": None}]


def test_without_sql_there_is_an_overview_with_failures(folder):
    text = asked(folder)
    assert "failed: replicate 13, seed 3" in text
    assert "ZeroDivisionError: thirteen" in text
    told = json.loads(asked(folder, "--json"))
    assert sum(row["units"] for row in told["rows"]) == 20
    assert {row["title"] for row in told["rows"]} == {"numbers squared"}
    assert "figure" in told["tables"]["outcomes"]


def test_all_rows_go_to_a_file(folder, tmp_path):
    for name in ("rows.parquet", "rows.csv"):
        assert f"Written: {tmp_path / name}" in asked(folder, "SELECT * FROM outcomes", "--out", tmp_path / name)
    assert pq.read_table(tmp_path / "rows.parquet").num_rows == 19 * 3 + 2
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == 19 * 3 + 3


def test_asking_changes_nothing(folder):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    asked(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere",), "nowhere: no such folder"),
        ((".",), "not a folder of finished units"),
        (("{folder}", "SELECT figur FROM outcomes"), 'Candidate bindings: "figure"'),
        (("{folder}", ""), "gives no rows; ask with SELECT"),
        (("{folder}", "SELECT 1", "--out", "rows.xlsx"), "must end in .parquet or .csv"),
        (("{folder}", "SELECT 1", "--out", "nowhere/rows.csv"), "no folder nowhere"),
    ],
)
def test_what_cannot_be_answered_is_refused(folder, arguments, says):
    assert says in refused("results", *(text.format(folder=folder) for text in arguments))

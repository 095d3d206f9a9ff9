"""``icpsim evaluate`` on an extract in which people leave their practices: who is left out, and why."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from icpsim.cli.main import app
from icpsim.records.parquet import write_parquet
from tests.evaluation.steady_extract import START, moved, steady


def evaluate(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write an extract in which people leave every second practice a week after the start, unless enrolled later.

    Twelve of 72 cases and 240 of 480 possible controls leave.
    """
    records = steady()
    enrolled_later = records.enrolments["person"][records.enrolments["week"] > START]
    half = np.flatnonzero(records.registrations["practice"] % 2 == 1)
    found = tmp_path_factory.mktemp("extract")
    write_parquet(moved(records, np.setdiff1d(half, enrolled_later), "practice", leave=START + 1), found)
    return found


def test_the_answer_says_who_is_left_out_and_why(folder: Path) -> None:
    told = evaluate(folder)
    assert told.exit_code == 0
    assert "60 cases" in told.stdout
    assert "cases left out: 12 who left the practice before the window after was over" in told.stdout
    assert "possible controls left out: 240 who left the practice" in told.stdout
    assert "taken as a practice extract" in told.stdout
    assert "warning" not in told.stdout
    assert "cases without a control" not in told.stdout


def test_cases_without_a_control_are_counted(folder: Path) -> None:
    """With forty controls wanted for each case, and each to serve once, the first cases take them all."""
    told = evaluate(folder, "--controls", 40)
    assert "cases without a control, left out: " in told.stdout
    assert json.loads(evaluate(folder, "--controls", 40, "--json").stdout)["cases_unmatched"] > 0


def test_json_has_the_numbers_by_reason(folder: Path) -> None:
    found = json.loads(evaluate(folder, "--json").stdout)
    none = {"too_young": 0, "not_registered": 0, "records_short": 0, "joined_late": 0, "left_early": 0}
    assert found["cases_left_out"] == none | {"left_early": 12}
    assert found["controls_left_out"] == none | {"left_early": 240}
    assert (found["extract"], found["cases"]) == ("practice", 60)


def test_another_kind_of_extract_can_be_said_and_is_warned_of(folder: Path) -> None:
    told = evaluate(folder, "--extract", "national")
    assert "72 cases" in told.stdout
    assert "left out" not in told.stdout
    assert "taken as a national extract: hospital events go on when people leave their practice" in told.stdout
    assert "say that this is a practice extract" in told.stdout
    assert json.loads(evaluate(folder, "--extract", "national", "--json").stdout)["extract"] == "national"


def test_people_enrolled_when_they_had_left_are_a_fault(tmp_path: Path) -> None:
    records = steady()
    write_parquet(moved(records, records.enrolments["person"][[4, 9]], "practice", leave=START - 1), tmp_path)
    told = evaluate(tmp_path)
    assert told.exit_code == 2
    assert "enrolments: 2 rows when the person has left the practice, registrations.to_week (first: row 4)" in (
        told.stderr
    )


def test_the_share_of_people_without_a_record_is_said_and_can_be_all(folder: Path) -> None:
    assert "20% were looked at" in evaluate(folder).stdout
    assert "were looked at" not in evaluate(folder, "--without-record", 1).stdout
    assert json.loads(evaluate(folder, "--without-record", 1, "--json").stdout)["without_record"] == 1.0
    none = evaluate(folder, "--without-record", 0)
    assert none.exit_code == 2
    assert "--without-record" in none.stderr

"""``icpsim england`` from outside: the table, one JSON object, the folder, and one line for what is wrong."""

import json
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from icpsim.cli.main import app
from icpsim.questions.england.answer import NationalTotal
from icpsim.questions.england.estimate import total_row
from icpsim.questions.england.national_totals import national_totals
from icpsim.questions.england.show_table import amount, verdict
from tests.questions.england.conftest import SMALL

OPTIONS = ["--weeks", "4", "--workers", "1", *(part for name, x in SMALL for part in ("--set", f"{name}={x:g}"))]


def icpsim(*arguments):
    return CliRunner().invoke(app, ["england", *arguments])


def test_it_prints_every_total_and_how_people_add_up():
    done = icpsim(*OPTIONS)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.count("not in evidence") == sum(row.use == "absent" for row in national_totals())
    assert re.search(r"30,000 people of 30,000 on (\d+) of \1 practices' lists in 3 of 3 areas", done.stdout)
    assert "warning: england.areas = 3 lies outside its stated range 151 to 152" in done.stdout
    assert "peak memory" in done.stdout
    assert done.stderr == ""


def test_json_is_one_object_and_machine_figures_stand_apart():
    one, other = (json.loads(icpsim(*OPTIONS, "--json").stdout) for _ in range(2))
    assert one.pop("machine").keys() == other.pop("machine").keys()
    assert one == other
    assert [row["total"] for row in one["totals"]] == [row.total for row in national_totals()]
    assert len(one["by_week"]) == 4


def test_a_sample_says_so_and_gives_its_error():
    done = icpsim(*OPTIONS, "--share", "0.6")
    assert "a sample: totals are scaled up by" in done.stdout
    assert "±" in done.stdout.split("evidence's range")[0]


def test_out_writes_tables_and_a_picture(tmp_path):
    folder = tmp_path / "year"
    done = icpsim(*OPTIONS, "--out", str(folder))
    assert done.exit_code == 0, done.stderr
    names = {"areas.parquet", "weeks.parquet", "totals.parquet", "england.json", "picture.png", "versions.json"}
    assert {path.name for path in folder.iterdir()} == names
    assert len(pd.read_parquet(folder / "areas.parquet")) == 3
    assert (folder / "picture.png").read_bytes().startswith(b"\x89PNG")
    again = icpsim(*OPTIONS, "--out", str(folder))
    assert again.exit_code == 0, again.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--share", "0.0001"), "practices for a sampling standard error; the smallest share is 0.0013"),
        (("--share", "1.5"), "--share"),
        (("--share", "nan"), "--share"),
        (("--weeks", "0"), "--weeks"),
        (("--workers", "0"), "--workers"),
        (("--set", "run_in_weeks"), "--set run_in_weeks: write table.name=number"),
        (("--set", "england.run_in_weeks=soon"), "--set england.run_in_weeks=soon: write table.name=number"),
        (("--set", "england.run_in_week=5"), "did you mean 'england.run_in_weeks'?"),
        (("--set", "england.areas=0"), "--set england.areas=0: the nearest value that can be simulated is 1"),
        (("--set", "england.run_in_weeks=-1"), "the nearest value that can be simulated is 0"),
        (("--wekes", "5"), "--weeks"),
    ],
)  # fmt: skip
def test_wrong_input_ends_with_two_and_one_line(arguments, message):
    done = icpsim(*arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_foreign_folder_is_refused_before_anything_is_simulated(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    done = icpsim("--out", str(tmp_path))
    assert done.exit_code == 2
    assert "holds files that icpsim did not write" in done.stderr


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (5_463_311, "a year", "5.46m"),
        (8.4267e9, "GBP a year", "£8.43bn"),
        (469_800, "a year", "470k"),
        (3, "", "3"),
    ],
)
def test_amounts_have_three_figures(value, unit, text):
    assert amount(value, unit) == text


def test_a_miss_is_shown_as_a_miss():
    target = NationalTotal("deaths", "a year", 10.0, 9.0, 11.0, "compared", "", "", "", "PAGE", "PAGE", "")
    assert [verdict(total_row(value, 0.0, target)) for value in (10.0, 12.0)] == ["yes", "NO"]

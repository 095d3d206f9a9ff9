"""The fit's tables are written whole, and fitted values reach the parameter tables with where they come from."""

import csv
import shutil

import pytest

from icpsim.data.tables import FOLDER, load_tables
from icpsim.inference.natural_history import report

LEVEL, SHAPE = "deaths.base_rate_85p", "emergency.flare_ratio"


@pytest.fixture
def tables(tmp_path, monkeypatch):
    folder = tmp_path / "parameters"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(report, "FOLDER", folder)
    return folder


def test_fitted_values_are_written_with_ranges_and_source(tables):
    before = load_tables().parameters
    report.write_parameters({LEVEL: 0.2, SHAPE: 5.12345}, [LEVEL])
    after = load_tables(folder=tables).parameters
    assert (after[LEVEL].value, after[LEVEL].low, after[LEVEL].high) == (0.2, 0.15, 0.25)
    assert (after[SHAPE].value, after[SHAPE].low, after[SHAPE].high) == (
        5.123,
        before[SHAPE].low,
        before[SHAPE].high,
    )
    assert after[LEVEL].source == report.FITTED
    assert after[SHAPE].source.startswith(f"{report.FITTED}; range: ")
    assert after[SHAPE].tag == after[LEVEL].tag == "JUDGEMENT"
    others = set(before) - {LEVEL, SHAPE}
    assert {name: after[name] for name in others} == {name: before[name] for name in others}


def test_written_again_the_source_does_not_grow(tables):
    report.write_parameters({SHAPE: 5.0}, [])
    once = load_tables(folder=tables).parameters[SHAPE].source
    report.write_parameters({SHAPE: 5.1}, [])
    assert load_tables(folder=tables).parameters[SHAPE].source == once


def test_tables_are_whole_and_leave_nothing_else(tmp_path):
    row = report.TargetRow("a", 0.0, 1.0, 0.5, 0.0, True, 0.4, 0.6, 1.0, "")
    parameter = report.ParameterRow(SHAPE, "shape", 5.0, 5.1, 4.8, 5.4, 4.0, 10.0, 0.5, False)
    report.write_tables(tmp_path, [row], [parameter], [{SHAPE: 5.0}], {"seed": 1})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["draws.csv", "fit.csv", "fit.json", "fitted.csv"]
    with (tmp_path / "fitted.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["fitted"] == "5.1"

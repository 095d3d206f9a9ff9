"""The natural history as shipped: what the fit's tables say is what is simulated, and at least 85% is inside."""

import csv
from pathlib import Path

import pytest

from icpsim.data.natural_history_targets import target_rows
from icpsim.data.tables import load_tables
from icpsim.inference.natural_history.levels import measure_baseline

FOLDER = Path(__file__).parents[3] / "calibration" / "natural_history"
AGES = ("0_4", "5_14", "15_44", "0_44", "45_59", "60_69", "70_79", "80p", "45_64", "65_74", "75_84", "85p")
BY_AGE = [
    row["target"]
    for row in target_rows()
    if row["target"].startswith(("emergency_", "elective_", "outpatient_", "ae_", "deaths_", "nights_"))
    and row["target"].partition("_")[2] in AGES
]
SHARE = 0.85


def table(name):
    with (FOLDER / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def measured():
    return {row.target: row for row in measure_baseline(1, 40).rows}


def test_every_target_was_fitted_or_weighs_nothing():
    weights = {row["target"]: float(row["weight"]) for row in target_rows()}
    assert {row["target"]: float(row["weight"]) for row in table("fit.csv")} == weights


def test_the_tables_hold_the_fitted_values():
    """To four digits; a table edited by hand after the fit is found here."""
    tables = load_tables()
    fitted = {row["parameter"]: float(row["fitted"]) for row in table("fitted.csv")}
    wrong = {
        name: (tables.value(name), value)
        for name, value in fitted.items()
        if tables.value(name) != pytest.approx(value, rel=1e-3)
    }
    assert wrong == {}


def test_every_miss_is_named_with_its_reason():
    missed = {row["target"] for row in table("fit.csv") if row["inside"] == "False"}
    assert {row["target"] for row in table("misses.csv")} == missed
    assert [row["target"] for row in table("misses.csv") if len(row["reason"]) < 40] == []


def test_rates_by_age_are_all_there():
    counts = {
        kind: sum(name.startswith(f"{kind}_") for name in BY_AGE)
        for kind in ("emergency", "elective", "outpatient", "ae", "deaths", "nights")
    }
    assert counts == {"emergency": 7, "elective": 5, "outpatient": 5, "ae": 5, "deaths": 4, "nights": 4}


@pytest.mark.slow
def test_at_least_85_per_cent_of_targets_are_inside(measured):
    inside = [row.target for row in measured.values() if row.inside]
    assert len(inside) >= SHARE * len(measured), sorted(set(measured) - set(inside))


@pytest.mark.slow
@pytest.mark.parametrize("target", BY_AGE)
def test_a_rate_by_age_is_within_its_evidence(measured, target):
    """Or it is named among the misses, with its reason."""
    row = measured[target]
    assert row.inside or row.reason, (
        f"{target} = {row.simulated:.4g} {row.unit}, not {row.low:g} to {row.high:g} ({row.source})"
    )


@pytest.mark.slow
def test_the_fits_table_is_what_is_simulated(measured):
    """To the five digits that the table holds; the cohort's rows stand for the mechanisms in force at the fit."""
    stale = {
        row["target"]: (float(row["simulated"]), measured[row["target"]].simulated)
        for row in table("fit.csv")
        if not row["target"].startswith("cohort_")
        and measured[row["target"]].simulated != pytest.approx(float(row["simulated"]), rel=1e-4)
    }
    assert stale == {}

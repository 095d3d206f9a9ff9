"""Every natural-history target is measured, beside its range, and the same seed measures the same."""

import numpy as np
import pytest

from icpsim.data.natural_history_targets import target_rows
from icpsim.inference.natural_history.levels import measure_baseline
from icpsim.inference.natural_history.levels.consultations import expected_by_age
from icpsim.model.parameters import load_parameters
from icpsim.model.region import Region, Span
from icpsim.population.practice_lists import control_practices, origin_of


@pytest.fixture(scope="module")
def measured():
    return measure_baseline(seed=3, practices=4)


@pytest.mark.slow
def test_every_target_is_measured(measured):
    assert [row.target for row in measured.rows] == [row["target"] for row in target_rows()]
    assert [row.target for row in measured.rows if not np.isfinite(row.simulated)] == []


@pytest.mark.slow
def test_inside_is_what_it_says(measured):
    assert [row.inside for row in measured.rows] == [row.low <= row.simulated <= row.high for row in measured.rows]
    assert measured.seed == 3


def test_targets_have_a_range_and_a_source():
    rows = target_rows()
    assert len({row["target"] for row in rows}) == len(rows)
    assert [row["target"] for row in rows if not float(row["low"]) < float(row["high"])] == []
    assert [row["target"] for row in rows if not row["source"].strip() or not row["tag"].strip()] == []


def test_consultations_by_age_add_up_to_those_counted():
    """The bands' rates, weighted by people, are the weekly count of the last week times the weeks of a year."""
    parameters = load_parameters()
    weeks = 30
    region = Region(
        control_practices(6000, 0, origin_of(1, 0), 3000, parameters.population),
        Span(weeks, 0.0, weeks),
        parameters,
        everyone_consults=True,
    )
    region.live(region.everyone(), 0, weeks)
    bands = {"young": (0, 45), "middle": (45, 75), "old": (75, 130)}
    found = dict(expected_by_age(region, bands))
    people = region.people[(region.people["death_week"] >= weeks) & (region.people["birth_week"] < weeks)]
    age = (weeks - 1 - people["birth_week"]) / 52.18
    total = sum(
        found[f"consultations_{name}"] * ((age >= low) & (age < high)).sum() for name, (low, high) in bands.items()
    )
    counted = region.practice_weeks["given"][:, weeks - 1].sum() * 52.18
    assert total == pytest.approx(counted, rel=0.02)  # those in hospital do not consult
    assert found["consultations_old"] > found["consultations_middle"] > found["consultations_young"]

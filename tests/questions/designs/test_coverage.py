"""Trials without interference are unbiased and their intervals cover.

The 500 replicates of experiments/trial-coverage are kept, and what is said of them is checked here; a hundred of
them are simulated again (slow). Nothing couples people and nothing spills over; each replicate has people, lives
and an allocation of its own.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from icpsim.evaluation.outcomes import OUTCOMES as ALL_OUTCOMES
from icpsim.questions.designs.answer import try_designs
from icpsim.scenario.schema import load

FOLDER = Path(__file__).parents[3] / "experiments" / "trial-coverage"
COVERAGE = (0.93, 0.97)
"""Issue 7; 500 sound 95% intervals fall outside it about 4% of the time for one row."""
MOST_STANDARD_ERRORS = 3.0
"""Of the mean error; a sound estimator fails it 0.3% of the time for one row."""
OUTCOMES = ALL_OUTCOMES[:6]
ONCE = {("stepped_wedge", "", "bed_days")}
"""Biased by 3.2 errors and covered by 92.6%, once; not from another seed. Told in docs/designs.md."""
NEARLY = {("trial_by_person", "adjusted for use before", "ae_attendances")}
"""Covered by 92.8%: 2.2 binomial errors below 95%, as one row of 24 may be by chance; told there too."""
AGAIN = 100
ALPHA = 1e-4
"""False-alarm rate of each row of the replicates simulated again."""


@pytest.fixture(scope="module")
def kept():
    told = json.loads((FOLDER / "result.json").read_text(encoding="utf-8"))
    rows = [row for row in told["rows"] if row["outcome"] in OUTCOMES]
    assert len(rows) == 4 * len(OUTCOMES)  # three trials, one of them with two estimates
    return rows


def test_five_hundred_replicates_are_kept(kept):
    assert {row["replicates"] for row in kept} == {500}


def test_trials_are_unbiased(kept):
    biased = {
        (row["design"], row["variant"], row["outcome"])
        for row in kept
        if max(abs(row["bias"] / row["bias_se"]), abs(row["null_bias"] / row["null_bias_se"]))
        > MOST_STANDARD_ERRORS
    }
    assert biased == ONCE


def test_their_intervals_cover(kept):
    outside = {
        (row["design"], row["variant"], row["outcome"])
        for row in kept
        if not COVERAGE[0] <= row["coverage"] <= COVERAGE[1]
    }
    assert outside == ONCE | NEARLY


def test_the_stepped_wedge_is_sound_from_another_seed():
    told = json.loads((FOLDER / "result-seed-2.json").read_text(encoding="utf-8"))
    rows = [row for row in told["rows"] if row["outcome"] in OUTCOMES]
    assert len(rows) == len(OUTCOMES)
    for row in rows:
        assert abs(row["bias"]) < MOST_STANDARD_ERRORS * row["bias_se"], row["outcome"]
        assert COVERAGE[0] <= row["coverage"] <= COVERAGE[1], row["outcome"]


def test_power_agrees_with_the_formula(kept):
    with_formula = [row for row in kept if row["formula_power"] is not None]
    assert {row["design"] for row in with_formula} == {"trial_by_person", "trial_by_practice"}
    for row in with_formula:
        chance = np.sqrt(row["power"] * (1 - row["power"]) / row["replicates"])
        assert row["power"] == pytest.approx(row["formula_power"], abs=4 * chance + 0.05), row


def test_the_programme_does_something_here(kept):
    """Guards the tests above: they are not all about nothing."""
    truths = [row["truth"] for row in kept if row["outcome"] == "outpatient_attendances"]
    assert max(truths) < -0.3


def test_a_spill_over_reaches_usual_care_by_person_and_not_by_practice():
    """Outpatient use, 200 replicates: the fall is underestimated where both arms share practices."""
    told = json.loads((FOLDER / "result-spillover.json").read_text(encoding="utf-8"))
    errors = {
        row["design"]: row["bias"] / row["bias_se"]
        for row in told["rows"]
        if row["outcome"] == "outpatient_attendances" and not row["variant"]
    }
    assert errors["trial_by_person"] > MOST_STANDARD_ERRORS
    assert abs(errors["trial_by_practice"]) < MOST_STANDARD_ERRORS
    assert errors["stepped_wedge"] > MOST_STANDARD_ERRORS  # followed up beyond the step


@pytest.fixture(scope="module")
def again():
    study = try_designs(load(FOLDER / "scenario.yaml"), AGAIN, 1, drawn=False)
    return [row for row in study.rows if row.outcome in OUTCOMES]


@pytest.mark.slow
def test_a_hundred_of_them_again_are_unbiased(again):
    edge = stats.t.isf(ALPHA / 2, AGAIN - 1)
    assert {row.design for row in again} == {"trial_by_person", "trial_by_practice", "stepped_wedge"}
    for row in again:
        assert abs(row.bias) <= edge * row.bias_se, (row.design, row.outcome)


@pytest.mark.slow
def test_a_hundred_of_them_again_are_covered(again):
    low, high = stats.binom.ppf([ALPHA / 2, 1 - ALPHA / 2], AGAIN, 0.95) / AGAIN
    for row in again:
        assert low <= row.coverage <= high, (row.design, row.outcome)

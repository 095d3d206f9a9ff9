"""Where nothing was done: naive designs find a fall, a matched difference-in-differences does not."""

import math

import numpy as np
import pytest

from icpsim.evaluation.designs import DESIGNS, DesignOptions
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.scenario.schema import load

pytestmark = pytest.mark.slow

REPLICATES = 40
NOTHING_DONE = (
    "programmes.0.targeting.policy=risk_score",
    "programmes.0.effects=off",
    "parameters.mechanisms.gp_information=0",
    "parameters.mechanisms.active_treatment_avoidance=0",
)
FALL = (0.2, 0.6)
"""What a before-and-after study without controls shows of emergency admissions when nothing was done (issue 7)."""
DESIGNS_ASKED = ("before_after", "unmatched_did", "matched_did", "post_only_cohort", "practice_panel")
MOST_STANDARD_ERRORS = 3.6
"""A mean of 40 exceeds it by chance once in 1,000 (t with 39 degrees of freedom)."""


@pytest.fixture(scope="module")
def found():
    """Return every replicate's estimates of emergency admissions: log ratios, and whether the interval holds 0."""
    scenario = load("small", NOTHING_DONE)
    study = scenario.study
    options = DesignOptions(
        study.history_weeks,
        study.programme_weeks,
        min_age=study.min_age,
        screen_share=scenario.evaluation.screen_share,
    )
    estimates: dict[str, list[tuple[float, bool]]] = {}
    for number in range(REPLICATES):
        model = IntegratedCareModel(scenario, 1, number)
        model.run()
        records = model.records()
        for name in DESIGNS_ASKED:
            for row in DESIGNS[name].estimate(records, options, model.parameters.prices):
                if row.outcome == "emergency_admissions":
                    low, high = row.interval
                    key = f"{name} {row.variant}".strip()
                    estimates.setdefault(key, []).append((row.estimate, low <= 0 <= high))
        model.close()
    return {key: np.array(rows, float) for key, rows in estimates.items()}


def mean_and_error(rows):
    return rows[:, 0].mean(), rows[:, 0].std(ddof=1) / math.sqrt(len(rows))


@pytest.mark.parametrize("name", ["before_after", "unmatched_did"])
def test_naive_designs_show_a_fall_of_20_to_60_per_cent(found, name):
    """The whole interval of the mean lies in the range, which it does not by chance (its reach is 3.6 errors)."""
    mean, error = mean_and_error(found[name])
    fall = sorted(1 - math.exp(mean + side * MOST_STANDARD_ERRORS * error) for side in (-1, 1))
    assert FALL[0] < fall[0] < fall[1] < FALL[1], fall
    assert found[name][:, 1].mean() <= 0.5, "at least half of the intervals should have called it an effect"


@pytest.mark.parametrize("name", ["matched_did bias-corrected", "practice_panel"])
def test_sound_designs_find_nothing(found, name):
    """False alarm of the mean 0.1%; fewer than 32 of 40 sound 95% intervals hold 0 with probability 1e-4."""
    mean, error = mean_and_error(found[name])
    assert abs(mean) < MOST_STANDARD_ERRORS * error, (mean, error)
    assert error < 0.05, "a fall of 20% would be seen"
    assert found[name][:, 1].sum() >= 32


def test_a_matched_design_is_nowhere_near_the_naive_one(found):
    """Raw matched estimates are above naive ones in nearly every replicate: 36 of 40 by chance once in 1e7."""
    assert (found["matched_did raw"][:, 0] > found["before_after"][:, 0]).sum() > 35

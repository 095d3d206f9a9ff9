"""What the evaluation finds where nothing was done: nothing, or its own bias, which the study then prints.

(a) people enrolled at random within strata that the evaluator sees: the estimator has no bias and its intervals
cover. (b) people enrolled from a risk list, with a pool of controls of full size: what is left is shown.
"""

from statistics import NormalDist

import numpy as np
import pytest
from rich.console import Console
from scipy import stats

from icpsim.questions.run.pooled import pooled_rows
from icpsim.questions.run.show_table import print_study
from icpsim.questions.run.study import run_study
from icpsim.records.outcomes import EVALUATED, HEADLINES
from icpsim.report.words import label, words
from icpsim.scenario.schema import load

pytestmark = pytest.mark.slow

REPLICATES, SEEDS = 100, (1, 2)
"""``experiments/null-random`` keeps 200 replicates of each."""
ALPHA = 0.05
"""False-alarm rate of each of the two checks on all outcomes together, were the seeds drawn anew."""
MOST_Z = NormalDist().inv_cdf(1 - ALPHA / 2 / len(EVALUATED))
Z95 = NormalDist().inv_cdf(0.975)
MOST_STANDARD_ERRORS = 2.0
FEWEST_CONTROLS = 8.0
"""People outside the pilots for each person on a pilot list (issue 2)."""
CORRECTED = (0.96, 1.04)


@pytest.fixture(scope="module")
def at_random():
    return [run_study(load("null-random"), replicates=REPLICATES, seed=seed, workers=2) for seed in SEEDS]


@pytest.fixture(scope="module")
def by_risk_list():
    return run_study(load("null-risk-list"), replicates=3, seed=1, workers=2)


def column(studies, outcome, name):
    rows = [row for study in studies for row in study.replicate_rows if row["outcome"] == outcome]
    return np.array([row[name] for row in rows], np.float64)


def test_every_replicate_is_evaluated(at_random):
    assert [text for study in at_random for text in study.warnings if text.startswith("replicate ")] == []
    assert {len(column(at_random, outcome, "estimate")) for outcome in EVALUATED} == {REPLICATES * len(SEEDS)}
    for outcome in HEADLINES:
        assert np.isfinite(column(at_random, outcome, "estimate")).all()


@pytest.mark.parametrize("outcome", EVALUATED)
def test_nothing_was_done(at_random, outcome):
    """Where nobody had any, there is no number."""
    true = column(at_random, outcome, "true")
    assert set(true[np.isfinite(true)]) == {0.0}


def test_cases_and_controls_differ_by_chance_alone(at_random):
    """The change of the ratio of pooled means, of all outcomes and both seeds together.

    The largest of eight z-values of sound outcomes is over ``MOST_Z`` in 5 of 100 sets of seeds at most
    (Bonferroni).
    """
    rows = pooled_rows(row for study in at_random for row in study.replicate_rows)
    assert len(rows) == len(EVALUATED)
    told = {row.outcome: (row.before, row.after, row.change, row.change / row.change_se) for row in rows}
    assert max(abs(z) for *_, z in told.values()) <= MOST_Z, told


FEW = pytest.mark.xfail(
    strict=True,
    reason="chemotherapy: most studies of 400 people have a group with none, and the rest too few for an interval",
)


@pytest.mark.parametrize(
    "outcome", [pytest.param(o, marks=FEW) if o == "chemotherapy_admissions" else o for o in EVALUATED]
)
def test_intervals_cover_the_truth(at_random, outcome):
    """95% intervals of all outcomes and both seeds together, at a 5% false-alarm rate (Bonferroni).

    Too wide is no fault of an interval that does not know what matching takes away: it is told in the docs, and
    not tested.
    """
    estimate, se = column(at_random, outcome, "estimate"), column(at_random, outcome, "se")
    known = np.isfinite(estimate)
    held = int((np.abs(estimate[known]) <= Z95 * se[known]).sum())
    p = stats.binomtest(held, int(known.sum()), 0.95, alternative="less").pvalue
    assert p > ALPHA / len(EVALUATED), (held, int(known.sum()))


@pytest.mark.parametrize("outcome", HEADLINES)
def test_an_error_of_half_a_standard_error_would_be_seen(at_random, outcome):
    """The check has power: an estimator off by half of one study's standard error fails it."""
    error = column(at_random, outcome, "estimate") + 0.5 * column(at_random, outcome, "se")
    assert error.mean() > MOST_STANDARD_ERRORS * error.std(ddof=1) / np.sqrt(error.size)


def test_the_pool_of_the_risk_list_study_is_of_full_size(by_risk_list):
    assert by_risk_list.support["pool_ratio"] >= FEWEST_CONTROLS
    assert by_risk_list.cases == 3646


def test_the_corrected_emergency_ratio_is_near_one(by_risk_list):
    row = next(row for row in by_risk_list.bias if row.outcome == "emergency_admissions")
    low, high = CORRECTED
    slack = MOST_STANDARD_ERRORS * row.corrected_se
    assert low - slack <= row.corrected <= high + slack, (row.corrected, row.corrected_se)


def test_the_evaluations_own_bias_is_printed_with_its_error_and_its_causes(by_risk_list):
    console = Console(width=200, force_terminal=False)
    with console.capture() as capture:
        print_study(console, by_risk_list, None)
    text = capture.get()
    lines = {
        line.split(",")[0].strip(): line for line in text.splitlines() if "/ truth" in line or "- truth" in line
    }
    for row in by_risk_list.bias:
        if row.measure != "rate_ratio":
            continue
        line = lines[label(row.outcome)]
        assert f"{row.raw:.3f} ({row.raw_se:.3f})" in line
        assert f"{row.corrected:.3f} ({row.corrected_se:.3f})" in line
    cost = next(row for row in by_risk_list.bias if row.outcome == "hospital_cost")
    for value in (cost.raw, cost.raw_se, cost.corrected, cost.corrected_se):
        assert f"£{abs(round(value))}" in lines["hospital cost per patient"]
    worst = max(by_risk_list.balance, key=lambda row: abs(row.after))
    assert f"{words(worst.covariate)} {worst.after:+.2f}" in text
    assert f"{by_risk_list.support['pool_ratio']:.3g} for each of the" in " ".join(text.split())
    assert f"{by_risk_list.support['above_pool_top']:.0%} of cases are at higher risk" in " ".join(text.split())

"""Samples of the pool leave the evaluation where the whole pool has it: paired, with no effect to be found."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

COMPARE = Path(__file__).parents[2] / "experiments" / "sampling" / "compare.py"
REPLICATES = 12
ALPHA = 0.01
"""False-alarm rate of all paired differences together (Bonferroni), were the seed drawn anew."""


@pytest.mark.slow
def test_sampling_leaves_estimates_where_they_are():
    """Mean paired differences of every outcome, for a risk list and for people enrolled by chance.

    ``experiments/sampling`` keeps more replicates of five policies. The bound on the error of emergencies keeps
    the test able to see a tenth.
    """
    spec = importlib.util.spec_from_file_location("compare", COMPARE)
    compare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compare)
    rows = [row for k in range(REPLICATES) for row in compare.replicate(1, k, ["risk score", "chance"])]
    found = compare.differences(rows)
    p = {
        (policy, sample, outcome): 2.0 * stats.t.sf(abs(mean / se), pairs - 1)
        for policy, sample, outcome, pairs, mean, se in found
        if pairs == REPLICATES
    }
    assert len(p) > 80
    assert min(p.values()) > ALPHA / len(p), min(p, key=p.get)
    errors = [
        se for policy, sample, outcome, _, _, se in found if outcome == "emergency_admissions" and "5:1" in sample
    ]
    assert np.median(errors) < 0.05

"""Pooled means against formulas: statsmodels has no jackknife, so errors are held to the delta method."""

import numpy as np
import pytest

from icpsim.questions.run.pooled import MEANS, pooled_rows


def rows_of(means, outcome="emergency_admissions", measure="rate_ratio"):
    return [{"outcome": outcome, "measure": measure, **dict(zip(MEANS, row, strict=True))} for row in means]


def test_gaps_are_those_of_the_means_of_all_replicates():
    means = np.random.default_rng(1).gamma(4.0, 0.1, (40, 4))
    found = pooled_rows(rows_of(means))[0]
    b, a, controls_b, controls_a = means.mean(axis=0)
    assert found.before == pytest.approx(np.log(b / controls_b))
    assert found.after == pytest.approx(np.log(a / controls_a))
    assert found.change == pytest.approx(found.after - found.before)
    whole = pooled_rows(rows_of(means, "hospital_cost", "difference_gbp"))[0]
    assert whole.change == pytest.approx(a - controls_a - b + controls_b)


def test_errors_are_those_of_the_delta_method():
    means = np.random.default_rng(2).gamma(25.0, 0.02, (4000, 4))
    found = pooled_rows(rows_of(means))[0]
    relative = means / means.mean(axis=0) - 1
    for name, signs in {"before": (1, 0, -1, 0), "after": (0, 1, 0, -1), "change": (-1, 1, 1, -1)}.items():
        expected = (relative @ signs).std(ddof=1) / np.sqrt(len(means))
        assert getattr(found, f"{name}_se") == pytest.approx(expected, rel=0.01)


def test_chance_alone_does_not_move_the_ratio_of_pooled_means():
    """A skewed outcome of few people: the mean log ratio is off by 0.1, the pooled ratio by less than 4 errors."""
    means = np.random.default_rng(3).gamma([4.0, 4.0, 40.0, 40.0], [0.1, 0.1, 0.01, 0.01], (4000, 4))
    found = pooled_rows(rows_of(means))[0]
    logs = np.log(means[:, 1] / means[:, 3]).mean()
    assert logs < -0.1
    assert abs(found.after) < 4 * found.after_se


def test_one_replicate_has_no_error_and_no_event_no_number():
    found = pooled_rows(rows_of([[0.0, 1.0, 0.5, 0.5]]))[0]
    assert np.isnan(found.change_se)
    assert not np.isfinite(found.before)

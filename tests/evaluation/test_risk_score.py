import numpy as np
import pytest

from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.features import Features
from icpsim.evaluation.risk_score import (
    area_under_curve,
    concentration,
    fit_risk_score,
    positive_predictive_value,
)


def test_logistic_coefficients_are_recovered():
    rng = np.random.default_rng(2)
    n = 60_000
    count, flag = rng.poisson(1.0, n), rng.random(n) < 0.3
    log_odds = -1.5 + 0.8 * np.log1p(count) + 0.6 * flag
    people = Features(("ae_52", "registered_copd"), np.column_stack([count, flag]).astype(np.float32))
    score = fit_risk_score(people, rng.random(n) < 1 / (1 + np.exp(-log_odds)))
    slopes = score.coefficients / score.scaling.scale
    # Standard errors are about 0.017 and 0.02; bounds of four: false alarm 1 in 10,000.
    assert slopes == pytest.approx([0.8, 0.6], abs=0.08)
    np.testing.assert_allclose(score.linear_predictor(people), log_odds, atol=0.2)


def test_helpers_by_hand():
    score, admitted = np.array([0.9, 0.8, 0.3, 0.1]), np.array([True, False, True, False])
    assert area_under_curve(score, admitted) == pytest.approx(3 / 4)
    assert positive_predictive_value(score, admitted, 0.5) == pytest.approx(0.5)
    assert concentration(score, np.array([3, 1, 1, 0]), 0.25) == pytest.approx(0.6)
    assert concentration(score, np.array([3, 1, 1, 0]), 0.375) == pytest.approx(0.7)
    assert concentration(score[:2], np.array([1, 1]), 0.25, np.array([1.0, 3.0])) == pytest.approx(0.25)


def test_other_columns_and_constant_outcomes_are_refused():
    people = Features(("age",), np.arange(10, dtype=np.float32)[:, None])
    with pytest.raises(EvaluationError, match="with and without"):
        fit_risk_score(people, np.zeros(10, bool))
    score = fit_risk_score(people, np.arange(10) % 2 == 0)
    with pytest.raises(ValueError, match="fitted on"):
        score.linear_predictor(Features(("female",), people.values))

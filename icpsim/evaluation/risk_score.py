"""A risk score for emergency admission in the next year, in the manner of PARR and the Combined Model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.features import Features
from icpsim.evaluation.linear import RawSlopes, Scaling, fit_scaling, linear_predictors, raw_slopes


@dataclass(frozen=True, slots=True)
class RiskScore:
    """A fitted logistic model; ``coefficients`` float64[k] are per SD of each column of ``scaling``."""

    scaling: Scaling
    coefficients: NDArray[np.float64]
    intercept: float

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns, in the order of the coefficients."""
        return self.scaling.names

    def raw(self) -> RawSlopes:
        """Return the coefficients of columns that are not standardised; slopes float64[k, 1], base float64[1]."""
        return raw_slopes(self.scaling, self.coefficients[:, None], np.array([self.intercept]))

    def linear_predictor(self, features: Features) -> NDArray[np.float64]:
        """Return the log odds of an emergency admission; float64[n]. ``ValueError`` if columns differ."""
        scores = linear_predictors(features, self.scaling, self.coefficients[:, None], np.array([self.intercept]))
        return scores[:, 0]

    def probability(self, features: Features) -> NDArray[np.float64]:
        """Return the predicted chance of an emergency admission; float64[n]."""
        return 1.0 / (1.0 + np.exp(-self.linear_predictor(features)))


def fit_risk_score(
    features: Features, admitted: NDArray[np.bool_], weights: NDArray[np.float64] | None = None
) -> RiskScore:
    """Fit the chance of any emergency admission in the next 52 weeks on look-back features.

    Any columns will do, so a tool that also sees GP records appends them with ``with_columns``. Raises
    ``EvaluationError`` if nobody, or everybody, was admitted. Billings et al. 2006 (BMJ 333:327); Wennberg
    et al. 2006 (Combined Predictive Model) for the form.
    """
    from sklearn.linear_model import LogisticRegression

    outcome = np.asarray(admitted).astype(bool)
    if outcome.all() or not outcome.any():
        raise EvaluationError("a risk score needs people with and without an emergency admission")
    w = np.ones(outcome.size) if weights is None else np.asarray(weights, np.float64)
    scaling = fit_scaling(features, w)
    model = LogisticRegression(solver="newton-cholesky")
    model.fit(scaling.apply(features), outcome, sample_weight=w)
    return RiskScore(scaling, model.coef_[0].copy(), float(model.intercept_[0]))


def area_under_curve(
    score: NDArray[np.float64], outcome: NDArray[np.bool_], weights: NDArray[np.float64] | None = None
) -> float:
    """Return the chance that a person with the outcome has the higher score (ties count half)."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(outcome, score, sample_weight=weights))


def _top(
    score: NDArray[np.float64], share: float, weights: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not 0 < share <= 1:
        raise ValueError(f"the share must be above 0 and at most 1, not {share}")
    w = np.ones(score.size) if weights is None else np.asarray(weights, np.float64)
    order = np.argsort(-score, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(w[order])[:-1]])
    inside = np.zeros(score.size)
    inside[order] = np.clip((share * w.sum() - before) / w[order], 0.0, 1.0)
    return inside * w, w


def positive_predictive_value(
    score: NDArray[np.float64],
    outcome: NDArray[np.bool_],
    share: float,
    weights: NDArray[np.float64] | None = None,
) -> float:
    """Return the share with the outcome among the top ``share`` of the score."""
    top, _ = _top(score, share, weights)
    return float(top @ outcome / top.sum())


def concentration(
    score: NDArray[np.float64],
    admissions: NDArray[np.integer],
    share: float,
    weights: NDArray[np.float64] | None = None,
) -> float:
    """Return the share of all admissions that the top ``share`` of the score goes on to have."""
    top, w = _top(score, share, weights)
    return float(top @ admissions / (w @ admissions))

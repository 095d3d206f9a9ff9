"""Prognostic scores: what records say will happen without the programme, learnt outside the pilots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.cohort import Pool
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.features import Features, features
from icpsim.evaluation.linear import Scaling, fit_scaling, linear_predictors
from icpsim.evaluation.types import EvaluationDesign
from icpsim.evaluation.windows import count_windows
from icpsim.records.schema import HospitalRecords, Method
from icpsim.records.tables import OrderedRecords, study_of

SCORES = ("emergency", "elective", "outpatient")
PENALTY = 1e-4
"""Ridge penalty per person on standardised columns: keeps a fit defined when a column is empty, moves a
coefficient by less than its standard error otherwise."""
MAX_SAMPLE = 50_000
RECORD_SHARE = 0.75
"""Share of the sample kept for people with emergency or chemotherapy records, who carry the information."""


@dataclass(frozen=True, slots=True)
class PrognosticModel:
    """Three Poisson models in one; ``coefficients`` float64[k, 3], ``intercepts`` float64[3], as SCORES."""

    scaling: Scaling
    coefficients: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def log_scores(self, people: Features) -> NDArray[np.float64]:
        """Return log expected events in the next window; float64[n, 3], columns as SCORES."""
        return linear_predictors(people, self.scaling, self.coefficients, self.intercepts)


def sample_people(pool: Pool, screen_share: float) -> tuple[NDArray[np.integer], NDArray[np.float64]]:
    """Choose at most about ``MAX_SAMPLE`` people of a pool; return them and their inverse-probability weights.

    The pool holds everyone with a record and a share of the others, chosen by their hash; people with records
    are all taken while they fit their part of the sample. Weights are the pool's over the chance of being chosen.
    """
    n_records = int(pool.has_record.sum())
    n_others = pool.persons.size - n_records
    chance_record = min(1.0, RECORD_SHARE * MAX_SAMPLE / max(n_records, 1))
    chance_other = min(1.0, (1.0 - RECORD_SHARE) * MAX_SAMPLE / max(n_others, 1))
    chance = np.where(pool.has_record, chance_record, chance_other)
    below = np.where(pool.has_record, 1.0, np.minimum(1.0, screen_share * pool.stands_for))
    chosen = pool.draw < chance * below
    return pool.persons[chosen], pool.weights[chosen] / chance[chosen]


def outcome_counts(study: HospitalRecords, week: int, window_weeks: int) -> NDArray[np.int16]:
    """Count emergency, elective and attended outpatient events of all people from ``week`` on; int16[n, 3]."""
    everyone = np.arange(study.registrations.size, dtype=np.int32)
    spells, visits = study.spells, study.outpatient
    tables = [
        (spells[spells["method"] == Method.EMERGENCY], "admitted"),
        (spells[spells["method"] == Method.ELECTIVE], "admitted"),
        (visits[visits["attended"] > 0], "week"),
    ]
    edges = (0, window_weeks)
    return np.hstack(
        [count_windows(t["person"], t[column], everyone, everyone.size, week, edges) for t, column in tables]
    )


def fit_prognostic(people: Features, counts: NDArray[np.int16], weights: NDArray[np.float64]) -> PrognosticModel:
    """Fit one weighted Poisson model per outcome (counts int16[n, 3]) on standardised look-back features.

    Raises ``EvaluationError`` if an outcome never happens.
    """
    from sklearn.linear_model import PoissonRegressor

    scaling = fit_scaling(people, weights)
    x = scaling.apply(people)
    coefficients, intercepts = np.empty((x.shape[1], len(SCORES))), np.empty(len(SCORES))
    for m, name in enumerate(SCORES):
        if not counts[:, m].any():
            raise EvaluationError(f"no {name} events outside the pilots to learn a prognostic score from")
        model = PoissonRegressor(alpha=PENALTY, solver="newton-cholesky", max_iter=100)
        model.fit(x, counts[:, m].astype(np.float64), sample_weight=weights)
        coefficients[:, m], intercepts[m] = model.coef_, model.intercept_
    return PrognosticModel(scaling, coefficients, intercepts)


def learn_prognostic(
    source: OrderedRecords, outside: Pool, week: int, design: EvaluationDesign, prices: Prices
) -> PrognosticModel:
    """Learn the scores from people outside the pilots at a week whose window ends before the programme.

    Raises ``EvaluationError`` if there are no such people or an outcome never happens among them.
    """
    if outside.persons.size == 0:
        raise EvaluationError("nobody is registered outside the pilots: there is no one to learn from")
    chosen, weights = sample_people(outside, design.screen_share)
    study = study_of(source, chosen)
    people = features(study, np.arange(chosen.size), week, prices)
    return fit_prognostic(people, outcome_counts(study, week, design.weeks_before), weights)

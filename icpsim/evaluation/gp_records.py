"""Matching on GP records as well: what they add to the score of emergency admissions.

The published evaluators had hospital records alone. With everyone's GP records they could have learnt how contacts
and condition registers change what is to be expected, and matched on that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.evaluation.cohort import Pool
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.features import features
from icpsim.evaluation.prognostic import PENALTY, PrognosticModel, outcome_counts, sample_people
from icpsim.evaluation.types import EvaluationDesign
from icpsim.evaluation.windows import count_windows, row_map
from icpsim.records.schema import CONDITIONS, GPRecords
from icpsim.records.tables import OrderedRecords, study_of

WINDOWS = (-52, -12, -4, 0)
"""Weeks from the index week that part contacts into those of a year, a quarter and a month."""
_REGISTERS = [k for k, name in enumerate(CONDITIONS) if name != "cancer"]
"""Registers as they stand at the end of the study. That of cancer is left out: treatment after the index week
would show in it. New conditions come on by age alone, for cases and controls alike."""


@dataclass(frozen=True, slots=True)
class GPMatch:
    """A Poisson model of emergency admissions: the score from hospital records and what GP records show.

    ``slopes`` float64[1 + windows + registers] are those of the log score, log1p of contacts and registers.
    """

    gp: GPRecords
    slopes: Floats
    base: float

    def of_people(self, persons: NDArray[np.integer], weeks: NDArray[np.integer], log_score: Floats) -> Floats:
        """Return log expected admissions of people, each before a week of their own; float64[persons]."""
        return np.asarray(_columns(self.gp, persons, weeks, log_score) @ self.slopes + self.base, np.float64)

    def of_pool(self, persons: NDArray[np.integer], week: int, space: Floats) -> Floats:
        """Return matching coordinates (float64[n, 4]) whose first is the score with GP records."""
        moved = space.copy()
        weeks = np.full(len(persons), week, np.int16)
        moved[:, 0] = self.of_people(persons, weeks, space[:, 0])
        return moved


def learn_gp_match(
    source: OrderedRecords,
    outside: Pool,
    week: int,
    design: EvaluationDesign,
    prices: Prices,
    model: PrognosticModel,
    gp: GPRecords,
) -> GPMatch:
    """Learn from people outside the pilots, at the week at which the prognostic scores were learnt."""
    from sklearn.linear_model import PoissonRegressor

    chosen, weights = sample_people(outside, design.screen_share)
    study = study_of(source, chosen)
    people = features(study, np.arange(chosen.size), week, prices)
    score = model.log_scores(people)[:, 0]
    x = _columns(gp, chosen, np.full(chosen.size, week, np.int16), score)
    centre = np.average(x, axis=0, weights=weights)
    spread = np.sqrt(np.average((x - centre) ** 2, axis=0, weights=weights))
    spread[spread == 0] = 1.0
    counts = outcome_counts(study, week, design.weeks_before)[:, 0].astype(np.float64)
    fit = PoissonRegressor(alpha=PENALTY, solver="newton-cholesky", max_iter=100)
    fit.fit((x - centre) / spread, counts, sample_weight=weights)
    slopes = fit.coef_ / spread
    return GPMatch(gp, slopes, float(fit.intercept_ - slopes @ centre))


def _columns(gp: GPRecords, persons: NDArray[np.integer], weeks: NDArray[np.integer], log_score: Floats) -> Floats:
    """Return the model's columns; people must be listed once."""
    everyone = len(gp.registered_conditions)
    rows = row_map(persons, everyone)
    contacts = count_windows(
        gp.contacts["person"], gp.contacts["week"], rows, len(persons), weeks.astype(np.int16), WINDOWS
    )
    registers = gp.registered_conditions[persons]
    held = [(registers >> k & 1).astype(np.float64) for k in _REGISTERS]
    return np.column_stack([log_score, np.log1p(contacts.astype(np.float64)), *held])

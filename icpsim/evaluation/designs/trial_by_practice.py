"""A trial by practice: people identified in both kinds of practice, errors clustered on the practice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.designs.allocated import COST, AllocatedPeople, allocated_people
from icpsim.evaluation.designs.interface import DesignEstimate, DesignOptions, Estimand, Trial
from icpsim.evaluation.designs.regression import Fit, clustered_regression
from icpsim.evaluation.errors import EvaluationError
from icpsim.records.schema import HospitalRecords

FEWEST = 4
"""Practices below which no error is given: two an arm."""


class TrialByPractice:
    """Practices are allocated by a draw; the people they identify are compared as their practice was allocated.

    Poisson (pounds: linear) regression on the arm, errors clustered on the practice with the correction of
    Kauermann and Carroll, and a t distribution with two degrees of freedom fewer than practices.
    """

    name = "trial_by_practice"
    title = "trial by practice"
    estimand: Estimand = "allocated"
    naive = False
    trial: Trial = "practice"

    def estimate(
        self, records: HospitalRecords, options: DesignOptions, prices: Prices
    ) -> tuple[DesignEstimate, ...]:
        """Return an estimate of every outcome. Raises ``EvaluationError`` without a trial or practices."""
        people = allocated_people(records, options, prices)
        practices, cell = np.unique(people.practice, return_inverse=True)
        if len(practices) < FEWEST:
            raise EvaluationError(f"a trial by practice needs {FEWEST} practices, not {len(practices)}")
        exposure = np.bincount(cell).astype(np.float64)
        share = np.bincount(cell, people.programme) / exposure
        if not np.isin(share, (0.0, 1.0)).all():
            raise EvaluationError("no trial by practice: some practices have people in both arms")
        x = np.column_stack([np.ones(len(practices)), share])
        return tuple(
            _estimate(self.name, outcome, people, len(practices) - 2, fit)
            for outcome, after in people.after.items()
            for fit in [
                clustered_regression(
                    np.bincount(cell, after).astype(np.float64), x, exposure, practices, log_link=outcome != COST
                )
            ]
        )


def _estimate(name: str, outcome: str, people: AllocatedPeople, df: int, fit: Fit) -> DesignEstimate:
    cases = int(people.programme.sum())
    return DesignEstimate(
        name,
        outcome,
        "difference_gbp" if outcome == COST else "rate_ratio",
        *fit.of(1),
        cases,
        len(people.person) - cases,
        "",
        float(df),
        *people.left_out,
    )


class SteppedWedge:
    """Practices start the programme at steps whose order is drawn; every practice is its own control.

    People identified in one month in one practice are a cell; Poisson (pounds: linear) regression on the arm with
    an effect for every practice and every month, errors clustered on the practice as in :class:`TrialByPractice`.
    Practices and months without any event say nothing and are left out.
    """

    name = "stepped_wedge"
    title = "stepped wedge"
    estimand: Estimand = "allocated"
    naive = False
    trial: Trial = "steps"

    def estimate(
        self, records: HospitalRecords, options: DesignOptions, prices: Prices
    ) -> tuple[DesignEstimate, ...]:
        """Return an estimate of every outcome. Raises ``EvaluationError`` without a trial or practices."""
        people = allocated_people(records, options, prices)
        practices = len(np.unique(people.practice))
        if practices < FEWEST:
            raise EvaluationError(f"a stepped wedge needs {FEWEST} practices, not {practices}")
        return tuple(_stepped(self.name, outcome, people) for outcome in people.after)


def _stepped(name: str, outcome: str, people: AllocatedPeople) -> DesignEstimate:
    log_link = outcome != COST
    kept = _tell_something(people, people.after[outcome]) if log_link else np.ones(len(people.person), np.bool_)
    practices, practice = np.unique(people.practice[kept], return_inverse=True)
    weeks, week = np.unique(people.week[kept], return_inverse=True)
    if len(practices) < FEWEST or len(weeks) < 2:
        nothing = Fit(np.full(2, np.nan), np.full((2, 2), np.nan))
        return _estimate(name, outcome, people, 1, nothing)
    pairs = np.column_stack([practice, week, people.programme[kept]])
    cells, cell = np.unique(pairs, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    x = np.column_stack(
        [
            np.ones(len(cells)),
            cells[:, 2],
            cells[:, [0]] == np.arange(1, len(practices)),
            cells[:, [1]] == np.arange(1, len(weeks)),
        ]
    ).astype(np.float64)
    fit = clustered_regression(
        np.bincount(cell, people.after[outcome][kept]).astype(np.float64),
        x,
        np.bincount(cell).astype(np.float64),
        cells[:, 0],
        log_link=log_link,
    )
    return _estimate(name, outcome, people, len(practices) - 2, fit)


def _tell_something(people: AllocatedPeople, after: Floats) -> NDArray[np.bool_]:
    """Return who is in a practice and a month in which anybody had an event; bool[n]."""
    kept = np.ones(len(after), np.bool_)
    while True:
        having = kept & (after > 0)
        now = kept & np.isin(people.practice, people.practice[having]) & np.isin(people.week, people.week[having])
        if (now == kept).all():
            return kept
        kept = now

"""A trial by person: the arms' rates over the window, and the same adjusted for use before allocation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from icpsim.evaluation.costs import Prices
from icpsim.evaluation.designs.allocated import COST, AllocatedPeople, allocated_people
from icpsim.evaluation.designs.interface import DesignEstimate, DesignOptions, Estimand, Trial
from icpsim.evaluation.designs.regression import Correction, clustered_regression
from icpsim.records.schema import HospitalRecords

ADJUSTED = "adjusted for use before"


class TrialByPerson:
    """Everybody identified is allocated by a draw; arms are compared as allocated.

    Rate ratios by Poisson regression (pounds by linear regression) with errors clustered on the person, which
    hold whatever the spread of the counts. The second row adds the logarithm of one more than the same outcome
    before allocation, as analysis of covariance does.
    """

    name = "trial_by_person"
    title = "trial by person"
    estimand: Estimand = "allocated"
    naive = False
    trial: Trial = "person"

    def estimate(
        self, records: HospitalRecords, options: DesignOptions, prices: Prices
    ) -> tuple[DesignEstimate, ...]:
        """Return two estimates of every outcome, raw and adjusted. Raises ``EvaluationError`` without a trial."""
        people = allocated_people(records, options, prices)
        return tuple(row for outcome in people.after for row in self._of(outcome, people))

    def _of(self, outcome: str, people: AllocatedPeople) -> Iterator[DesignEstimate]:
        after, ones = people.after[outcome], np.ones(len(people.person))
        raw = np.column_stack([ones, people.programme])
        adjusted = np.column_stack([raw, np.log1p(people.before[outcome])])
        cases = int(people.programme.sum())
        for variant, x in (("", raw), (ADJUSTED, adjusted)):
            fit = clustered_regression(
                after,
                x.astype(np.float64),
                ones,
                people.person,
                log_link=outcome != COST,
                correction=Correction.KAUERMANN_CARROLL,
            )
            yield DesignEstimate(
                self.name,
                outcome,
                "difference_gbp" if outcome == COST else "rate_ratio",
                *fit.of(1),
                cases,
                len(people.person) - cases,
                variant,
                cases_left_out=people.left_out[0],
                controls_left_out=people.left_out[1],
            )

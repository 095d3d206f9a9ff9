"""Naive: the enrolled before and after, with nobody beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icpsim.evaluation.cohort import find_cases
from icpsim.evaluation.contrasts import change_difference, change_ratio
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.designs.around_index import before_and_after, matching_design, measure_of
from icpsim.evaluation.designs.interface import DesignEstimate, DesignOptions, Estimand, Trial
from icpsim.records.schema import HospitalRecords


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Cases after against cases before. People are enrolled while they are ill and most recover by themselves.

    That fall (regression to the mean) is counted as the programme's.
    """

    name: str = "before_after"
    title: str = "before and after, no controls"
    estimand: Estimand = "cases"
    naive: bool = True
    trial: Trial = "none"

    def estimate(
        self, records: HospitalRecords, options: DesignOptions, prices: Prices
    ) -> tuple[DesignEstimate, ...]:
        """Return an estimate of each outcome, clustered on the person.

        Raises ``EvaluationError`` without a case.
        """
        cases, left_out = find_cases(records, matching_design(options))
        amounts = before_and_after(records, cases["person"], cases["week"], options, prices)
        clusters = {"person": np.arange(cases.size)}
        found = []
        for outcome, amount in amounts.items():
            measure = measure_of(outcome)
            contrast = change_ratio if measure == "rate_ratio" else change_difference
            effect = contrast(amount[:, 0], amount[:, 1], clusters)
            told = self.name, outcome, measure, effect.estimate, effect.se["person"], cases.size, 0
            found.append(DesignEstimate(*told, cases_left_out=left_out))
        return tuple(found)

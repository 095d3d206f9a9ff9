"""Matched controls compared after the index week only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icpsim.evaluation.cohort import people_left_out
from icpsim.evaluation.contrasts import group_difference, group_ratio
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.designs.around_index import matching_design, measure_of
from icpsim.evaluation.designs.interface import DesignEstimate, DesignOptions, Estimand, Trial
from icpsim.evaluation.evaluate import matched_rows
from icpsim.evaluation.outcomes import outcome_windows
from icpsim.records.schema import HospitalRecords


@dataclass(frozen=True, slots=True)
class PostOnlyCohort:
    """Cases against matched controls in the window after: what matching left unequal before is all bias."""

    name: str = "post_only_cohort"
    title: str = "matched cohort, compared afterwards only"
    estimand: Estimand = "cases"
    naive: bool = False
    trial: Trial = "none"

    def estimate(
        self, records: HospitalRecords, options: DesignOptions, prices: Prices
    ) -> tuple[DesignEstimate, ...]:
        """Return an estimate of each outcome, clustered on the person. Raises as ``evaluate`` does."""
        design = matching_design(options)
        rows, study = matched_rows(records, design, prices)
        cases_out, controls_out = people_left_out(records, design)
        amounts = outcome_windows(study, rows.index_week, options.window_weeks, prices, options.weeks_before)
        clusters = {"person": rows.clusters["person"]}
        cases, controls = int(rows.treated.sum()), int(np.count_nonzero(~rows.treated))
        found = []
        for outcome, amount in amounts.items():
            measure = measure_of(outcome)
            contrast = group_ratio if measure == "rate_ratio" else group_difference
            effect = contrast(amount[:, 1:].sum(axis=1), rows.treated, rows.weight, clusters)
            told = self.name, outcome, measure, effect.estimate, effect.se["person"], cases, controls
            found.append(DesignEstimate(*told, cases_left_out=cases_out, controls_left_out=controls_out))
        return tuple(found)

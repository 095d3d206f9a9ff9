"""Naive: the enrolled against everybody outside the pilots, before and after, unmatched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.cohort import Cohort, Pool, assemble, controls_left_out, pool_at
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.designs.around_index import before_and_after, matching_design, measure_of
from icpsim.evaluation.designs.interface import DesignEstimate, DesignOptions, Estimand, Trial
from icpsim.evaluation.did import Floats, difference_did, rate_ratio_did
from icpsim.evaluation.errors import EvaluationError
from icpsim.records.schema import HospitalRecords


@dataclass(frozen=True, slots=True)
class UnmatchedDid:
    """Cases against everyone of the age at practices outside the pilots around the same weeks.

    The others are on average well and stay so; the cases recover, and their recovery is counted as the
    programme's.
    """

    name: str = "unmatched_did"
    title: str = "DiD against everyone outside, unmatched"
    estimand: Estimand = "cases"
    naive: bool = True
    trial: Trial = "none"

    def estimate(
        self, records: HospitalRecords, options: DesignOptions, prices: Prices
    ) -> tuple[DesignEstimate, ...]:
        """Return an estimate of each outcome, clustered on the person.

        People without recent records are a share of all such people, weighted to stand for the rest. Raises
        ``EvaluationError`` if there is no case or nobody outside.
        """
        design = matching_design(options)
        cohort = assemble(records, design)
        cases = cohort.cases
        pools = {week: pool_at(cohort, design, week) for week in cohort.waves}
        own = before_and_after(records, cases["person"], cases["week"], options, prices)
        weights, others = _everyone_outside(records, cohort, pools, options, prices)
        seen = weights > 0
        treated = np.arange(cases.size + int(seen.sum())) < cases.size
        together = np.concatenate([np.ones(cases.size), weights[seen]])
        clusters = {"person": np.arange(treated.size)}
        left_out = cohort.left_out, controls_left_out(cohort, design)
        found = []
        for outcome, amount in own.items():
            measure = measure_of(outcome)
            before, after = np.concatenate([amount, others[outcome][seen] / weights[seen, None]]).T
            contrast = rate_ratio_did if measure == "rate_ratio" else difference_did
            effect = contrast(before, after, treated, together, clusters)
            told = self.name, outcome, measure, effect.estimate, effect.se["person"], cases.size, int(seen.sum())
            found.append(DesignEstimate(*told, cases_left_out=left_out[0], controls_left_out=left_out[1]))
        return tuple(found)


def _everyone_outside(
    records: HospitalRecords, cohort: Cohort, pools: dict[int, Pool], options: DesignOptions, prices: Prices
) -> tuple[Floats, dict[str, Floats]]:
    """Return the weight of each of the universe over all waves, and weighted amounts before and after.

    float64[m] and float64[m, 2] an outcome. Each wave's people weigh together as many as its cases. A person in
    several waves is one row, which changes neither estimate nor clustered error: both are sums over waves.
    """
    weights = np.zeros(cohort.controls.universe.size)
    amounts: dict[str, Floats] = {}
    for week, pool in pools.items():
        if pool.persons.size == 0:
            raise EvaluationError(f"nobody outside the pilots is registered in week {week}")
        at: NDArray[np.intp] = np.searchsorted(cohort.controls.universe, pool.persons)
        wave = pool.weights * (np.count_nonzero(cohort.cases["week"] == week) / pool.weights.sum())
        weights[at] += wave
        index = np.full(pool.persons.size, week)
        for outcome, amount in before_and_after(records, pool.persons, index, options, prices).items():
            total = amounts.setdefault(outcome, np.zeros((weights.size, 2)))
            total[at] += wave[:, None] * amount
    return weights, amounts

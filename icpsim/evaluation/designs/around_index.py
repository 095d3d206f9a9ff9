"""What people use in the windows around an index week, and how a design's options become a matching's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.evaluation.costs import Prices
from icpsim.evaluation.designs.interface import DesignOptions
from icpsim.evaluation.did import Floats
from icpsim.evaluation.outcomes import events_by_outcome
from icpsim.evaluation.types import ControlsFrom, EvaluationDesign, Measure
from icpsim.evaluation.windows import row_map, sum_windows
from icpsim.records.schema import HospitalRecords


def measure_of(outcome: str) -> Measure:
    """Return how an outcome's effect is told: pounds for cost, a rate ratio for everything counted."""
    return "difference_gbp" if outcome == "hospital_cost" else "rate_ratio"


def matching_design(
    options: DesignOptions, controls_from: ControlsFrom = "elsewhere", controls_per_case: int | None = None
) -> EvaluationDesign:
    """Return the matching that these options ask for, with another number of controls a case if one is given."""
    return EvaluationDesign(
        controls_per_case=options.controls_per_case if controls_per_case is None else controls_per_case,
        window_weeks=options.window_weeks,
        min_age=options.min_age,
        max_reuse=options.max_reuse,
        caliper=options.caliper,
        screen_share=options.screen_share,
        controls_from=controls_from,
        before_weeks=options.before_weeks,
    )


def before_and_after(
    records: HospitalRecords,
    persons: NDArray[np.integer],
    index_week: NDArray[np.integer],
    options: DesignOptions,
    prices: Prices,
) -> dict[str, Floats]:
    """Return each outcome's amounts in the windows before and from the index week on; float64[n, 2].

    ``persons`` are distinct row numbers of ``records.registrations``, ``index_week`` one a person. Another length
    of time before is put at its rate over the window's length, as in ``outcome_windows``.
    """
    rows = row_map(persons, records.registrations.size)
    index = np.ascontiguousarray(index_week, np.int16)
    edges = (-options.weeks_before, 0, options.window_weeks)
    amounts = {
        name: sum(
            (sum_windows(person, when, amount, rows, index, edges) for person, when, amount in tables),
            start=np.zeros((index.size, 2)),
        )
        for name, tables in events_by_outcome(records, prices).items()
    }
    for amount in amounts.values():
        amount[:, 0] *= options.window_weeks / options.weeks_before
    return amounts

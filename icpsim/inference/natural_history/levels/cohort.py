"""What the case-management cohort used in the six months before enrolment, without any effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from icpsim.evaluation.outcomes import outcome_windows
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.true_effect import only
from icpsim.scenario.schema import load

SCENARIO = "case-management-sites"
WINDOW_WEEKS = 26


def prior_use(seed: int, overrides: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield the cohort's prior cost and contacts per patient per six months, from its hospital records.

    ``overrides`` are parameters by qualified name.
    """
    scenario = load(SCENARIO, ("population.control_pool_ratio=0", "programmes.0.effects=off"))
    scenario = scenario.model_copy(update={"parameters": {**scenario.parameters, **overrides}})
    model = IntegratedCareModel(scenario, seed)
    model.run()
    records = model.records()
    enrolled = records.enrolments
    cohort = only(records, enrolled["person"].astype(np.int64))
    use = outcome_windows(cohort, enrolled["week"], WINDOW_WEEKS, model.parameters.prices)
    names = {
        "cohort_prior_cost": "hospital_cost",
        "cohort_prior_emergency": "emergency_admissions",
        "cohort_prior_elective": "elective_admissions",
        "cohort_prior_outpatient": "outpatient_attendances",
    }
    for target, outcome in names.items():
        yield target, float(use[outcome][:, 0].mean())
    yield "cohort_after_emergency", float(use["emergency_admissions"][:, 1:].sum(axis=1).mean())
    model.close()

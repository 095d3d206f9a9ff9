"""One simulated world evaluated in every way that could have told: as published, and with further evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from icpsim.evaluation.did import rate_ratio_did
from icpsim.evaluation.evaluate import matched_rows
from icpsim.evaluation.late_enrolled import late_enrolled_rows
from icpsim.evaluation.outcomes import MatchedRows, outcome_windows
from icpsim.evaluation.practice_level_did import practice_effects
from icpsim.evaluation.subgroups import MatchedStudy, counted_study, group_statistics
from icpsim.evaluation.types import EvaluationDesign, design_of
from icpsim.inference.measured_world import MeasuredWorld
from icpsim.inference.mechanisms.statistics import PANEL_WEEKS, SHORT, site_numbers
from icpsim.model.true_effect import true_effects, without_effects
from icpsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from icpsim.model.integrated_care import IntegratedCareModel
    from icpsim.model.shared_past import History
    from icpsim.records.schema import HospitalRecords

YEAR = 52
"""Weeks of a twelve months' window."""
PUBLISHED_FOLLOW_UP = 26
"""Weeks after the last enrolment that the published design needs; the practice panel looks at their end."""


def longer(scenario: Scenario) -> Scenario:
    """Return the scenario followed up for a year, so that every case has twelve months after enrolment."""
    study = scenario.study.model_copy(update={"follow_up_weeks": max(YEAR, scenario.study.follow_up_weeks)})
    return scenario.model_copy(update={"study": study})


@dataclass(frozen=True, slots=True)
class FurtherEvaluation(MeasuredWorld):
    """One world to be simulated and evaluated in every way; a unit of work for ``icpsim.runs.engine``."""

    EVERYONES_GP_RECORDS: ClassVar[bool] = True

    def measure(self, model: IntegratedCareModel, past: History) -> dict[str, float]:
        """Evaluate as published and in every further way."""
        return further_statistics(model, past)


def further_statistics(model: IntegratedCareModel, past: History) -> dict[str, float]:
    """Evaluate a model that has been run as published and in every further way, and find the truth.

    Names without prefix are the published evaluation's (``group_statistics``); ``gp_``, ``late_`` and ``year_``
    those of matching on GP records too, of late enrollees as controls and of twelve months; ``panel_`` the
    practice panel's; ``true_`` the true effects in the published evaluation's cases. ``se_emergency`` (with the
    same prefixes) are standard errors of the log rate ratio, clustered on the person.
    """
    records, prices = model.records(), model.parameters.prices
    design, pool = design_of(model.icp_scenario), past.pool
    sites = site_numbers(model, None)
    rows, study = matched_rows(records, design, prices, pool)
    published = counted_study(rows, study, design, prices)
    found = _shortened(group_statistics(published, sites))
    found["se_emergency"] = _emergency(published)[1]
    cases = np.unique(rows.person[rows.treated])
    lives = without_effects(model, records)
    for effect in true_effects(lives, cases, design.window_weeks, model):
        found[f"true_{SHORT.get(effect.outcome, effect.outcome)}"] = effect.effect
    found["true_year_emergency"] = _true_year(model, records, cases)
    found["year_emergency"], found["year_se_emergency"] = _year(rows, study, model)
    with_gp = counted_study(*matched_rows(records, design, prices, pool, model.gp_records()), design, prices)
    found |= _redone("gp", with_gp, sites)
    if pool.model is not None:
        late = counted_study(*late_enrolled_rows(records, design, prices, pool.model), design, prices)
        found |= _redone("late", late, sites)
    return found | _panel(model, records, design, sites)


def _shortened(found: Mapping[str, float]) -> dict[str, float]:
    return {SHORT.get(name, name): value for name, value in found.items()}


def _emergency(study: MatchedStudy) -> tuple[float, float]:
    amount, rows = study.amounts["emergency_admissions"], study.rows
    clusters = {"person": rows.clusters["person"]}
    effect = rate_ratio_did(amount[:, 0], amount[:, 1:].sum(axis=1), rows.treated, rows.weight, clusters)
    return effect.estimate, effect.se["person"]


def _redone(prefix: str, study: MatchedStudy, sites: np.ndarray) -> dict[str, float]:
    """Return the evaluation's statistics under another design, its error and its cases."""
    found = {f"{prefix}_{name}": value for name, value in _shortened(group_statistics(study, sites)).items()}
    found[f"{prefix}_se_emergency"] = _emergency(study)[1]
    found[f"{prefix}_cases"] = float(study.rows.treated.sum())
    return found


def _year(rows: MatchedRows, study: HospitalRecords, model: IntegratedCareModel) -> tuple[float, float]:
    """Return the effect over twelve months against the twelve before, of the published match, and its error."""
    amount = outcome_windows(study, rows.index_week, YEAR, model.parameters.prices)["emergency_admissions"]
    clusters = {"person": rows.clusters["person"]}
    effect = rate_ratio_did(amount[:, 0], amount[:, 1:].sum(axis=1), rows.treated, rows.weight, clusters)
    return effect.estimate, effect.se["person"]


def _true_year(model: IntegratedCareModel, records: HospitalRecords, cases: np.ndarray) -> float:
    lives = without_effects(model, records)
    found = {effect.outcome: effect.effect for effect in true_effects(lives, cases, YEAR, model)}
    return found["emergency_admissions"]


def _panel(
    model: IntegratedCareModel, records: HospitalRecords, design: EvaluationDesign, sites: np.ndarray
) -> dict[str, float]:
    """Return the practice panel's effects at the week at which the published study ends."""
    study = model.icp_scenario.study
    start, end = study.history_weeks, study.history_weeks + study.programme_weeks + PUBLISHED_FOLLOW_UP
    panel = practice_effects(
        records, design.min_age, (start - PANEL_WEEKS, start), (end - PANEL_WEEKS, end), sites
    )
    found = {f"panel_{SHORT[name]}": effect.estimate for name, effect in panel.items()}
    return found | {f"panel_se_{SHORT[name]}": effect.se["practice"] for name, effect in panel.items()}

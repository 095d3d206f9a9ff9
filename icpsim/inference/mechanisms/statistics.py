"""What one simulated evaluation says: statistics by the names of ``calibration/targets.csv``, and the truth."""

from __future__ import annotations

import numpy as np

from icpsim.evaluation.pool_cache import PoolMemory
from icpsim.evaluation.practice_level_did import practice_effects
from icpsim.evaluation.subgroups import MatchedStudy, group_statistics, matched_study
from icpsim.evaluation.types import design_of
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.true_effect import true_effects, without_effects
from icpsim.records.outcomes import OUTCOMES

GROUPS = {"cm": "case management", "all": None}
"""Prefix of each group of cases, and the programme at whose sites they were enrolled (None: any)."""

SHORT = {outcome.name: outcome.short or outcome.name for outcome in OUTCOMES}
"""Outcomes by the short names that targets have."""

PANEL_WEEKS = 26
"""Weeks before the programme, and at the end of the study, that the practice panel compares."""


def statistics(model: IntegratedCareModel, pool: PoolMemory) -> dict[str, float]:
    """Evaluate a model that has been run, all sites and the case-management sites alone, and find the truth.

    Log rate ratios, pounds and shares as in ``group_statistics``; ``true_cm_emergency`` and the like are true
    effects in the same cases; ``cm_practice_*`` those of the practice panel at the end of the study.
    """
    scenario, records = model.icp_scenario, model.records()
    design = design_of(scenario)
    study = matched_study(records, design, model.parameters.prices, pool)
    lives = without_effects(model, records)
    found: dict[str, float] = {}
    for prefix, programme in GROUPS.items():
        sites = site_numbers(model, programme)
        found |= {f"{prefix}_{SHORT.get(k, k)}": v for k, v in group_statistics(study, sites).items()}
        cases = _cases(study, sites)
        for effect in true_effects(lives, cases, design.window_weeks, model):
            found[f"true_{prefix}_{SHORT.get(effect.outcome, effect.outcome)}"] = effect.effect
        found[f"{prefix}_cases"] = float(len(cases))
    weeks, start = scenario.study.weeks, scenario.study.history_weeks
    before, after = (start - PANEL_WEEKS, start), (weeks - PANEL_WEEKS, weeks)
    sites = site_numbers(model, GROUPS["cm"])
    panel = practice_effects(records, scenario.study.min_age, before, after, sites)
    found |= {f"cm_practice_{SHORT[name]}": effect.estimate for name, effect in panel.items()}
    return found


def site_numbers(model: IntegratedCareModel, programme: str | None) -> np.ndarray:
    """Return the numbers, as in records, of a programme's sites; of all pilot sites when it is None."""
    owners = [part.name for part in model.icp_scenario.programmes for _ in part.sites]
    return np.array([number for number, owner in enumerate(owners) if programme in (None, owner)])


def _cases(study: MatchedStudy, sites: np.ndarray) -> np.ndarray:
    mine = study.rows.treated & np.isin(study.rows.site, sites)
    return np.unique(study.rows.person[mine])

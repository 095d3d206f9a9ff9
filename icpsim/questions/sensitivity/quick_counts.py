"""The figures of one arm that outcomes are made of, and no others: a third of the time of a full count."""

from __future__ import annotations

import numpy as np

from icpsim.model.true_effect import Lives, true_effects
from icpsim.questions.compare.activity import activity_cells
from icpsim.questions.compare.arm_simulation import Past, arm_figures, money_figures, of_lists
from icpsim.questions.compare.counts import cell
from icpsim.questions.compare.delivered import delivered_cells
from icpsim.questions.compare.mechanisms import without_list_wide
from icpsim.questions.compare.rows import EMERGENCY
from icpsim.questions.compare.unit import ENROLLED_ALONE, PAST, WITHOUT
from icpsim.scenario.schema import Scenario

Figures = dict[str, float]


def without_figures(past: Past) -> Figures:
    """Return the figures of the world without a programme, named as those of a comparison's first past."""
    found = activity_cells(past.records, past.gp, past.groups, past.weeks)
    return {f"{WITHOUT}0/{name}": value for name, value in (found | _emergencies(found)).items()}


def arm_row(past: Past, without: Figures, scenario: Scenario, evaluated: bool, alone: bool = False) -> Figures:
    """Simulate a scenario on its past; return figures named as those of a comparison's only arm.

    With ``evaluated`` everything is counted, because an evaluation costs far more than the count. With ``alone``
    a scenario with effects on whole lists is lived again without them, for its money.
    """
    found = arm_figures(past, scenario, True)[0] if evaluated else _lean(past, scenario)
    row = without | {f"0/{name}": value for name, value in found.items()} | {f"0/{PAST}": 0.0}
    twin = without_list_wide(scenario) if alone else None
    if twin is not None:
        row |= {f"0{ENROLLED_ALONE}/{name}": value for name, value in money_figures(past, twin).items()}
    return row


def _lean(past: Past, scenario: Scenario) -> Figures:
    model = past.history.branch(scenario)
    model.run()
    try:
        records, gp = of_lists(model.records(), len(past.people)), model.gp_records()
        found = activity_cells(records, gp, past.groups, past.weeks)
        found |= _emergencies(found) | delivered_cells(model, past.weeks)
        cases = records.enrolments["person"].astype(np.int64)
        if len(cases):
            lives = Lives(records, gp, cases, past.records, past.gp, cases)
            effects = true_effects(lives, cases, scenario.evaluation.window_weeks, model)
            found |= {f"true|{effect.outcome}": effect.effect for effect in effects}
        return found
    finally:
        model.close()


def _emergencies(found: Figures) -> Figures:
    return {cell(EMERGENCY): sum(n for name, n in found.items() if name.endswith("|spells.emergency"))}

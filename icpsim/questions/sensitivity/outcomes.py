"""What a programme does, as single numbers: against no programme on the same people and draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from icpsim.data.tables import nearest
from icpsim.economics.views import View
from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.counts import cell
from icpsim.questions.compare.mechanisms import without_list_wide
from icpsim.questions.compare.money import money_of, view_values
from icpsim.questions.compare.rows import EMERGENCY, change, years
from icpsim.questions.compare.runs import Comparison
from icpsim.questions.errors import SensitivityError
from icpsim.records.outcomes import HEADLINES, in_pounds
from icpsim.scenario.schema import Scenario

AVOIDED, NET_COST, WHOLE_COST = "emergency_admissions_avoided", "net_cost", "whole_system_cost"
ALONE = "net_cost_without_list_wide_fall"
UNITS: Mapping[str, str] = {
    AVOIDED: "a year",
    NET_COST: "£ a year",
    ALONE: "£ a year",
    WHOLE_COST: "£ a year",
    **{
        f"{kind}_{name}": "£ a case" if in_pounds(name) else "log rate ratio"
        for kind in ("true", "estimated")
        for name in HEADLINES
    },
}
"""Every outcome with its unit. Effects are in those enrolled; estimated ones need an evaluation by matching."""
DEFAULT = (AVOIDED, NET_COST, ALONE, "true_emergency_admissions")


def check_outcomes(names: Iterable[str]) -> None:
    """Raise SensitivityError for a name that is no outcome, with the nearest one."""
    for name in names:
        if name not in UNITS:
            hint = nearest(name, UNITS) or f": there are {', '.join(UNITS)}"
            raise SensitivityError(f"no outcome '{name}'{hint}")


def needs_evaluation(names: Iterable[str]) -> bool:
    """Tell whether any of these outcomes is estimated."""
    return any(name.startswith("estimated_") for name in names)


def needs_twin(names: Iterable[str]) -> bool:
    """Tell whether any of these outcomes is of a second life, without effects on whole lists."""
    return ALONE in names


def outcomes_of(row: dict[str, float], scenario: Scenario, seed: int) -> dict[str, float]:
    """Return every outcome of one arm's figures, reckoned at the scenario's prices; NaN where there is none.

    ``row`` is named as :class:`icpsim.questions.compare.unit.ComparedArms` names a single arm's figures. Net cost
    without the list-wide fall is NaN where the scenario has such a fall and its twin was not lived.
    """
    comparison = Comparison((Arm("programme", scenario),), seed, (row,))
    money, span = money_of(comparison, 0), years(comparison)
    found = {
        AVOIDED: -float(change(comparison, 0, cell(EMERGENCY))[0]) / span,
        NET_COST: -float(view_values(money, View.COMMISSIONER)[0]) / span,
        WHOLE_COST: -float(view_values(money, View.WHOLE_SYSTEM)[0]) / span,
    }
    if comparison.list_wide(0) or without_list_wide(scenario) is None:
        alone = money_of(comparison, 0, list_wide=False)
        found[ALONE] = -float(view_values(alone, View.COMMISSIONER)[0]) / span
    else:
        found[ALONE] = float("nan")
    for kind in ("true", "estimated"):
        for name in HEADLINES:
            found[f"{kind}_{name}"] = row.get(f"0/{kind}|{name}", float("nan"))
    return found

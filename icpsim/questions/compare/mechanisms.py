"""The mechanisms of a programme that a waterfall parts, and an arm with only some of them at work."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping

from icpsim.base.files import packaged
from icpsim.model.parameters import load_parameters
from icpsim.programme.services import SERVICES as KINDS
from icpsim.scenario.schema import Scenario

SERVICES = "added services"
LIST_WIDE = "habits of practices"
"""The group of mechanisms that reach everyone on a list, enrolled or not."""
with packaged("mechanism_groups.csv").open(encoding="utf-8", newline="") as _table:
    _ROWS = tuple(csv.DictReader(_table))
GROUPS: Mapping[str, tuple[str, ...]] = {
    group: tuple(row["name"] for row in _ROWS if row["group"] == group) for group in (r["group"] for r in _ROWS)
}
"""Mechanisms (rows of mechanisms.csv) that are known together, as mechanism_groups.csv says."""
MECHANISMS: Mapping[str, tuple[str, ...]] = {
    **{row["group"]: GROUPS[row["group"]] for row in _ROWS if row["off_at_zero"] == "yes"},
    SERVICES: (),
}
"""What a programme does, and the mechanisms that are its strength: at 0 it does nothing."""
_ACTS_WITH = {row["name"]: row["acts_with"] for row in _ROWS if row["acts_with"]}
"""Mechanisms that do something only where the scenario has this switched on."""


def at_work(scenario: Scenario) -> tuple[str, ...]:
    """Return the mechanisms that do anything under a scenario's programmes."""
    found = []
    for name, parameters in MECHANISMS.items():
        if name == SERVICES:
            works = any(is_service(part.kind) for p in scenario.programmes for part in p.interventions)
        else:
            works = any(_strength(scenario, parameters))
        if works:
            found.append(name)
    return tuple(found)


def only(scenario: Scenario, mechanisms: Iterable[str]) -> Scenario:
    """Return the scenario with only these mechanisms at work; staff and enrolment stay as they are."""
    kept = set(mechanisms)
    off = {f"mechanisms.{p}": 0.0 for name, ps in MECHANISMS.items() if name not in kept for p in ps}
    programmes = []
    for programme in scenario.programmes:
        parts = programme.interventions
        if SERVICES not in kept:
            parts = tuple(part for part in parts if not is_service(part.kind))
        own = {**programme.parameters, **off}
        programmes.append(programme.model_copy(update={"parameters": own, "interventions": parts}))
    parameters = {**scenario.parameters, **off}
    return scenario.model_copy(update={"parameters": parameters, "programmes": tuple(programmes)})


def without_list_wide(scenario: Scenario) -> Scenario | None:
    """Return the scenario with no effect on whole lists, or None where none of its programmes has any."""
    works = any(part.effects and (part.holder or part.mdt) for part in scenario.programmes)
    if not works or LIST_WIDE not in at_work(scenario):
        return None
    return only(scenario, [name for name in MECHANISMS if name != LIST_WIDE])


def is_service(kind: str) -> bool:
    """Whether an intervention adds a service to those on the caseload, rather than holding or discussing them."""
    return kind in KINDS


def _strength(scenario: Scenario, parameters: Iterable[str]) -> Iterable[float]:
    for programme in scenario.programmes:
        values = load_parameters({**scenario.parameters, **programme.parameters}).mechanisms
        for name in parameters:
            if name not in _ACTS_WITH or getattr(scenario, _ACTS_WITH[name]):
                yield getattr(values, name)

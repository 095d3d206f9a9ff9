"""The mechanisms of a programme that a waterfall parts, and an arm with only some of them at work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from icpsim.model.parameters import load_parameters
from icpsim.programme.services import SERVICES as KINDS
from icpsim.scenario.schema import Scenario

SERVICES = "added services"
MECHANISMS: Mapping[str, tuple[str, ...]] = {
    "unmet need found": ("unmet_need_detection",),
    "sensitive emergencies avoided": ("avoidable_reduction",),
    "outpatient visits replaced": ("outpatient_substitution",),
    "habits of practices": ("outpatient_spillover",),
    "electives deferred": ("elective_deferral",),
    "cancer treatment de-escalated": ("treatment_deescalation",),
    "continuity and appointments lost": ("continuity_loss", "capacity_drag"),
    SERVICES: (),
}
"""What a programme does, and the parameters of mechanisms.csv that are its strength."""


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


def is_service(kind: str) -> bool:
    """Whether an intervention adds a service to those on the caseload, rather than holding or discussing them."""
    return kind in KINDS


def _strength(scenario: Scenario, parameters: Iterable[str]) -> Iterable[float]:
    for programme in scenario.programmes:
        values = load_parameters({**scenario.parameters, **programme.parameters}).mechanisms
        for name in parameters:
            if name != "capacity_drag" or scenario.capacity_feedback:
                yield getattr(values, name)

"""The arms of a question: scenarios with labels, read from names, files and settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from icpsim.data.tables import nearest
from icpsim.model.shared_past import differences
from icpsim.programme.targeting import CATALOGUE, TargetingPolicy
from icpsim.questions.compare.counts import MEASURES
from icpsim.questions.errors import ComparisonError
from icpsim.scenario.schema import Scenario, load


@dataclass(frozen=True, slots=True)
class Arm:
    """One scenario of a question and what it is called there."""

    label: str
    scenario: Scenario


def read_arm(text: str, settings: Iterable[str] = ()) -> Arm:
    """Read an arm written ``scenario`` or ``label=scenario``; ``settings`` are put on top of the file.

    Raises ScenarioError for a wrong scenario and ComparisonError for an empty label.
    """
    label, equals, name = text.partition("=")
    if equals and not (label.strip() and name.strip()):
        raise ComparisonError(f"'{text}': write an arm as SCENARIO or LABEL=SCENARIO")
    scenario = load(name.strip() if equals else text, settings)
    return Arm(label.strip() if equals else scenario.scenario, scenario)


def targeting_arms(scenario: Scenario, names: Sequence[str] = ()) -> list[Arm]:
    """Return an arm for each policy of the catalogue (or those named), otherwise as in the scenario.

    The scenario's own policy, with its own options, stands for its name. Raises ComparisonError for a name that is
    no policy.
    """
    own = scenario.programmes[0].targeting
    policies = {policy.policy: policy for policy in (*CATALOGUE, own)}
    unknown = [name for name in names if name not in policies]
    if unknown:
        known = ", ".join(policies)
        raise ComparisonError(f"--policy {unknown[0]}: there are {known}{nearest(unknown[0], policies)}")
    chosen = names or list(policies)
    return [Arm(name.replace("_", " "), _targeted(scenario, policies[name])) for name in dict.fromkeys(chosen)]


def _targeted(scenario: Scenario, policy: TargetingPolicy) -> Scenario:
    programmes = tuple(part.model_copy(update={"targeting": policy}) for part in scenario.programmes)
    return scenario.model_copy(update={"programmes": programmes})


def check_outcome(outcome: str) -> None:
    """Raise ComparisonError when there is no outcome of this name."""
    if outcome not in MEASURES:
        raise ComparisonError(f"--outcome {outcome}: there are {', '.join(MEASURES)}{nearest(outcome, MEASURES)}")


def check_arms(arms: Sequence[Arm]) -> None:
    """Raise ComparisonError when two arms have one label or cannot stand beside each other.

    Arms must follow people over the same calendar: what happens in different weeks cannot be compared in pairs.
    """
    labels = [arm.label for arm in arms]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise ComparisonError(f"two arms are called '{twice[0]}': name them LABEL=SCENARIO")
    first = arms[0]
    for arm in arms[1:]:
        for part in ("study", "population"):
            if getattr(arm.scenario, part) != getattr(first.scenario, part):
                raise ComparisonError(
                    f"{first.label} and {arm.label} differ in {part}: arms follow the same people and weeks"
                )
        if _sites(arm.scenario) != _sites(first.scenario):
            raise ComparisonError(f"{first.label} and {arm.label} have other sites: arms follow the same people")


def by_past(arms: Sequence[Arm]) -> list[list[int]]:
    """Return places of arms that have the same world without a programme, one list for each such world."""
    pasts: list[list[int]] = []
    for place, arm in enumerate(arms):
        for past in pasts:
            if not differences(arms[past[0]].scenario, arm.scenario):
                past.append(place)
                break
        else:
            pasts.append([place])
    return pasts


def _sites(scenario: Scenario) -> list[tuple[str, int]]:
    return [(site.name, site.practices) for programme in scenario.programmes for site in programme.sites]

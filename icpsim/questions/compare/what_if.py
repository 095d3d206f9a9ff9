"""What-if files: a question in words, the scenario it starts from, and the arms that answer it.

They come with icpsim in ``scenarios/what-if/``. :func:`load_what_if` answers a wrong file like a wrong scenario:
every problem at once, each with its file, line, field and the nearest valid name.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError

from icpsim.base.scenario_part import Part
from icpsim.data.tables import nearest
from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.counts import MEASURES
from icpsim.scenario.errors import Origins, ScenarioError, problems_of
from icpsim.scenario.schema import NAME_PATTERN, load, scenario_folder
from icpsim.scenario.yaml_reader import parse, read_text

if TYPE_CHECKING:
    Outcome = str
else:
    Outcome = Literal[MEASURES]


class WhatIf(Part):
    """One question: each arm is the base scenario with settings of its own on top of the common ones."""

    what_if: str = Field(pattern=NAME_PATTERN, description="Name: lower case letters, digits and hyphens")
    question: str = Field(min_length=1, description="The question in words")
    base: str = Field(min_length=1, description="Scenario that every arm starts from: a name or a file")
    settings: tuple[str, ...] = Field(default=(), description="key=value settings for every arm")
    arms: dict[str, tuple[str, ...]] = Field(
        min_length=1, description="Label of each arm and its own key=value settings; the first is the reference"
    )
    outcome: Outcome = Field(default="emergency_admissions", description="Outcome that the answer is about")
    replicates: int = Field(default=12, ge=1, le=100_000, description="Repetitions of every arm")
    seed: int = Field(default=1, ge=0, le=2**63 - 1, description="Seed of all randomness")
    waterfall: int = Field(
        default=0, ge=0, description="Replicates in which each arm's change is parted by mechanism; 0 = none"
    )
    evaluated: bool = Field(default=True, description="Whether to match controls and estimate effects")


@dataclass(frozen=True, slots=True)
class Question:
    """A what-if file and its arms, ready to be simulated."""

    what_if: WhatIf
    arms: tuple[Arm, ...]


def what_if_folder() -> Path:
    """Folder of the what-if files that come with icpsim."""
    return scenario_folder() / "what-if"


def what_if_names() -> list[str]:
    """Names under which :func:`load_what_if` finds the files that come with icpsim."""
    return sorted(path.stem for path in what_if_folder().glob("*.yaml"))


def load_what_if(name_or_path: str, settings: Sequence[str] = ()) -> Question:
    """Read a what-if file by name or path, and the scenario of each arm; ``settings`` go on top of every arm.

    Raises ScenarioError listing every problem as ``file:line: field: message; did you mean 'x'?``.
    """
    path = _find(name_or_path)
    shown = path.name if path.parent == what_if_folder() else str(path)
    values, places = parse(read_text(path), shown)
    try:
        found = WhatIf.model_validate_json(json.dumps(values))
    except ValidationError as error:
        raise ScenarioError(Origins(places).describe(problems_of(error, WhatIf.model_json_schema()))) from None
    return Question(found, _arms(found, path, places, settings))


def _arms(found: WhatIf, path: Path, places: dict[Any, str], more: Sequence[str]) -> tuple[Arm, ...]:
    beside = path.parent / found.base
    base = str(beside) if beside.is_file() else found.base
    arms, problems = [], []
    for label, own in found.arms.items():
        try:
            arms.append(Arm(label, load(base, [*found.settings, *own, *more])))
        except ScenarioError as error:
            place = places.get(("arms", label), places[()])
            problems += [f"{place}: arms.{label}: {problem}" for problem in error.problems]
    if problems:
        raise ScenarioError(problems)
    return tuple(arms)


def _find(name_or_path: str) -> Path:
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml") or len(path.parts) != 1:
        if not path.is_file():
            raise ScenarioError([f"{path}: no such file"])
        return path
    names = what_if_names()
    if path.name not in names:
        hint = nearest(path.name, names) or ": there are " + ", ".join(names)
        raise ScenarioError([f"no what-if '{path}'{hint}"])
    return what_if_folder() / f"{path.name}.yaml"

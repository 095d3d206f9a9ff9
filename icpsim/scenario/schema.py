"""Scenarios: who is simulated, which programmes run where, how they are evaluated, and how often.

A scenario is a YAML file under a published JSON Schema (``scenarios/schema.json``). :func:`load` answers a
wrong file with every problem at once, each with its file, line, field and the nearest valid name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from icpsim.base.files import packaged
from icpsim.base.scenario_part import Part
from icpsim.data.published_effects import target_sets
from icpsim.data.tables import ParameterError, load_tables, nearest
from icpsim.programme.interventions import clashes
from icpsim.programme.schema import WAVE_WEEKS, Overrides, Programme
from icpsim.scenario.errors import Problem, ScenarioError, problems_of
from icpsim.scenario.yaml_reader import apply_settings, parse, read_text

NAME_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Study(Part):
    """Ages and calendar of the study, in years and weeks."""

    min_age: int = Field(
        default=50, ge=0, le=110, description="Youngest age that is simulated and enrolled, years"
    )
    history_weeks: int = Field(default=130, ge=52, le=1040, description="Weeks before the programme starts")
    programme_weeks: int = Field(default=52, ge=1, le=520, description="Weeks over which patients are enrolled")
    follow_up_weeks: int = Field(default=26, ge=1, le=520, description="Weeks after the last enrolment")

    @property
    def weeks(self) -> int:
        """Length of the whole study, weeks."""
        return self.history_weeks + self.programme_weeks + self.follow_up_weeks


class PopulationPart(Part):
    """How many people are simulated."""

    practice_list_size: int | None = Field(
        default=None,
        ge=200,
        le=60_000,
        description="People of all ages on each list; null = from parameter tables",
    )
    control_pool_ratio: float = Field(
        default=8.0, ge=0.0, le=64.0, description="People outside the pilots for each person on a pilot list"
    )
    thin_pool: bool = Field(
        default=True,
        description="Outside the pilots, make one in two or five of people unlikely to be admitted, with weights",
    )
    same_sites: bool = Field(
        default=False,
        description="All replicates have lists of the same size and deprivation; only their people differ",
    )


class Supply(Part):
    """What providers have, as a share of what settled demand needs; acts only with capacity feedback."""

    beds: float = Field(default=1.0, gt=0.0, le=10.0, description="Factor on hospital beds")
    appointments: float = Field(default=1.0, gt=0.0, le=10.0, description="Factor on GP appointments")
    social_care: float = Field(default=1.0, ge=0.0, le=10.0, description="Factor on social care for discharge")


FollowUp = Annotated[int, Field(ge=13, le=260)]


def _known_design(name: str) -> str:
    """Refuse what is no design; designs are imported only where a scenario names one."""
    from icpsim.evaluation.designs import DESIGNS

    if name not in DESIGNS:
        raise PydanticCustomError("literal_error", "no design", {"expected": ", ".join(map(repr, DESIGNS))})
    return name


def _all_designs(schema: dict[str, Any]) -> None:
    from icpsim.evaluation.designs import DESIGNS

    schema["enum"] = list(DESIGNS)


DesignName = Annotated[str, AfterValidator(_known_design), Field(json_schema_extra=_all_designs)]
"""An evaluation design as a scenario names it: one of icpsim.evaluation.designs.DESIGNS."""


class EvaluationPart(Part):
    """Choices of the matched difference-in-differences evaluation, and of designs to set beside it."""

    controls_per_case: int = Field(default=5, ge=1, le=50, description="Controls sought for each case")
    window_weeks: int = Field(
        default=26, ge=1, le=260, description="Weeks compared before and after the index week"
    )
    max_reuse: int = Field(default=1, ge=1, le=100, description="Times that one person may serve as a control")
    caliper: float = Field(
        default=1.0, gt=0.0, le=100.0, description="Largest distance, standard deviations of the prognostic scores"
    )
    screen_share: float = Field(
        default=0.2, gt=0.0, le=1.0, description="Share kept of possible controls without any hospital record"
    )
    designs: tuple[DesignName, ...] = Field(
        default=(), description="Designs to estimate beside it; those that `icpsim design` tries"
    )
    follow_up_weeks: tuple[FollowUp, ...] = Field(
        default=(), description="Weeks over which these designs follow people up; none = those of `icpsim design`"
    )


class Run(Part):
    """How often the study is repeated, and from which seed."""

    replicates: int = Field(default=8, ge=1, le=100_000, description="Independent repetitions of the whole study")
    seed: int = Field(default=1, ge=0, le=2**63 - 1, description="Seed of all randomness")


class Scenario(Part):
    """What to simulate and how to evaluate it; see ``scenarios/`` for examples."""

    scenario: str = Field(pattern=NAME_PATTERN, description="Name: lower case letters, digits and hyphens")
    title: str = Field(min_length=1, description="Title for tables and pictures")
    description: str = Field(default="", description="What is simulated and what is assumed")
    observed: str | None = Field(
        default=None, description="Row set of calibration/targets.csv that the results stand beside; null for none"
    )
    study: Study = Study()
    population: PopulationPart = PopulationPart()
    programmes: tuple[Programme, ...] = Field(min_length=1)
    capacity_feedback: bool = Field(default=False, description="Whether freed beds and slots are filled by others")
    supply: Supply = Supply()
    evaluation: EvaluationPart = EvaluationPart()
    parameters: Overrides = Field(default_factory=dict)
    run: Run = Run()

    @model_validator(mode="after")
    def _possible(self) -> Scenario:
        problems = _impossible(self)
        if problems:
            text = "; ".join(f"{'.'.join(map(str, path))}: {message}" for path, message in problems)
            raise PydanticCustomError("impossible", "{text}", {"problems": problems, "text": text})
        return self

    @property
    def thinned(self) -> bool:
        """Whether the pool is thinned: as asked, but never with capacity feedback (it counts all) or children."""
        return self.population.thin_pool and not self.capacity_feedback and self.study.min_age > 0

    def to_yaml(self) -> str:
        """Write the scenario as YAML text that :func:`load` reads back to an equal scenario."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=100)


def scenario_folder() -> Path:
    """Folder of the scenario files that come with icpsim."""
    return packaged("scenarios", told=True)


def scenario_names() -> list[str]:
    """Names under which :func:`load` finds the scenarios that come with icpsim."""
    return sorted(path.stem for path in scenario_folder().glob("*.yaml"))


def load(name_or_path: str | Path, settings: Iterable[str] = ()) -> Scenario:
    """Read a scenario by name or file and apply ``key=value`` settings on top.

    Raises ScenarioError listing every problem as ``file:line: field: message; did you mean 'x'?``.
    """
    path = _find(name_or_path)
    shown = path.name if path.parent == scenario_folder() else str(path)
    return parse_scenario(read_text(path), shown, settings)


def parse_scenario(text: str, name: str = "scenario", settings: Iterable[str] = ()) -> Scenario:
    """Check scenario text; ``name`` stands for the file in messages. Raises ScenarioError as :func:`load`."""
    values, places = parse(text, name)
    origins = apply_settings(values, places, settings, Scenario.model_fields)
    if values.get("observed") == "none":
        values["observed"] = None
    try:
        scenario = Scenario.model_validate_json(json.dumps(values))
    except ValidationError as error:
        raise ScenarioError(origins.describe(problems_of(error, json_schema()))) from None
    problems = [*_unknown_targets(scenario), *_wrong_parameters(scenario)]
    if problems:
        raise ScenarioError(origins.describe(problems))
    return scenario


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of scenario files, as published in ``scenarios/schema.json``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Scenario.model_json_schema()


def _find(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml") or len(path.parts) != 1 or path.is_file():
        if not path.is_file():
            raise ScenarioError([f"{path}: no such file"])
        return path
    if path.name not in scenario_names():
        names = scenario_names()
        raise ScenarioError(
            [f"no scenario '{path}'{nearest(path.name, names) or ': there are ' + ', '.join(names)}"]
        )
    return scenario_folder() / f"{path.name}.yaml"


def _impossible(scenario: Scenario) -> list[Problem]:
    study, window = scenario.study, scenario.evaluation.window_weeks
    problems: list[Problem] = []
    if study.follow_up_weeks < window:
        message = f"{study.follow_up_weeks} is less than evaluation.window_weeks = {window}"
        problems.append((("study", "follow_up_weeks"), message))
    for k, weeks in enumerate(scenario.evaluation.follow_up_weeks):
        if weeks > study.follow_up_weeks:
            message = f"{weeks} is more than study.follow_up_weeks = {study.follow_up_weeks}"
            problems.append((("evaluation", "follow_up_weeks", k), message))
    if study.history_weeks < 2 * window:
        message = f"{study.history_weeks} is less than twice evaluation.window_weeks = {window}"
        problems.append((("study", "history_weeks"), message))
    seen: dict[str, set[str]] = {"programme": set(), "site": set()}
    for k, programme in enumerate(scenario.programmes):
        problems += _taken(seen["programme"], programme.name, "programme", ("programmes", k, "name"))
        for j, site in enumerate(programme.sites):
            problems += _taken(seen["site"], site.name, "site", ("programmes", k, "sites", j, "name"))
        problems += [(("programmes", k, "interventions"), text) for text in clashes(programme.interventions)]
        problems += _too_many(scenario, k)
        problems += [(("programmes", k, "trial", *path), text) for path, text in _trial_impossible(scenario, k)]
    return problems


def _taken(seen: set[str], name: str, what: str, path: tuple[str | int, ...]) -> list[Problem]:
    taken = name in seen
    seen.add(name)
    return [(path, f"{what} '{name}' stands twice")] if taken else []


def _too_many(scenario: Scenario, k: int) -> list[Problem]:
    programme, size = scenario.programmes[k], scenario.population.practice_list_size
    if size is None or programme.enrolment_total <= programme.practices * size:
        return []
    message = f"{programme.enrolment_total} is more than the {programme.practices * size} people on its lists"
    return [(("programmes", k, "enrolment_total"), message)]


def _trial_impossible(scenario: Scenario, k: int) -> list[Problem]:
    programme, weeks = scenario.programmes[k], scenario.study.programme_weeks
    trial = programme.trial
    if trial is None or not trial.whole_practices:
        return []
    alone = [site.name for site in programme.sites if site.practices < 2]
    problems: list[Problem] = []
    if alone:
        problems.append((("by",), f"'{trial.by}' needs two practices or more at each site; {alone[0]} has one"))
    needed = (trial.steps + 1) * WAVE_WEEKS
    if trial.by == "steps" and needed > weeks:
        problems.append((("steps",), f"{trial.steps} steps need {needed} programme weeks, not {weeks}"))
    if trial.by == "steps" and trial.steps > programme.practices:
        problems.append((("steps",), f"{trial.steps} is more than the {programme.practices} practices"))
    return problems


def _unknown_targets(scenario: Scenario) -> list[Problem]:
    sets = target_sets()
    if scenario.observed is None or scenario.observed in sets:
        return []
    hint = nearest(scenario.observed, sets)
    return [(("observed",), f"'{scenario.observed}' is no row set of targets.csv ({', '.join(sets)}){hint}")]


def _wrong_parameters(scenario: Scenario) -> list[Problem]:
    parts: list[tuple[tuple[str | int, ...], Mapping[str, float]]] = [((), scenario.parameters)]
    parts += [(("programmes", k), p.parameters) for k, p in enumerate(scenario.programmes)]
    problems: list[Problem] = []
    for path, overrides in parts:
        for name, value in overrides.items():
            try:
                load_tables({name: value})
            except ParameterError as error:
                field = nearest(name.partition(".")[0], Scenario.model_fields)
                text = str(error) if "did you mean" in str(error) else f"{error}{field}"
                problems.append(((*path, "parameters", name), text))
    return problems

"""The model as a plain function: parameters in, outcomes out, for any tool that calls functions.

``simulate("small", site_sd=0.2)`` gives a mapping of outcomes against no programme on the same people and draws.
The same call is what Mesa's ``batch_run``, SALib, the EMA workbench and optimisers make; see docs/interfaces.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from icpsim.base.kinds import Floats
from icpsim.model.shared_past import differences
from icpsim.questions.compare.arm_simulation import Past
from icpsim.questions.sensitivity.inputs import keys_of, with_inputs
from icpsim.questions.sensitivity.outcomes import ALONE, UNITS, check_outcomes, outcomes_of
from icpsim.questions.sensitivity.quick_counts import arm_row, without_figures
from icpsim.scenario.schema import Scenario, load

DOT = "__"
"""Stands for a dot in the name of a keyword: ``staffing__site_sd``."""
_kept: list[tuple[Scenario, int, int, Past]] = []
"""The past of the last call, for a next one that shares it; a process holds one."""


class Outcomes(dict[str, float]):
    """Outcomes by name, and what Mesa's ``batch_run`` asks of a model that has run."""

    running = False
    steps = 1

    @property
    def datacollector(self) -> Outcomes:
        """Return itself: it holds what was collected."""
        return self

    @property
    def model_vars(self) -> dict[str, list[float]]:
        """Return each outcome as the values of the only step."""
        return {name: [value] for name, value in self.items()}

    @property
    def _agent_records(self) -> dict[int, list[Any]]:
        return {}

    _agenttype_records = _agent_records


def simulate(
    scenario: str | Path | Scenario,
    *,
    seed: int | None = None,
    replicates: int = 1,
    evaluated: bool = False,
    list_wide_apart: bool = False,
    **parameters: Any,
) -> Outcomes:
    """Simulate a scenario with these parameters and return its outcomes, means over replicates.

    Parameters are rows of the tables (``site_sd``, ``staffing__site_sd``) and settings of the scenario
    (``programmes__0__interventions__0__case_managers``); ``__`` stands for a dot, and names with dots can be given
    as ``**{"staffing.site_sd": 0.2}``. ``evaluated`` adds effects as matching estimates them, ``list_wide_apart``
    net cost without the list-wide fall in outpatient use. What is not given is as the scenario and the tables have
    it. The same arguments give the same outcomes. Raises
    ScenarioError, ParameterError or SensitivityError, a sentence for what is wrong with a name or value.
    """
    base = scenario if isinstance(scenario, Scenario) else load(scenario)
    changed = _changed(base, parameters)
    first = base.run.seed if seed is None else seed
    found = []
    for replicate in range(replicates):
        past = _past(changed, first, replicate)
        row = arm_row(past, without_figures(past), changed, evaluated, list_wide_apart)
        found.append(outcomes_of(row, changed, first))
    asked = {ALONE: list_wide_apart} | {name: evaluated for name in UNITS if name.startswith("estimated_")}
    wanted = [name for name in UNITS if asked.get(name, True)]
    return Outcomes({name: float(np.mean([one[name] for one in found])) for name in wanted})


def forget() -> None:
    """Let go of the past that is kept for a next call."""
    while _kept:
        _kept.pop()[-1].close()


def of_points(
    scenario: str | Path | Scenario, names: Sequence[str], outcome: str | Sequence[str], **options: Any
) -> Callable[[Floats], Floats]:
    """Return a function of an array of points (float64[n, names]) for SALib's ``ProblemSpec.evaluate``.

    It gives float64[n] for one outcome and float64[n, outcomes] for several; ``options`` are those of
    :func:`simulate`. Raises SensitivityError for an unknown outcome.
    """
    several = [outcome] if isinstance(outcome, str) else list(outcome)
    check_outcomes(several)
    base = scenario if isinstance(scenario, Scenario) else load(scenario)

    def at(points: Floats) -> Floats:
        given = [dict(zip(names, map(float, point), strict=True)) for point in np.atleast_2d(points)]
        rows = [simulate(base, **{**options, **one}) for one in given]
        values = np.array([[row[name] for name in several] for row in rows])
        return values[:, 0] if isinstance(outcome, str) else values

    return at


def _past(scenario: Scenario, seed: int, replicate: int) -> Past:
    """Return the past of a scenario and replicate: the last one if it is the same, else it is lived."""
    for other, its_seed, its_replicate, past in _kept:
        if (its_seed, its_replicate) == (seed, replicate) and not differences(other, scenario):
            return past
    forget()
    past = Past(scenario, seed, replicate)
    _kept.append((scenario, seed, replicate, past))
    return past


def _changed(base: Scenario, given: Mapping[str, Any]) -> Scenario:
    """Return the scenario with keyword arguments in force."""
    from icpsim.data.tables import load_tables
    from icpsim.model.parameters import load_parameters
    from icpsim.scenario.schema import parse_scenario

    known = load_tables().parameters
    named = {keys_of(f"{name.replace(DOT, '.')}=")[0]: value for name, value in given.items()}
    settings = [f"{key}={_written(value)}" for key, value in named.items()]
    if all(key in known for key in named):
        load_parameters(named)
        return with_inputs(base, {}, {key: float(value) for key, value in named.items()})
    return parse_scenario(base.to_yaml(), base.scenario, settings)


def _written(value: Any) -> str:
    """Return a value as it would be written after ``--set key=``."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)

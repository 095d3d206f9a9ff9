"""Uncertain inputs: parameters of the tables and settings of the scenario, each with what it may be.

An input is written ``key`` (a parameter, over the range of its table), ``key=lo:hi`` or ``key=v1,v2,...``. A whole
table (``mechanisms``) or role (``price``) stands for all its parameters that have a range.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from icpsim.data.tables import ROLES, Parameter, load_tables, nearest
from icpsim.questions.compare.grid import GridError, check_keys
from icpsim.questions.compare.search_space import Choice, SearchError, parse_choice
from icpsim.questions.errors import SensitivityError
from icpsim.scenario.overrides import OF_PROGRAMME, with_values
from icpsim.scenario.schema import Scenario, parse_scenario

LEDGER_TABLES = ("economics", "programme_costs", "price_years")
"""Tables that nothing simulated reads: another value is another reckoning of the same lives."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One uncertain input: any number from ``low`` to ``high``, or one of ``values`` (as written).

    ``whole``: only whole numbers. ``parameter``: a row of the parameter tables, else a setting of the scenario.
    """

    key: str
    low: float
    high: float
    values: tuple[str, ...] = ()
    whole: bool = False
    parameter: bool = True

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the range of the number that stands for it in a design (places of ``values``, from 0)."""
        if self.values:
            return 0.0, float(len(self.values))
        return (self.low - 0.5, self.high + 0.5) if self.whole else (self.low, self.high)

    @property
    def ledger(self) -> bool:
        """Whether only the reckoning reads it."""
        return self.parameter and self.key.partition(".")[0] in LEDGER_TABLES

    def text(self, number: float) -> str:
        """Return the value that a number of a design stands for, as it would be written after ``key=``."""
        if self.values:
            return self.values[min(int(number), len(self.values) - 1)]
        if self.whole:
            return str(int(min(max(round(number), self.low), self.high)))
        return repr(float(number))

    def told(self) -> str:
        """Return what it may be, for people."""
        return ", ".join(self.values) if self.values else f"{self.low:g} to {self.high:g}"


def read_inputs(texts: Iterable[str], scenario: Scenario) -> tuple[Uncertain, ...]:
    """Read what varies; of a key named twice the later range holds. Raises SensitivityError."""
    found: dict[str, Uncertain] = {}
    for text in texts:
        for one in _read(text):
            found[one.key] = one
    if not found:
        raise SensitivityError("nothing is varied: say --vary key, key=lo:hi, key=v1,v2,... or a table's name")
    try:
        check_keys(list(found))
    except GridError as error:
        raise SensitivityError(str(error)) from None
    for one in found.values():
        _check(one, scenario)
    return tuple(found.values())


def keys_of(text: str) -> tuple[str, ...]:
    """Return the keys that one text stands for: those of a table or role, or itself with its table's name."""
    key = text.partition("=")[0].strip().removeprefix("parameters.")
    tables = load_tables().parameters
    group = [p.qualified for p in tables.values() if key in (p.table, p.role) and p.low < p.high]
    if group:
        return tuple(group)
    named = [p.qualified for p in tables.values() if key in (p.qualified, p.name)]
    if len(named) > 1:
        raise SensitivityError(f"'{key}' is ambiguous: write one of {', '.join(named)}")
    return (named[0] if named else key,)


def inputs_of_posterior(scenario: Scenario, names: Sequence[str]) -> tuple[Uncertain, ...]:
    """Return the calibrated mechanisms that act in a scenario, each over the range it had before."""
    programmes = {programme.name for programme in scenario.programmes}
    tables = load_tables().parameters
    found = []
    for name in names:
        owner, of, key = name.rpartition(OF_PROGRAMME)
        if not of or owner in programmes:
            found.append(replace(_of_table(tables[key]), key=name))
    return tuple(found)


def with_inputs(scenario: Scenario, settings: Mapping[str, str], parameters: Mapping[str, float]) -> Scenario:
    """Return the scenario with these settings (as written) and parameters in force, over what it sets itself."""
    changed = scenario
    if settings:
        told = [f"{key}={value}" for key, value in settings.items()]
        changed = parse_scenario(scenario.to_yaml(), scenario.scenario, told)
    general = {key: value for key, value in parameters.items() if OF_PROGRAMME not in key}
    own = {key: value for key, value in parameters.items() if OF_PROGRAMME in key}
    changed = changed.model_copy(update={"parameters": {**changed.parameters, **general}})
    return with_values(changed, own) if own else changed


def _read(text: str) -> list[Uncertain]:
    keys = keys_of(text)
    tables = load_tables().parameters
    if "=" not in text:
        unknown = [key for key in keys if key not in tables]
        if unknown:
            raise SensitivityError(f"--vary {text}: {_why_not(unknown[0], tables)}")
        fixed = [key for key in keys if tables[key].low >= tables[key].high]
        if fixed:
            raise SensitivityError(f"--vary {text}: {fixed[0]} has no range in its table; write {fixed[0]}=lo:hi")
        return [_of_table(tables[key]) for key in keys]
    if len(keys) > 1:
        raise SensitivityError(f"--vary {text}: {text.partition('=')[0]} stands for {len(keys)} parameters")
    try:
        choice = parse_choice(f"{keys[0]}={text.partition('=')[2]}")
    except SearchError as error:
        raise SensitivityError(f"--vary {error}") from None
    return [_of_choice(choice, keys[0] in tables)]


def _why_not(key: str, tables: Mapping[str, Parameter]) -> str:
    """Return why a key without values stands for nothing, and the nearest that would."""
    if key.partition(".")[0] in Scenario.model_fields:
        return f"a setting of the scenario has no range of its own; write {key}=lo:hi or {key}=v1,v2,..."
    hint = nearest(key, [p.name for p in tables.values()]) if "." not in key else ""
    hint = hint or nearest(key, [*tables, *{p.table for p in tables.values()}, *ROLES])
    return f"no parameter, table or role '{key}'{hint}"


def _of_table(parameter: Parameter) -> Uncertain:
    return Uncertain(parameter.qualified, parameter.low, parameter.high)


def _of_choice(choice: Choice, parameter: bool) -> Uncertain:
    if choice.values and len(choice.values) < 2:
        raise SensitivityError(f"--vary {choice.key}={choice.values[0]}: one value does not vary; write lo:hi")
    whole = choice.whole and not parameter
    return Uncertain(choice.key, choice.low, choice.high, choice.values, whole, parameter)


def _check(one: Uncertain, scenario: Scenario) -> None:
    """Raise ScenarioError for an end that the scenario cannot have, SensitivityError for what would not act."""
    for programme in scenario.programmes:
        if one.key in programme.parameters:
            raise SensitivityError(
                f"--vary {one.key}: the programme '{programme.name}' sets it itself, so it would not act;"
                f" take it out of the programme's parameters"
            )
    if one.parameter:
        return
    ends = one.values or tuple(one.text(end) for end in (one.low, one.high))
    for end in ends:
        parse_scenario(scenario.to_yaml(), scenario.scenario, [f"{one.key}={end}"])

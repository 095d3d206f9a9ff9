"""What Mesa gives a model: a seed as ``rng``, and from Mesa 3.5 on a scenario of Mesa's own kind.

Mesa's scenario is an object whose attributes are a model's arguments, and its class is experimental: it is known
here by what it is not, so that every Mesa that is allowed works.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from icpsim.scenario.schema import Scenario


class Arguments(NamedTuple):
    """The arguments of a model that a Mesa scenario may carry."""

    icp_scenario: str | Scenario = "small"
    seed: int | None = None
    replicate: int = 0
    settings: tuple[str, ...] = ()
    rng: Any = None


def is_mesas(scenario: object) -> bool:
    """Return whether a scenario is Mesa's, not a name and not ours."""
    return not isinstance(scenario, str | Scenario)


def arguments_of(scenario: object) -> Arguments:
    """Return the arguments that a Mesa scenario carries.

    Raises TypeError, naming what may be given, if it carries others.
    """
    given = {name: value for name, value in vars(scenario).items() if not name.startswith("_") and name != "model"}
    given.setdefault("rng", getattr(scenario, "rng", None))
    unknown = sorted(set(given) - set(Arguments._fields))
    if unknown:
        raise TypeError(f"scenario: no argument {', '.join(unknown)}; it may carry {', '.join(Arguments._fields)}")
    return Arguments(**given)

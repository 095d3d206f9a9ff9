"""A unit of work: named by a hash of everything that defines it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import icpsim
from icpsim.base.source_digest import source_of


class Unit(Protocol):
    """A piece of work: what it is, as plain values that JSON holds, and how it is done.

    It may have a ``title``, for people who look at what is kept; that is no part of what it is.
    """

    def told(self) -> dict[str, Any]:
        """Return everything that the figures depend on, besides what it imports and the data files read there."""
        ...

    def run(self) -> Mapping[str, float]:
        """Do it and return its figures by name."""
        ...


@dataclass(frozen=True)
class Told:
    """What a unit is, in words that are kept beside its figures: ``told`` as JSON, the unit's name and title."""

    name: str
    told: dict[str, Any]
    title: str = ""

    @cached_property
    def columns(self) -> dict[str, Any]:
        """What stands on every row of its results.

        The run (the unit's name), the seed, the replicate, a hash of the scenario, one of the parameters in force
        (the parameter draw; the ``runs`` table has it in full), and the version of icpsim.
        """
        parameters, rest = _parted(self.told)
        return {
            "run": self.name,
            "seed": int(self.told.get("seed", 0)),
            "replicate": int(self.told.get("replicate", 0)),
            "scenario": _hash(rest),
            "draw": _hash(parameters),
            "version": icpsim.__version__,
        }

    @property
    def what(self) -> str:
        """The unit in a few words: replicate, seed, and where its parameters can be looked up."""
        columns = self.columns
        return (
            f"replicate {columns['replicate']}, seed {columns['seed']}, parameter draw {columns['draw']}"
            f" (unit {self.name})"
        )


def told_of(unit: Unit) -> Told:
    """Return what a unit is; its name is 24 hex digits that change with anything that may change its figures."""
    told, source = unit.told(), source_of(type(unit).__module__)
    return Told(hashlib.sha256(json.dumps([told, source]).encode()).hexdigest()[:24], told, title_of(unit))


def told_as(name: str, unit: Unit) -> Told:
    """Return what a unit is that has been named already."""
    return Told(name, unit.told(), title_of(unit))


def title_of(unit: Unit) -> str:
    """Return a unit's title; "" when it has none."""
    return str(getattr(unit, "title", ""))


def _parted(told: dict[str, Any]) -> tuple[list[Any], Any]:
    """Return the parameters in what a unit is told of, wherever they stand, and the rest without seed."""
    found: list[Any] = []

    def rest(value: Any) -> Any:
        if isinstance(value, dict):
            found.extend(value[key] for key in value if key == "parameters")
            return {key: rest(one) for key, one in value.items() if key != "parameters"}
        return [rest(one) for one in value] if isinstance(value, list) else value

    kept = rest({key: value for key, value in told.items() if key not in ("seed", "replicate")})
    return found, kept


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]

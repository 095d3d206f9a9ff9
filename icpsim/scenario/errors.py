"""What a wrong scenario file is answered with: every problem with its file, line, field and nearest name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from icpsim.base.errors import WrongInputError
from icpsim.data.tables import nearest

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

FieldPath: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the top of a scenario file down to one field."""

Problem: TypeAlias = tuple[FieldPath, str]


class ScenarioError(WrongInputError):
    """A scenario cannot be used; ``problems`` holds one line of text for each thing that is wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Origins:
    """Where each field of a scenario was written: ``file:line``, or the ``--set`` that replaced it."""

    places: Mapping[FieldPath, str]

    def locate(self, path: FieldPath) -> tuple[FieldPath, str]:
        """Find the field itself (without names the schema adds) and the nearest place it was written."""
        written: FieldPath = ()
        for part in path[:-1]:
            if (*written, part) in self.places:
                written = (*written, part)
        field = (*written, *path[-1:])
        return field, self.places.get(field, self.places[written])

    def describe(self, problems: Iterable[Problem]) -> list[str]:
        """Problems as ``file:line: field: message`` lines, each line once, in order."""
        lines: dict[str, None] = {}
        for path, message in problems:
            field, place = self.locate(path)
            name = ".".join(map(str, field))
            lines[f"{place}: {name}: {message}" if name else f"{place}: {message}"] = None
        return list(lines)


def problems_of(error: ValidationError, schema: Mapping[str, Any]) -> list[Problem]:
    """Translate pydantic's errors into plain sentences with the nearest valid name, using the JSON Schema."""
    found: list[Problem] = []
    for detail in error.errors():
        if detail["type"] == "impossible":
            found += [(tuple(path), message) for path, message in detail["ctx"]["problems"]]
        elif detail["type"] != "too_short" or not detail["input"]:  # pydantic also counts items that failed
            found.append(_problem(detail, schema))
    return found


def _problem(detail: ErrorDetails, schema: Mapping[str, Any]) -> Problem:
    path, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    given = detail["input"]
    fixed = {
        "missing": "is missing",
        "too_short": "is empty; it needs at least one entry",
        "string_pattern_mismatch": f"{_show(given)} should be lower case letters, digits and single hyphens",
    }
    if kind in fixed:
        return path, fixed[kind]
    if kind == "extra_forbidden":
        return path, f"unknown key{nearest(str(path[-1]), _names(schema, path[:-1]))}"
    if kind == "literal_error":
        return path, _not_one_of(given, re.findall(r"'([^']*)'", context["expected"]))
    if kind == "union_tag_invalid":
        tags = re.findall(r"'([^']*)'", context["expected_tags"])
        return (*path, context["discriminator"].strip("'")), _not_one_of(context["tag"], tags)
    if kind == "union_tag_not_found":
        return (*path, context["discriminator"].strip("'")), "is missing"
    message = detail["msg"].replace("Input should", "should").replace("String should", "should")
    single = isinstance(given, str | int | float | None)
    return path, f"{_show(given)} {message}" if single else message


def _not_one_of(given: object, allowed: Sequence[str]) -> str:
    return f"{_show(given)} is not one of {', '.join(allowed)}{nearest(str(given), allowed)}"


def _show(given: object) -> str:
    words = {True: "on", False: "off", None: "nothing"}
    return words[given] if isinstance(given, bool | None) else repr(given)


def _names(schema: Mapping[str, Any], path: FieldPath) -> list[str]:
    node: Mapping[str, Any] = _resolve(schema, schema)
    for part in path:
        if "properties" in node and part in node["properties"]:
            node = node["properties"][part]
        elif "discriminator" in node:
            node = {"$ref": node["discriminator"]["mapping"][part]}
        elif "items" in node:
            node = node["items"]
        node = _resolve(node, schema)
    return list(node.get("properties", ()))


def _resolve(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in node:
        return _resolve(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    for option in node.get("anyOf", ()):
        if "$ref" in option:
            return _resolve(option, schema)
    return node

"""Read scenario text into plain values, remembering where each stood; refuse what no scenario needs.

A file over 1 MB, nesting deeper than 12 levels, anchors and aliases (which can unfold to any size), tags and
repeated keys are errors, so a file from anywhere can be opened safely.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from icpsim.scenario.errors import FieldPath, Origins, ScenarioError

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
_SCALARS = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null"))


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors, aliases or dates."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(problem="anchors and aliases are refused", problem_mark=event.start_mark)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem=f"nested deeper than {MAX_DEPTH} levels", problem_mark=event.start_mark
            )
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag in _SCALARS]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_text(path: Path) -> str:
    """Text of a scenario file; raises ScenarioError if it cannot be read, is too large or is not UTF-8."""
    try:
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
        text = raw.decode("utf-8")
    except OSError as error:
        raise ScenarioError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise ScenarioError([f"{path}: is not UTF-8 text"]) from None
    if len(raw) > MAX_BYTES:
        raise ScenarioError([f"{path}: is larger than {MAX_BYTES:,} bytes"])
    return text


def parse(text: str, name: str) -> tuple[dict[str, Any], dict[FieldPath, str]]:
    """Plain values of one YAML mapping, and for every field path the ``name:line`` where it stands.

    Raises ScenarioError if the text is not YAML, is no mapping, or holds what no scenario needs.
    """
    try:
        loader = _PlainLoader(text)
        node = loader.get_single_node()
        reading = _Reading(loader, name)
        values = reading.plain(node, ()) if node else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ScenarioError([f"{name}:{mark.line + 1 if mark else 1}: {error.problem}"]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise ScenarioError([f"{name}: {str(error).splitlines()[0]}"]) from None
    if not isinstance(values, dict):
        raise ScenarioError([f"{name}:1: a scenario is a mapping of keys to values"])
    if reading.problems:
        raise ScenarioError(reading.problems)
    return values, {(): f"{name}:1"} | reading.places


class _Reading:
    """Turns the nodes of one text into plain values; gathers places and problems on the way."""

    def __init__(self, loader: _PlainLoader, name: str) -> None:
        self.loader = loader
        self.name = name
        self.places: dict[FieldPath, str] = {}
        self.problems: list[str] = []

    def plain(self, node: yaml.Node, path: FieldPath) -> Any:
        self.places.setdefault(path, self._place(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*path, k)) for k, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if node.tag not in _SCALARS:
            self.problems.append(f"{self._place(node)}: tag {node.tag} is refused")
            return None
        return self.loader.construct_object(node)  # type: ignore[no-untyped-call]

    def _mapping(self, node: yaml.MappingNode, path: FieldPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in values:
                name = ".".join(map(str, (*path, key)))
                self.problems.append(f"{self._place(key_node)}: {name}: key stands twice")
            self.places[*path, key] = self._place(key_node)
            values[key] = self.plain(value_node, (*path, key))
        return values

    def _place(self, node: yaml.Node) -> str:
        return f"{self.name}:{node.start_mark.line + 1}"


def apply_settings(
    values: dict[str, Any], places: dict[FieldPath, str], settings: Iterable[str], fields: Iterable[str]
) -> Origins:
    """Write each ``key=value`` (dotted path, YAML-typed value) into ``values`` in place.

    A path whose first word is none of ``fields`` names a model parameter. Raises ScenarioError naming the
    setting when it has no ``=``, or its path runs through something that is not there.
    """
    problems = []
    known = set(fields)
    for setting in settings:
        key, equals, text = setting.partition("=")
        place = f"--set {setting}"
        if not equals or not key:
            problems.append(f"{place}: write it as key=value")
            continue
        parts = key.strip().split(".")
        if parts[0] not in known:
            parts = ["parameters", *parts]
        try:
            path = _write(values, parts, parse(f"value: {text}", place)[0]["value"])
        except (LookupError, ScenarioError) as error:
            problems.append(f"{place}: {error.args[0]}")
            continue
        for length in range(1, len(path) + 1):
            places.setdefault(path[:length], place)
        for below in [p for p in places if p[: len(path)] == path]:
            places[below] = place
    if problems:
        raise ScenarioError(problems)
    return Origins(places)


def _write(values: Any, parts: list[str], value: Any) -> FieldPath:
    path: list[str | int] = []
    while parts:
        part, *parts = parts
        if path and path[-1] == "parameters":
            part, parts = ".".join([part, *parts]), []
        key = _key(values, part, ".".join(map(str, path)))
        path.append(key)
        if not parts:
            values[key] = value
        elif isinstance(key, str):
            values = values.setdefault(key, {})
        else:
            values = values[key]
    return tuple(path)


def _key(values: Any, part: str, above: str) -> str | int:
    if isinstance(values, dict):
        return part
    if not isinstance(values, list):
        raise LookupError(f"{above} is a single value and holds no '{part}'")
    if not part.isdigit() or int(part) >= len(values):
        raise LookupError(f"'{part}' is no position in {above}, whose entries are 0 to {len(values) - 1}")
    return int(part)

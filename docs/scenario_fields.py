"""Rows of the table of scenario fields, from the JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def field_rows(part: dict[str, Any], parts: dict[str, Any], path: str) -> Iterator[tuple[str, ...]]:
    """Yield name, type, default and meaning of every field of a part of the schema, and of the parts in it."""
    for name, field in part["properties"].items():
        at = f"{path}{name}"
        if name == "targeting":
            yield from _policies(field, parts, at)
            continue
        inner = [parts[place.rsplit("/", 1)[1]] for place in _inner(field)]
        for inside in inner:
            told = inside["properties"].get("kind", {})
            kind = "service" if "enum" in told else told.get("const", "")
            yield from field_rows(inside, parts, f"{at}[{kind}]." if "items" in field else f"{at}.")
        if not inner and name != "kind":
            default = "needed" if name in part.get("required", ()) else f"`{json.dumps(field.get('default', {}))}`"
            yield f"`{at}`", _kind(field), default, field["description"]


def _policies(field: dict[str, Any], parts: dict[str, Any], at: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a choice among policies: their names, what they share, and the options of each."""
    if "[mixture]" in at:
        yield f"`{at}`", "policy", "needed", "One of the policies above"
        return
    names = field["discriminator"]["mapping"]
    told = ", ".join(f"`{name}`" for name in names)
    yield f"`{at}.policy`", told, "needed", "Rule by which patients are chosen"
    shared: set[str] = {"policy"}
    for name, place in names.items():
        part = parts[place.rsplit("/", 1)[1]]
        own = {key: value for key, value in part["properties"].items() if key not in shared}
        if "noise" in own:
            shared.add("noise")
            yield from field_rows({"properties": {"noise": own.pop("noise")}}, parts, f"{at}.")
        yield from field_rows({**part, "properties": own}, parts, f"{at}[{name}].")


def _inner(field: dict[str, Any]) -> list[str]:
    items = field.get("items", {})
    choices = [field, *items.get("oneOf", [items]), *field.get("anyOf", [])]
    return [choice["$ref"] for choice in choices if "$ref" in choice]


def _kind(field: dict[str, Any]) -> str:
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "anyOf" in field:
        return " or ".join(_kind(choice) for choice in field["anyOf"])
    words = [field["type"]]
    words += [f"from {field['minimum']:g}"] if "minimum" in field else []
    words += [f"above {field['exclusiveMinimum']:g}"] if "exclusiveMinimum" in field else []
    words += [f"to {field['maximum']:g}"] if field.get("maximum", 1e18) < 1e18 else []
    return " ".join(words)

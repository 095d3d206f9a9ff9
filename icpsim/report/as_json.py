"""An answer as JSON has it: plain values, and null for what is no number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import isfinite
from pathlib import Path
from typing import Any


def plain_values(value: Any) -> Any:
    """Return data classes and mappings as objects, sequences and arrays as lists, NaN and infinities as None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain_values(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain_values(inner) for key, inner in value.items()}
    if hasattr(value, "tolist"):
        return plain_values(value.tolist())
    if isinstance(value, list | tuple):
        return [plain_values(inner) for inner in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def json_object(value: Any) -> dict[str, Any]:
    """Return a data class or a mapping as one JSON object; see :func:`plain_values`."""
    found: dict[str, Any] = plain_values(value)
    return found


def json_text(value: Mapping[str, Any]) -> str:
    """Return one JSON object as text with a last line end. Raises ValueError for NaN and infinities."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write one JSON object as :func:`json_text` has it."""
    path.write_text(json_text(value), encoding="utf-8")

"""A finished unit in a file of its own: whole, or not there at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Figures = dict[str, float | str]


@dataclass(frozen=True, slots=True)
class Finished:
    """A unit that is done: the columns of its rows, what it was told, its figures in the order they came in."""

    columns: dict[str, Any]
    told: dict[str, Any]
    figures: Figures
    title: str = ""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name and rename it, so that nobody ever sees a part of it. Raises OSError."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def write_finished(path: Path, one: Finished) -> None:
    """Write a finished unit after a line with its digest. Raises OSError when the disk does not take it."""
    told = {"columns": one.columns, "told": one.told, "figures": plain(one.figures), "title": one.title}
    text = json.dumps(told).encode()
    write_whole(path, hashlib.sha256(text).hexdigest().encode() + b"\n" + text)


def read_finished(path: Path) -> Finished | None:
    """Return a finished unit; None when there is no file, or it is not what was written."""
    try:
        digest, text = path.read_bytes().split(b"\n", 1)
    except (FileNotFoundError, ValueError):
        return None
    if hashlib.sha256(text).hexdigest().encode() != digest:
        return None
    found = json.loads(text)
    return Finished(found["columns"], found["told"], found["figures"], found.get("title", ""))


def plain(figures: Mapping[str, Any]) -> Figures:
    """Return figures as Python's own floats; text stays text."""
    return {name: value if isinstance(value, str) else float(value) for name, value in figures.items()}

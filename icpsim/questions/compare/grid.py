"""The grid of a sweep: ``--vary key=v1,v2,...`` and ``--vary key=from:to:step`` as settings of a scenario."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod

from icpsim.base.errors import WrongInputError

MOST_CELLS = 400
"""Cells that a grid has unless more are asked for."""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_STEPS = re.compile(rf"({_NUMBER}):({_NUMBER}):({_NUMBER})")
_ENDS = re.compile(rf"{_NUMBER}:{_NUMBER}")
_CLOSING = {"{": "}", "[": "]", "(": ")"}
_BEFORE_QUOTE = ("", "{", "[", "(", ",", ":")


class GridError(WrongInputError):
    """What is to be varied cannot be read, or makes too large a grid."""


@dataclass(frozen=True, slots=True)
class Vary:
    """One key of a scenario, with the values it takes in turn, as they would be written after ``--set key=``."""

    key: str
    values: tuple[str, ...]

    @property
    def settings(self) -> tuple[str, ...]:
        """Return the values as ``key=value``."""
        return tuple(f"{self.key}={value}" for value in self.values)


def parse_vary(text: str, most: int = MOST_CELLS) -> Vary:
    """Read ``key=v1,v2,...``; a value ``from:to:step`` stands for numbers in steps, ends included.

    Commas inside {}, [], () or quotes do not part values. Raises GridError for a missing key, an empty or
    repeated value, brackets that do not match, and more than ``most`` values.
    """
    key, values = key_and_values(text)
    found: list[str] = []
    for value in values:
        found += _steps(text, value, most)
        if len(found) > most:
            raise GridError(f"--vary {text}: more than {most} values")
    twice = next((value for k, value in enumerate(found) if value in found[:k]), None)
    if twice is not None:
        raise GridError(f"--vary {text}: the value {twice} stands twice")
    return Vary(key, tuple(found))


def grid(varied: Iterable[str], most: int = MOST_CELLS) -> tuple[tuple[str, ...], ...]:
    """Return the settings of every cell, the last key changing fastest.

    Raises GridError as :func:`parse_vary`, and when nothing is varied, a key is varied twice or is part of
    another, or the grid has more than ``most`` cells.
    """
    varies = [parse_vary(text, most) for text in varied]
    if not varies:
        raise GridError("nothing is varied: say --vary key=v1,v2,...")
    check_keys([vary.key for vary in varies])
    cells = prod(len(vary.values) for vary in varies)
    if cells > most:
        sizes = " x ".join(str(len(vary.values)) for vary in varies)
        raise GridError(f"the grid has {sizes} = {cells} cells, more than {most}")
    return tuple(product(*(vary.settings for vary in varies)))


def check_keys(keys: Sequence[str]) -> None:
    """Raise GridError when a key stands twice, or one key holds another (``a`` and ``a.b``)."""
    plain = [key.removeprefix("parameters.") for key in keys]
    for k, key in enumerate(plain):
        for other in plain[:k]:
            if key == other:
                raise GridError(f"{keys[k]} is varied twice")
            if f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}."):
                inner, outer = (key, other) if len(key) > len(other) else (other, key)
                raise GridError(f"{inner} is part of {outer}: vary one of them")


def key_and_values(text: str) -> tuple[str, list[str]]:
    """Part ``key=v1,v2,...`` at commas that stand outside brackets and quotes; raises GridError."""
    key, equals, listed = text.partition("=")
    if not equals or not key.strip() or any(c.isspace() for c in key.strip()):
        raise GridError(f"--vary {text}: write it as key=v1,v2,...")
    values, current, closing, quote = [], "", [], ""
    for character in listed:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and current.rstrip()[-1:] in _BEFORE_QUOTE:
            quote = character
        elif character in _CLOSING:
            closing.append(_CLOSING[character])
        elif closing and character == closing[-1]:
            closing.pop()
        elif character in _CLOSING.values():
            raise GridError(f"--vary {text}: '{character}' closes nothing")
        elif character == "," and not closing:
            values.append(current.strip())
            current = ""
            continue
        current += character
    if quote or closing:
        raise GridError(f"--vary {text}: {quote or closing[-1]} is missing at the end")
    values.append(current.strip())
    if "" in values:
        raise GridError(f"--vary {text}: a value is empty")
    return key.strip(), values


def _steps(text: str, value: str, most: int) -> list[str]:
    """Return a value itself, or the numbers that ``from:to:step`` stands for."""
    if _ENDS.fullmatch(value):
        raise GridError(f"--vary {text}: {value} has no step; write from:to:step")
    match = _STEPS.fullmatch(value)
    if not match:
        return [value]
    first, last, step = (Decimal(part) for part in match.groups())
    if step == 0 or (last - first) * step < 0:
        raise GridError(f"--vary {text}: steps of {step} do not lead from {first} to {last}")
    count = (last - first) / step
    if count >= most:
        raise GridError(f"--vary {text}: more than {most} values")
    return [_plain(first + k * step) for k in range(int(count) + 1)]


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

"""What an optimiser may choose: ``key=v1,v2,...`` one of these, ``key=lo:hi`` any number between."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import inf, prod
from typing import Any

from icpsim.base.errors import WrongInputError
from icpsim.questions.compare.grid import GridError, check_keys, key_and_values

_WHOLE = r"[+-]?\d+"
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER}):({_NUMBER})")


class SearchError(WrongInputError):
    """The space of a search cannot be read, or the search asked for is impossible."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One key that is chosen: among ``values`` (as written), or, when there are none, from ``low`` to ``high``.

    A range of whole numbers (``whole``) holds both its ends.
    """

    key: str
    values: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    whole: bool = False

    @property
    def size(self) -> float:
        """Return how many values there are; infinity for a range of numbers that are not whole."""
        if self.values:
            return len(self.values)
        return self.high - self.low + 1 if self.whole else inf

    def listed(self) -> list[Any]:
        """Return all values of a choice whose size is finite, in order."""
        return list(self.values) or list(range(int(self.low), int(self.high) + 1))


def parse_choice(text: str) -> Choice:
    """Read ``key=v1,v2,...`` or ``key=lo:hi`` (whole numbers if both ends are).

    Raises SearchError for what is neither, a repeated value, or a range whose ends are equal or turned round.
    """
    try:
        key, values = key_and_values(text)
    except GridError as error:
        raise SearchError(str(error).replace("--vary ", "", 1)) from None
    match = _RANGE.fullmatch(values[0]) if len(values) == 1 else None
    if match is None:
        if len(set(values)) < len(values):
            raise SearchError(f"{text}: a value stands twice")
        return Choice(key, tuple(values))
    low, high = (float(end) for end in match.groups())
    if not low < high < inf:
        raise SearchError(f"{text}: a range goes from a number to a larger one")
    whole = all(re.fullmatch(_WHOLE, end) for end in match.groups())
    return Choice(key, (), low, high, whole)


def parse_space(texts: Iterable[str]) -> tuple[Choice, ...]:
    """Read every choice of a search; raises SearchError as :func:`parse_choice`, and for a key chosen twice."""
    space = tuple(parse_choice(text) for text in texts)
    if not space:
        raise SearchError("nothing is to be chosen: say key=v1,v2,... or key=lo:hi")
    try:
        check_keys([choice.key for choice in space])
    except GridError as error:
        raise SearchError(str(error).replace("varied", "chosen").replace("vary", "choose")) from None
    return space


def size(space: Iterable[Choice]) -> float:
    """Return how many settings a space holds; may be infinite."""
    return prod(choice.size for choice in space)


def every_setting(space: Iterable[Choice]) -> list[dict[str, Any]]:
    """Return all settings of a space whose size is finite, the last key changing fastest."""
    listed = list(space)
    names = [choice.key for choice in listed]
    return [dict(zip(names, values, strict=True)) for values in product(*(c.listed() for c in listed))]

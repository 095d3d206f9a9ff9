"""Memory for growing tables, kept for the next table when nobody reads the last one any longer.

New memory is cleared by the operating system page by page as it is first written to, which costs a seventh of
the time that a replicate's people take to live; memory that has been used before is not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_SPARE_ROOM = 1.25
_MOST_TOO_LARGE = 4
_LEAST_BYTES = 1 << 20
_MOST_BLOCKS = 8
_unused: list[NDArray[np.uint8]] = []


class _Lent:
    """A block of memory as an array's base: it is given back when no array looks into it any longer."""

    def __init__(self, block: NDArray[np.uint8]) -> None:
        self._block = block
        self.__array_interface__ = block.__array_interface__

    def __del__(self) -> None:
        """Keep the block for the next table, and of many the last few."""
        if _unused is not None:
            _unused.append(self._block)
            del _unused[:-_MOST_BLOCKS]


def room_for(rows: int, dtype: np.dtype[np.void]) -> NDArray[Any]:
    """Return a table of so many rows of unspecified content, in memory used before where some fits."""
    needed = rows * dtype.itemsize
    if needed < _LEAST_BYTES:
        return np.empty(rows, dtype)
    fitting = [k for k, block in enumerate(_unused) if needed <= block.size <= _MOST_TOO_LARGE * needed]
    if fitting:
        block = _unused.pop(min(fitting, key=lambda k: _unused[k].size))
    else:
        block = np.empty(int(needed * _SPARE_ROOM), np.uint8)
    return np.asarray(_Lent(block))[:needed].view(dtype)


def forget_unused() -> None:
    """Give memory that no table uses back to the operating system."""
    _unused.clear()

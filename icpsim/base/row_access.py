"""Rows of tables by address, and parameters as one record: what compiled rules are handed.

numba counts references to every array each time a function is entered; with a score of arrays in reach that
costs more than the rules themselves (measured: 400 ns a person-week against about 20). A record and an address
are plain numbers, so a rule pays only for what it reads. Whoever makes an address keeps its array alive, and
compiled loops check room before they write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Fields(dict[str, Any]):
    """Fields of a compiled rule's row; a rule that reads another is not compiled but raises ``missing(name)``."""

    missing: Callable[[str], Exception]

    def __missing__(self, name: str) -> Any:
        raise self.missing(name)


def row_reader(
    dtype: np.dtype[Any], missing: Callable[[str], Exception] = KeyError
) -> Callable[[int, int], np.void]:
    """Return a compiled function (address, row number) -> the row, for tables of this type.

    ``missing`` makes the error of a field that a rule reads and the type does not have.
    """
    from numba import from_dtype, types
    from numba.extending import intrinsic

    record = from_dtype(dtype)
    record.fields = Fields(record.fields)
    record.fields.missing = missing

    @intrinsic
    def at(typing_context: Any, address: Any, row: Any) -> Any:
        """Point at a row of the table that starts at this address."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            start, number = arguments
            size = context.get_constant(types.int64, dtype.itemsize)
            place = builder.add(start, builder.mul(number, size))
            return builder.inttoptr(place, context.get_value_type(record))

        return record(types.int64, types.int64), generate

    reader: Any = at  # called by compiled rules only
    return reader


def _trailing_zeros() -> Callable[[np.uint64], int]:
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def count(typing_context: Any, word: Any) -> Any:
        """Count the zero bits below the lowest one (64 if there is none)."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.cttz(arguments[0], context.get_constant(types.boolean, False))

        return types.int64(types.uint64), generate

    counter: Any = count  # called by compiled rules only
    return counter


trailing_zeros = _trailing_zeros()
"""Compiled function: how many zero bits a 64-bit word ends in (64 if it is zero)."""


def address(table: NDArray[Any]) -> int:
    """Return the address of a contiguous table; the caller keeps the table alive while it is used."""
    if not table.flags.c_contiguous:
        raise ValueError("only a contiguous table has an address that rules can use")
    return int(table.ctypes.data)


def record_type(rooms: Mapping[str, Any]) -> np.dtype[np.void]:
    """Return the record type that holds the given rooms (NamedTuples of numbers and arrays) by name."""
    return np.dtype([(name, _room_type(room)) for name, room in rooms.items()], align=True)


def record_of(rooms: Mapping[str, Any]) -> NDArray[np.void]:
    """Return a one-row table whose row reads like the rooms: ``row.emergency.flare_ratio``."""
    record = np.zeros(1, record_type(rooms))
    for name, room in rooms.items():
        for field in room._fields:
            record[name][field][0] = getattr(room, field)
    return record


def _room_type(room: Any) -> np.dtype[np.void]:
    fields: list[Any] = []
    for field in room._fields:
        value = np.asarray(getattr(room, field))
        fields.append((field, np.float64, value.shape) if value.shape else (field, np.float64))
    return np.dtype(fields, align=True)

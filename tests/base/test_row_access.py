"""Tables by address and parameters as one record."""

from typing import NamedTuple

import numpy as np
import pytest
from numba import njit

from icpsim.base.row_access import address, record_of, record_type, row_reader

MIXED = np.dtype([("week", np.int16), ("person", np.int64), ("share", np.float32)])
row_at = row_reader(MIXED)


class Room(NamedTuple):
    """Numbers and an array, as a parameter room has."""

    rate: float
    curve: np.ndarray


@njit
def add_person(where, row, extra):
    at = row_at(where, row)
    at.person += extra
    return at.week + at.share


def test_a_rule_reads_and_writes_the_row_at_an_address():
    table = np.zeros(3, MIXED)
    table[1] = (5, 70, 0.25)
    assert add_person(address(table), 1, 4) == 5.25
    assert table["person"].tolist() == [0, 74, 0]


def test_a_table_that_is_not_contiguous_has_no_address():
    with pytest.raises(ValueError, match="only a contiguous table"):
        address(np.zeros(6, MIXED)[::2])


def test_rooms_become_one_record_with_the_same_values():
    rooms = {"first": Room(0.5, np.array([1.0, 2.0, 3.0])), "second": Room(7.0, np.array([4.0]))}
    row = record_of(rooms)[0]
    assert row["first"]["rate"] == 0.5
    assert row["first"]["curve"].tolist() == [1.0, 2.0, 3.0]
    assert (row["second"]["rate"], row["second"]["curve"].tolist()) == (7.0, [4.0])


def test_fields_of_the_record_lie_where_compiled_code_expects_them():
    dtype = record_type({"first": Room(0.5, np.array([1.0, 2.0])), "second": Room(1.0, np.array([4.0]))})
    assert dtype.isalignedstruct
    assert {name: dtype.fields[name][1] for name in dtype.names} == {"first": 0, "second": 24}

"""Memory of tables is used again, and never while somebody reads it."""

import numpy as np
import pytest

from icpsim.records import reused_memory
from icpsim.records.schema import AE

ROWS = 1_000_000


@pytest.fixture(autouse=True)
def nothing_kept():
    reused_memory.forget_unused()
    yield
    reused_memory.forget_unused()


def test_memory_is_used_again_when_nobody_reads_it():
    table = reused_memory.room_for(ROWS, AE)
    assert len(table) == ROWS and table.dtype == AE
    place = table.ctypes.data
    del table
    assert reused_memory.room_for(ROWS + ROWS // 10, AE).ctypes.data == place


def test_a_table_that_is_read_keeps_its_memory():
    table = reused_memory.room_for(ROWS, AE)
    table["person"] = 7
    part = table[10:20]["person"]
    del table
    others = [reused_memory.room_for(ROWS, AE) for _ in range(3)]
    for other in others:
        other["person"] = 8
    assert (part == 7).all()


def test_tables_of_another_size_do_not_take_it():
    table = reused_memory.room_for(ROWS, AE)
    place = table.ctypes.data
    del table
    held = [reused_memory.room_for(rows, AE) for rows in (ROWS * 2, ROWS // 7)]
    assert all(other.ctypes.data != place for other in held)
    assert reused_memory.room_for(ROWS, AE).ctypes.data == place


def test_no_more_than_a_few_blocks_are_kept():
    tables = [reused_memory.room_for(ROWS, AE) for _ in range(30)]
    del tables
    assert len(reused_memory._unused) <= 8
    assert np.asarray(reused_memory._unused[0]).size >= ROWS * AE.itemsize

"""Memory of tables is used again, and never while somebody reads it."""

import numpy as np
import pytest

from icpsim.records import pages
from icpsim.records.schema import AE

ROWS = 1_000_000


@pytest.fixture(autouse=True)
def nothing_kept():
    pages.forget_unused()
    yield
    pages.forget_unused()


def test_memory_is_used_again_when_nobody_reads_it():
    table = pages.room_for(ROWS, AE)
    assert len(table) == ROWS and table.dtype == AE
    place = table.ctypes.data
    del table
    assert pages.room_for(ROWS + ROWS // 10, AE).ctypes.data == place


def test_a_table_that_is_read_keeps_its_memory():
    table = pages.room_for(ROWS, AE)
    table["person"] = 7
    part = table[10:20]["person"]
    del table
    others = [pages.room_for(ROWS, AE) for _ in range(3)]
    for other in others:
        other["person"] = 8
    assert (part == 7).all()


def test_tables_of_another_size_do_not_take_it():
    table = pages.room_for(ROWS, AE)
    place = table.ctypes.data
    del table
    held = [pages.room_for(rows, AE) for rows in (ROWS * 2, ROWS // 7)]
    assert all(other.ctypes.data != place for other in held)
    assert pages.room_for(ROWS, AE).ctypes.data == place


def test_no_more_than_a_few_blocks_are_kept():
    tables = [pages.room_for(ROWS, AE) for _ in range(30)]
    del tables
    assert len(pages._unused) <= 8
    assert np.asarray(pages._unused[0]).size >= ROWS * AE.itemsize

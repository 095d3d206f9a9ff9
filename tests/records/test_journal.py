"""The journal's own work: rows that were written elsewhere."""

import numpy as np

from icpsim.records.journal import ATTENDANCES, Journal
from icpsim.records.schema import AE


def test_rows_written_elsewhere_are_appended_however_many():
    rows = np.zeros(3_000, AE)
    rows["person"] = np.arange(3_000)
    journal = Journal(1, 52)
    for _ in range(3):
        journal.take_over(ATTENDANCES, rows)
    written = journal.written(ATTENDANCES)
    assert (written["person"] == np.tile(np.arange(3_000), 3)).all()

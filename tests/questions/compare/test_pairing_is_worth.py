"""The same draws in every arm: a difference of 1% in emergencies takes a tenth of the replicates or fewer."""

import pytest

from icpsim.questions.compare.arms import read_arm
from icpsim.questions.compare.rows import paired_rows
from icpsim.questions.compare.runs import compare

pytestmark = pytest.mark.slow
REPLICATES = 12


def test_pairing_saves_nine_tenths_of_the_replicates_at_least():
    """The 90% interval of paired over unpaired variance (Pitman, Morgan) lies below a tenth: 5% false alarms."""
    arms = [
        read_arm("three=small", ["programmes.0.interventions.0.case_managers=3"]),
        read_arm("one=small", ["programmes.0.interventions.0.case_managers=1"]),
    ]
    rows = list(paired_rows(compare(arms, REPLICATES, 1, workers=2, evaluated=False)))
    assert len(rows) == 3
    for row in rows:
        found = row.comparison
        assert found.variance_ratio.high < 0.1
        assert found.replicates_unpaired >= 10 * found.replicates_paired

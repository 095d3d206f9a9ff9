"""What one more scenario costs on a replicate whose history is shared. Filled when the branching API exists.

Two figures are promised: one more scenario when people are not coupled (at most 0.5 core-seconds), and one more
with capacity feedback (at most half of a full replicate). Until then they are shown as not measured.
"""

from __future__ import annotations

from benchmarks.rows import Row, missing

UNCOUPLED_GOAL = 0.5
COUPLED_GOAL = 0.5
NOT_YET = "not measured: history is not shared between scenarios yet"


def figures(quick: bool) -> list[Row]:
    """Return the two promised figures; neither can be measured yet, ``quick`` or not."""
    uncoupled = "one more scenario on the same replicate, people not coupled (core-seconds)"
    coupled = "one more scenario with capacity feedback (share of a full replicate)"
    return [missing(uncoupled, UNCOUPLED_GOAL, NOT_YET), missing(coupled, COUPLED_GOAL, NOT_YET)]

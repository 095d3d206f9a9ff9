"""Evaluation designs side by side: the published one, others that were possible, and naive ones, labelled so.

A design is one file and one line here; the schema of scenarios, commands and tables follow (docs/adding.md).
"""

from __future__ import annotations

from icpsim.evaluation.designs.interface import Design, DesignEstimate, DesignOptions

# Designs stand in the order in which tables show them.
# isort: off
from icpsim.evaluation.designs.matched_did import ELSEWHERE, ONE_TO_ONE, SAME_AREA
from icpsim.evaluation.designs.post_only_cohort import PostOnlyCohort
from icpsim.evaluation.designs.practice_panel import PracticePanel
from icpsim.evaluation.designs.synthetic_control import SyntheticControl
from icpsim.evaluation.designs.trial_by_person import TrialByPerson
from icpsim.evaluation.designs.trial_by_practice import TrialByPractice, SteppedWedge
from icpsim.evaluation.designs.before_after import BeforeAfter
from icpsim.evaluation.designs.unmatched_did import UnmatchedDid
# isort: on

_KINDS = [kind for kind in globals().values() if hasattr(kind, "estimand") and kind is not Design]

DESIGNS: dict[str, Design] = {
    design.name: design for design in (kind() if isinstance(kind, type) else kind for kind in _KINDS)
}
"""Every design that is imported here, by name."""

__all__ = ["DESIGNS", "Design", "DesignEstimate", "DesignOptions"]

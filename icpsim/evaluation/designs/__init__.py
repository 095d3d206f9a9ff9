"""Evaluation designs side by side: the published one, others that were possible, and naive ones, labelled so."""

from __future__ import annotations

from icpsim.evaluation.designs.before_after import BeforeAfter
from icpsim.evaluation.designs.interface import Design, DesignEstimate, DesignOptions
from icpsim.evaluation.designs.matched_did import ELSEWHERE, ONE_TO_ONE, SAME_AREA
from icpsim.evaluation.designs.post_only_cohort import PostOnlyCohort
from icpsim.evaluation.designs.practice_panel import PracticePanel
from icpsim.evaluation.designs.synthetic_control import SyntheticControl
from icpsim.evaluation.designs.trial_by_person import TrialByPerson
from icpsim.evaluation.designs.trial_by_practice import SteppedWedge, TrialByPractice
from icpsim.evaluation.designs.unmatched_did import UnmatchedDid

ALL_DESIGNS: tuple[Design, ...] = (
    ELSEWHERE,
    ONE_TO_ONE,
    SAME_AREA,
    PostOnlyCohort(),
    PracticePanel(),
    SyntheticControl(),
    TrialByPerson(),
    TrialByPractice(),
    SteppedWedge(),
    BeforeAfter(),
    UnmatchedDid(),
)
"""Every design, in the order in which tables show them. Append an instance to add a design."""

DESIGNS: dict[str, Design] = {design.name: design for design in ALL_DESIGNS}

__all__ = ["ALL_DESIGNS", "DESIGNS", "Design", "DesignEstimate", "DesignOptions"]

"""Evaluation designs side by side: the published one, others that were possible, and naive ones, labelled so."""

from __future__ import annotations

from icpsim.evaluation.designs.interface import Design, DesignEstimate, DesignOptions
from icpsim.evaluation.designs.trial_by_person import TrialByPerson
from icpsim.evaluation.designs.trial_by_practice import SteppedWedge, TrialByPractice

ALL_DESIGNS: tuple[Design, ...] = (TrialByPerson(), TrialByPractice(), SteppedWedge())
"""Every design, in the order in which tables show them. Append an instance to add a design."""

DESIGNS: dict[str, Design] = {design.name: design for design in ALL_DESIGNS}

__all__ = ["ALL_DESIGNS", "DESIGNS", "Design", "DesignEstimate", "DesignOptions"]

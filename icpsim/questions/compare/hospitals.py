"""What hospitals did to everybody, with the programme and without: only where capacity couples people."""

from __future__ import annotations

from dataclasses import dataclass

from icpsim.base.intervals import further_value
from icpsim.questions.compare.results import Part
from icpsim.questions.compare.rows import years
from icpsim.questions.compare.runs import Comparison

HOSPITALS = ("emergency", "sent_home", "elective", "cancelled", "bed_nights", "delayed_nights")
"""Weekly totals of hospitals that are told."""


@dataclass(frozen=True, slots=True)
class ArmHospitals:
    """One arm's hospitals, a year: each of HOSPITALS without the programme, with it, and the change."""

    arm: str
    without: dict[str, float]
    with_programme: dict[str, float]
    change: dict[str, Part]


def hospitals(comparison: Comparison) -> list[ArmHospitals]:
    """Return what hospitals did in every arm with capacity feedback; [] where nothing couples people."""
    span = years(comparison)
    found = []
    for place, arm in enumerate(comparison.arms):
        if not arm.scenario.capacity_feedback:
            continue
        pairs = {
            name: (comparison.without(place, f"hospitals|{name}"), comparison.values(place, f"hospitals|{name}"))
            for name in HOSPITALS
        }
        found.append(
            ArmHospitals(
                arm.label,
                {name: float(before.mean()) / span for name, (before, _) in pairs.items()},
                {name: float(after.mean()) / span for name, (_, after) in pairs.items()},
                {
                    name: Part(name, *further_value((after - before) / span))
                    for name, (before, after) in pairs.items()
                },
            )
        )
    return found

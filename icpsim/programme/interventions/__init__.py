"""Interventions of a scenario, what a team does and the staff it has: one kind a file, and one line here.

Services share one file here, for all that a scenario writes of one is its hours; each has its own file in
programme/services/.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, TypeAlias, Union, get_args

from pydantic import Field

from icpsim.programme.interventions.intervention_part import InterventionPart
from icpsim.programme.interventions.staffed_caseload import StaffedCaseload

# Interventions stand in the order in which readers see them.
# isort: off
from icpsim.programme.interventions.case_management import CaseManagement
from icpsim.programme.interventions.virtual_ward import VirtualWard
from icpsim.programme.interventions.telephone_coaching import TelephoneCoaching
from icpsim.programme.interventions.mdt_meetings import MdtMeeting
from icpsim.programme.interventions.service_hours import Service
from icpsim.programme.interventions.service_hours import DiseaseCare
# isort: on

KINDS: tuple[type[InterventionPart], ...] = tuple(
    kind
    for kind in list(globals().values())
    if isinstance(kind, type)
    and issubclass(kind, InterventionPart)
    and kind not in {InterventionPart, StaffedCaseload}
)
"""Every kind of intervention that is imported here."""

HOLDERS: dict[str, type[StaffedCaseload]] = {
    get_args(kind.model_fields["kind"].annotation)[0]: kind for kind in KINDS if issubclass(kind, StaffedCaseload)
}
"""Those that hold people on a caseload, at most one in a programme, by the name that scenarios give them."""

if TYPE_CHECKING:
    Intervention: TypeAlias = InterventionPart
else:
    Intervention = Annotated[
        Union[KINDS],  # noqa: UP007 - made of a registry
        Field(discriminator="kind"),
    ]
"""An intervention as a scenario writes it: its kind and its numbers."""


def clashes(interventions: Sequence[Intervention]) -> list[str]:
    """Return what cannot stand in one programme: two interventions that hold people, or the same one twice."""
    holders = [part.kind for part in interventions if part.kind in HOLDERS]
    found = []
    if len(holders) > 1:
        found.append(
            f"{' and '.join(holders)} would hold the same people; one programme has at most one of"
            f" {', '.join(HOLDERS)} (write two programmes)"
        )
    named = [part.own_name for part in interventions if part.kind not in HOLDERS]
    return found + [f"{name} stands twice" for name in dict.fromkeys(named) if named.count(name) > 1]


__all__ = [
    "HOLDERS",
    "KINDS",
    "CaseManagement",
    "DiseaseCare",
    "Intervention",
    "InterventionPart",
    "MdtMeeting",
    "Service",
    "StaffedCaseload",
    "TelephoneCoaching",
    "VirtualWard",
    "clashes",
]

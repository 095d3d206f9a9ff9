"""MDT meetings: how often practices hold one, how long it lasts, and how many patients it discusses."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from icpsim.programme.interventions.intervention_part import InterventionPart


class MdtMeeting(InterventionPart):
    """Multidisciplinary team meetings that discuss patients; numbers are for one practice."""

    kind: Literal["mdt_meeting"]
    every_weeks: int = Field(default=4, ge=1, le=52, description="Weeks between meetings")
    patients_per_meeting: int = Field(default=8, ge=0, le=100, description="Patients discussed at each meeting")
    meeting_hours: float = Field(default=1.0, gt=0.0, le=12.0, description="Length of a meeting, hours")

"""Discharge planning: shorter stays, fewer waits on social care, fewer returns soon after."""

from __future__ import annotations

from icpsim.programme.services.service_kind import ServiceKind

DISCHARGE_PLANNING = ServiceKind(
    name="discharge_planning",
    label="discharge planning",
    cost="discharge_planning_hour",
    numbers=("flares", "nights", "delays"),
)

"""Disease care: structured care of one long-term condition, which the scenario names."""

from __future__ import annotations

from icpsim.programme.services.service_kind import Meant, ServiceKind

DISEASE_CARE = ServiceKind(
    name="disease_care",
    label="disease care",
    cost="disease_care_hour",
    numbers=("sensitive_emergencies", "follow_ups", "flares"),
    meant_for=Meant(own_condition=True),
)

"""Mental-health liaison: specialists see people with mental illness in hospital and at home."""

from __future__ import annotations

from icpsim.programme.services.service_kind import Meant, ServiceKind

MENTAL_HEALTH_LIAISON = ServiceKind(
    name="mental_health_liaison",
    label="mental-health liaison",
    cost="mental_health_liaison_hour",
    numbers=("other_emergencies", "ae_attendances", "nights"),
    meant_for=Meant(conditions=("severe_mental_illness", "depression", "substance_misuse")),
)

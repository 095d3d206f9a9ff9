"""Self-management support: people with a long-term condition learn to keep it in check."""

from __future__ import annotations

from icpsim.programme.services.service_kind import Meant, ServiceKind
from icpsim.records.schema import CONDITIONS

SELF_MANAGEMENT_SUPPORT = ServiceKind(
    name="self_management_support",
    label="self-management support",
    cost="self_management_support_hour",
    numbers=("sensitive_emergencies", "ae_attendances", "follow_ups"),
    meant_for=Meant(conditions=CONDITIONS),
)

"""Care planning: a written plan for each patient, so that a crisis is met by general practice."""

from __future__ import annotations

from icpsim.programme.services.service_kind import ServiceKind

CARE_PLANNING = ServiceKind(
    name="care_planning",
    label="care planning",
    cost="care_planning_hour",
    numbers=("sensitive_emergencies", "ae_attendances", "contact_instead"),
)

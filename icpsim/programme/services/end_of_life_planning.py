"""End-of-life planning: people in their last year are cared for where they wish to be."""

from __future__ import annotations

from icpsim.programme.services.service_kind import Meant, ServiceKind

END_OF_LIFE_PLANNING = ServiceKind(
    name="end_of_life_planning",
    label="end-of-life planning",
    cost="end_of_life_planning_hour",
    numbers=("sensitive_emergencies", "other_emergencies", "nights", "contact_instead"),
    meant_for=Meant(last_year=True),
)

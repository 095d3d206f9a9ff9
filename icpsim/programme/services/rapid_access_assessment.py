"""Rapid-access assessment: a clinic visit within days in place of an emergency admission."""

from __future__ import annotations

from icpsim.programme.services.service_kind import ServiceKind

RAPID_ACCESS_ASSESSMENT = ServiceKind(
    name="rapid_access_assessment",
    label="rapid-access assessment",
    cost="rapid_access_assessment_hour",
    numbers=("sensitive_emergencies", "other_emergencies", "visit_instead"),
)

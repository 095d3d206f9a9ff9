"""Care-home alignment: one practice looks after all residents of a care home."""

from __future__ import annotations

from icpsim.programme.services.service_kind import Meant, ServiceKind

CARE_HOME_ALIGNMENT = ServiceKind(
    name="care_home_alignment",
    label="care-home alignment",
    cost="care_home_alignment_hour",
    numbers=("sensitive_emergencies", "other_emergencies", "ae_attendances"),
    meant_for=Meant(care_home=True),
)

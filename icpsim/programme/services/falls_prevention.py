"""Falls prevention: exercise, medicines and homes looked at, for people of a certain age."""

from __future__ import annotations

from icpsim.programme.services.service_kind import ServiceKind

FALLS_PREVENTION = ServiceKind(
    name="falls_prevention",
    label="falls prevention",
    cost="falls_prevention_hour",
    numbers=("other_emergencies", "ae_attendances", "youngest_age"),
)

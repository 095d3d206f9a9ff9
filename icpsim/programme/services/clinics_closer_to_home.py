"""Clinics closer to home: specialists see outpatients in the community."""

from __future__ import annotations

from icpsim.programme.services.service_kind import ServiceKind

CLINICS_CLOSER_TO_HOME = ServiceKind(
    name="clinics_closer_to_home",
    label="clinics closer to home",
    cost="clinics_closer_to_home_hour",
    numbers=("first_visits", "follow_ups", "listings"),
)

"""How providers answer to pressure: plain functions from last week's totals to this week's factors."""

from __future__ import annotations

from typing import NamedTuple


class CapacityParameters(NamedTuple):
    """Table capacity.csv."""

    settle_from_week: float
    settle_to_week: float
    appointment_headroom: float
    bed_occupancy: float
    elective_threshold: float
    elective_full_stop: float
    admission_threshold: float
    admission_full_stop: float
    social_care_sensitivity: float


MOST_DELAY = 3.0
"""Highest factor on delayed discharge, however little social care there is."""


def falling(value: float, start: float, stop: float) -> float:
    """Return 1 up to ``start``, 0 from ``stop``, a straight line between."""
    if value <= start:
        return 1.0
    return max(0.0, (stop - value) / (stop - start)) if value < stop else 0.0


def elective_open(occupancy: float, c: CapacityParameters) -> float:
    """Return the share of electives with a night that are not cancelled at this occupancy."""
    return falling(occupancy, c.elective_threshold, c.elective_full_stop)


def short_stay_admitted(occupancy: float, c: CapacityParameters) -> float:
    """Return the share of short emergencies admitted rather than sent home (never under a half)."""
    return 0.5 + 0.5 * falling(occupancy, c.admission_threshold, c.admission_full_stop)


def delay_factor(need: float, places: float, c: CapacityParameters) -> float:
    """Return the factor on delayed discharge when need (nights a week) exceeds what social care can take."""
    if need <= places:
        return 1.0
    if places <= 0:
        return MOST_DELAY
    return min(float((need / places) ** c.social_care_sensitivity), MOST_DELAY)


def appointment_access(wanted: float, appointments: float) -> float:
    """Return the share of wanted consultations a practice can give."""
    return 1.0 if wanted <= appointments or wanted <= 0 else appointments / wanted

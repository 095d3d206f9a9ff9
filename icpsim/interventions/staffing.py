"""What staff make possible: places on the caseload, contacts, and the dose that follows from them."""

from __future__ import annotations

WEEKS_PER_MONTH = 52.18 / 12


def places(case_managers: int, caseload: int, weeks_since_start: int, ramp_weeks: int) -> int:
    """Return places open after so many weeks; they open in ten steps over the ramp."""
    if ramp_weeks <= 0:
        return case_managers * caseload
    step = min(10, 1 + int(10 * max(weeks_since_start, 0) / ramp_weeks))
    return case_managers * caseload * step // 10


def contacts_delivered(
    wanted_per_month: float, patients: int, case_managers: int, hours_per_week: float, hours_per_contact: float
) -> float:
    """Return contacts per patient per month that the case managers' hours allow."""
    if patients == 0:
        return wanted_per_month
    possible = case_managers * hours_per_week / hours_per_contact * WEEKS_PER_MONTH / patients
    return min(wanted_per_month, possible)


def dose(contacts_per_month: float, contacts_for_full_dose: float) -> float:
    """Return the share of full effect that this many contacts bring."""
    return min(1.0, contacts_per_month / contacts_for_full_dose)

"""What a community team writes down of its own work: people, staff, contacts, meetings and hours, week by week."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TEAM_WEEK = np.dtype(
    [
        ("enrolled", np.int32),
        ("caseload", np.int32),
        ("waiting", np.int32),
        ("staff", np.int32),
        ("contact_hours", np.float64),
        ("meetings", np.int32),
        ("meeting_hours", np.float64),
        ("discussed", np.int32),
    ]
)
"""One row a week of a study, all 0 before the programme: people enrolled in it; on the caseload; wanted by the
programme's total but waiting for a place; posts filled, of those that the ramp has brought; hours that contacts
took; MDT meetings, their length together in hours, and people discussed."""


class TeamLog:
    """A team's weeks (TEAM_WEEK) and the hours of its services, float64[weeks, services]."""

    def __init__(self, weeks: int, services: int = 0) -> None:
        self.weeks = np.zeros(weeks, TEAM_WEEK)
        self.service_hours = np.zeros((weeks, services))
        self.counted = 0
        self._hours_per_patient = np.zeros(weeks)

    def note_places(self, week: int, until: int, waiting: int) -> None:
        """Note how many people wait for a place from this week until teams look again."""
        self.weeks["waiting"][week:until] = waiting

    def note_contacts(self, week: int, until: int, hours_per_patient: float) -> None:
        """Note the hours a week that contacts take for each person on the caseload, until they are set again."""
        self._hours_per_patient[week:until] = hours_per_patient

    def note_service(self, week: int, until: int, service: int, hours: float) -> None:
        """Note the hours a week of one service, until they are set again."""
        self.service_hours[week:until, service] = hours

    def note_meeting(self, week: int, hours: float, discussed: int) -> None:
        """Note one MDT meeting."""
        row = self.weeks[week]
        row["meetings"] += 1
        row["meeting_hours"] += hours
        row["discussed"] += discussed

    def count(self, until: int, joined: NDArray[np.int16], left: NDArray[np.int16]) -> None:
        """Write down the people of the weeks before ``until``, and the hours that contacts with them took.

        Everybody enrolled joined the caseload in one week and left it in another (one value a person each).
        """
        weeks, new = len(self.weeks), slice(self.counted, until)
        enrolled = np.bincount(np.minimum(joined, weeks), minlength=weeks + 1)
        gone = np.bincount(np.clip(left, joined, weeks), minlength=weeks + 1)
        caseload = np.cumsum(enrolled - gone)
        self.weeks["enrolled"][new], self.weeks["caseload"][new] = enrolled[new], caseload[new]
        self.weeks["contact_hours"][new] = caseload[new] * self._hours_per_patient[new]
        self.counted = until

    def staff(self, begin: int, filled: NDArray[np.integer]) -> None:
        """Write down how many posts are filled, week by week from ``begin`` on."""
        self.weeks["staff"][begin : begin + len(filled)] = filled

"""What a rule may read besides the person: parameters, providers this week, programmes, and the journal."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class World(Protocol):
    """What a weekly rule may read or count into, as it looks to the rules; it never holds a person.

    It is one record: each process's parameters under its name, the addresses of TOTALS and the journal's pages
    (:func:`icpsim.care.rule_inputs_table.make_world`).
    """

    health: np.void
    onset: np.void
    deaths: np.void
    primary_care: np.void
    emergency: np.void
    stays: np.void
    outpatient: np.void
    elective: np.void
    cancer: np.void
    repeat_day_care: np.void
    practices: int
    hospitals: int
    programmes: int
    services: int
    programme_count: int
    practice_weeks: int
    hospital_weeks: int
    weeks: int
    everyone_consults: int
    follow_up_screen: int
    called_screen: int

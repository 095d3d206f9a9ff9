"""What a rule may read besides the person: parameters, providers this week, programmes, and the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from icpsim.care.cancer_treatment import CancerParameters
from icpsim.care.condition_onset import Onset, onset_of
from icpsim.care.deaths import DeathParameters
from icpsim.care.elective import ElectiveParameters
from icpsim.care.emergency import EmergencyParameters
from icpsim.care.health import HealthParameters
from icpsim.care.outpatient import OutpatientParameters
from icpsim.care.primary_care import PrimaryCareParameters
from icpsim.care.providers import TOTALS
from icpsim.care.rates import screen_of
from icpsim.care.repeat_day_care import RepeatDayCareParameters
from icpsim.memory import record_of
from icpsim.records.journal import PAGES


class World(Protocol):
    """What a weekly rule may read or count into, as it looks to the rules; it never holds a person.

    At run time it is one record: the parameter rooms, the addresses of TOTALS and the pages of the journal.
    """

    health: HealthParameters
    onset: Onset
    deaths: DeathParameters
    primary_care: PrimaryCareParameters
    emergency: EmergencyParameters
    outpatient: OutpatientParameters
    elective: ElectiveParameters
    cancer: CancerParameters
    repeat_day_care: RepeatDayCareParameters
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


ROOMS = (
    "health",
    "onset",
    "deaths",
    "primary_care",
    "emergency",
    "outpatient",
    "elective",
    "cancer",
    "repeat_day_care",
)


def make_world(rooms: Mapping[str, Any]) -> NDArray[np.void]:
    """Return the one-row table that rules read as ``World``; addresses and pages are still to be set."""
    rooms = {**rooms, "onset": onset_of(rooms)}
    parameters = record_of({name: rooms[name] for name in ROOMS})
    screens = [("follow_up_screen", np.int64), ("called_screen", np.int64)]
    kinds = [(name, parameters.dtype.fields[name][0]) for name in ROOMS]  # type: ignore[index]
    world = np.zeros(1, np.dtype([*kinds, *TOTALS, *screens, *PAGES], align=True))
    for name in ROOMS:
        world[name] = parameters[name]
    world["follow_up_screen"] = screen_of(float(rooms["outpatient"].follow_up_weekly))
    world["called_screen"] = screen_of(1.0 / float(rooms["elective"].wait_weeks))
    return world

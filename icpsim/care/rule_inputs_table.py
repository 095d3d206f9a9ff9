"""The one-row table that rules read as their world: made of every process's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from icpsim.base.row_access import record_of
from icpsim.care.condition_onset import onset_of
from icpsim.care.hospital_stay import stays_of
from icpsim.care.providers import TOTALS
from icpsim.care.rule_inputs import World
from icpsim.care.weekly_rates import screen_of
from icpsim.records.journal import PAGES

ROOMS = tuple(name for name, kind in get_type_hints(World).items() if kind is np.void)
"""Processes whose parameters a world holds: those that rules read."""


def make_world(rooms: Mapping[str, Any]) -> NDArray[np.void]:
    """Return the one-row table that rules read as ``World``; addresses and pages are still to be set."""
    rooms = {**rooms, "onset": onset_of(rooms), "stays": stays_of(rooms)}
    parameters = record_of({name: rooms[name] for name in ROOMS})
    screens = [("follow_up_screen", np.int64), ("called_screen", np.int64)]
    kinds = [(name, parameters.dtype.fields[name][0]) for name in ROOMS]  # type: ignore[index]
    world = np.zeros(1, np.dtype([*kinds, *TOTALS, *screens, *PAGES], align=True))
    for name in ROOMS:
        world[name] = parameters[name]
    world["follow_up_screen"] = screen_of(float(rooms["outpatient"].follow_up_weekly))
    world["called_screen"] = screen_of(1.0 / float(rooms["elective"].wait_weeks))
    return world

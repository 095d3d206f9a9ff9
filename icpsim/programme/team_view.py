"""What teams see of the people on pilot lists in a week: risk scores, and what a professional knows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.base.randomness import REGISTRY, draws, normal_quantiles
from icpsim.programme.risk_tool import Scores
from icpsim.programme.targeting import Candidates
from icpsim.records.schema import NEVER

TARGETING_NOISE = REGISTRY.decision("noise between risk list and enrolment")
TARGETING_CHANCE = REGISTRY.decision("chance in targeting")


@dataclass(frozen=True, slots=True)
class Sight:
    """One value for each person on a pilot list, in order; meanings as in ``Candidates``."""

    risk: NDArray[np.float64]
    risk_from_hospital_records: NDArray[np.float64]
    emergencies: NDArray[np.int64]
    in_flare: NDArray[np.bool_]
    last_year: NDArray[np.bool_]
    in_treatment: NDArray[np.bool_]
    sensitive_emergencies: NDArray[np.uint16]
    emergencies_4: NDArray[np.uint16]
    unplanned_12: NDArray[np.uint16]
    unplanned_52: NDArray[np.uint16]
    registered: NDArray[np.uint16]

    def copy(self) -> Sight:
        """Return a sight of its own with the same values."""
        return Sight(**{part.name: getattr(self, part.name).copy() for part in fields(self)})

    def become(self, other: Sight) -> None:
        """Take over all values of another sight of as many people."""
        for part in fields(self):
            getattr(self, part.name)[:] = getattr(other, part.name)

    def change(self, at: NDArray[np.integer], other: Sight) -> None:
        """Take over the values of the people at these places (``other`` holds only them)."""
        for part in fields(self):
            getattr(self, part.name)[at] = getattr(other, part.name)


def sight_of(people: NDArray[np.void], rows: NDArray[np.int64], scores: Scores, week: int) -> Sight:
    """Return what is seen of the people in these rows, as they stand in this week, with their scores."""
    flare, death, begins, ends = (
        people[name][rows] for name in ("flare_until", "death_week", "cancer_from", "cancer_until")
    )
    return Sight(
        risk=scores.both,
        risk_from_hospital_records=scores.hospital,
        emergencies=scores.emergencies,
        in_flare=flare > week,
        last_year=death.astype(int) - week <= 52,
        in_treatment=(begins <= week) & (week < ends),
        sensitive_emergencies=scores.sensitive_emergencies,
        emergencies_4=scores.emergencies_4,
        unplanned_12=scores.unplanned_12,
        unplanned_52=scores.unplanned_52,
        registered=scores.registered,
    )


def seen_at(sight: Sight, at: NDArray[np.integer]) -> dict[str, NDArray[Any]]:
    """Return what a sight shows of the people at these places, by name."""
    return {part.name: getattr(sight, part.name)[at] for part in fields(sight)}


def known_of(people: NDArray[np.void], rows: NDArray[np.int64], week: int) -> dict[str, NDArray[Any]]:
    """Return what a practice knows of its people besides their records: age, deprivation, care-home residence."""
    return {
        "age": (week - people["birth_week"][rows]) / WEEKS_PER_YEAR,
        "deprivation": people["imd"][rows],
        "care_home": people["care_home"][rows] > 0,
    }


def candidates(
    people: NDArray[np.void], rows: NDArray[np.int64], sight: Sight, week: int, min_age: float
) -> Candidates:
    """Return those of ``rows`` who may be enrolled this week: alive, old enough, not enrolled before.

    Rows are those of pilot people, who come first in the columns and so have their row as place in the sight.
    """
    birth = people["birth_week"][rows]
    may = (people["enrolled"][rows] == NEVER) & (people["death_week"][rows] > week) & (birth <= week)
    person = at = rows[may & ((week - birth) / WEEKS_PER_YEAR >= min_age)]
    keys = people["key"][person]
    return Candidates(
        person=person,
        noise=normal_quantiles(draws(keys, TARGETING_NOISE, week)),
        chance=draws(keys, TARGETING_CHANCE, week),
        **seen_at(sight, at),
        **known_of(people, person, week),
    )

"""What is asked of the country, what an area hands back, and what the country comes to: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.questions.england.areas import Area


@dataclass(frozen=True, slots=True)
class EnglandRequest:
    """What to simulate: counted ``weeks``, ``share`` of practices (0 to 1), ``seed``, parameter ``overrides``."""

    weeks: int = 52
    share: float = 1.0
    seed: int = 1
    overrides: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class AreaTally:
    """One area's year: ``by_practice`` PRACTICE_TALLY[simulated practices], ``by_week`` hospital totals[weeks].

    ``practices`` and ``hospitals`` count those of the whole area; ``lists`` holds the people on each simulated
    practice's list before the run-in, int64[simulated practices].
    """

    area: Area
    practices: int
    hospitals: int
    lists: NDArray[np.int64]
    by_practice: NDArray[np.void]
    by_week: NDArray[np.void]


@dataclass(frozen=True, slots=True)
class NationalTotal:
    """One row of calibration/england/targets.csv; ``national``, ``low`` and ``high`` None if not in evidence.

    ``use`` is ``compared``, or ``shown`` where year or definition differ, or ``absent``.
    """

    total: str
    unit: str
    national: float | None
    low: float | None
    high: float | None
    use: str
    year: str
    evidence: str
    source: str
    tag: str
    range_tag: str
    note: str


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One simulated total of the country, its sampling standard error, and the national total beside it.

    ``inside`` says whether it lies in the national range; None where nothing can be compared.
    """

    simulated: float
    se: float
    target: NationalTotal
    ratio: float | None
    inside: bool | None


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One simulated area: its size, and rates a person-year (``*_rate``) over its simulated practices."""

    area: str
    people: int
    practices: int
    practices_simulated: int
    hospitals: int
    people_simulated: int
    emergency_rate: float
    elective_rate: float
    outpatient_rate: float
    ae_rate: float
    bed_day_rate: float
    death_rate: float
    cost_per_person: float


@dataclass(frozen=True, slots=True)
class WeekRow:
    """The country in one counted week: events, and beds occupied on an average night."""

    week: int
    emergency_admissions: float
    elective_admissions: float
    ae_attendances: float
    outpatient_appointments: float
    beds_occupied: float


@dataclass(frozen=True, slots=True)
class EnglandResult:
    """A simulated year of the country.

    ``people`` are those asked for, ``people_simulated`` those on the lists of the sample at the start of the
    run-in, ``person_weeks`` all weeks lived in the counted year; ``accounts`` people at start and end of it,
    births and deaths, as counted in the sample.
    """

    version: str
    seed: int
    weeks: int
    run_in_weeks: int
    share: float
    areas: int
    areas_simulated: int
    practices: int
    practices_simulated: int
    hospitals: int
    people: int
    people_simulated: int
    person_weeks: int
    accounts: Mapping[str, int]
    totals: tuple[TotalRow, ...]
    by_area: tuple[AreaRow, ...]
    by_week: tuple[WeekRow, ...]
    warnings: tuple[str, ...]

"""Whether capacity behaves: beds, waits, appointments and delays, with settled supply and with a tenth less."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.data.natural_history_targets import capacity_targets
from icpsim.inference.natural_history.levels.capacity_world import (
    PRACTICES,
    RESPONSE_WEEKS,
    HospitalWorld,
    hospital_worlds,
)

YEAR = slice(RESPONSE_WEEKS, RESPONSE_WEEKS + 52)
"""The weeks measured, counted from the cut."""


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """One figure: what is plausible, the settled hospital, and the same year with a tenth less of one supply.

    ``inside`` is of ``base``; ``beds``, ``appointments`` and ``social_care`` are the figure where that is cut.
    """

    target: str
    low: float
    high: float
    base: float
    inside: bool
    beds: float
    appointments: float
    social_care: float
    unit: str
    evidence: str
    tag: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class CapacityResult:
    """All rows, with the seed, and the people and beds of the hospital measured."""

    rows: tuple[CapacityRow, ...]
    seed: int
    people: int
    beds: float


def figures(world: HospitalWorld) -> Iterator[tuple[str, float]]:
    """Yield every figure of the year by target name."""
    week, practice = world.hospital[YEAR], world.practices[:, YEAR]
    occupancy = world.occupancy[YEAR]
    yield "bed_occupancy", float(occupancy.mean())
    yield "bed_occupancy_95th_centile", float(np.quantile(occupancy, 0.95))
    waits = np.concatenate([world.waits.ordinary, world.waits.day_case])
    yield "elective_wait_ordinary", float(world.waits.ordinary.mean())
    yield "elective_wait_day_case", float(world.waits.day_case.mean())
    yield "elective_wait_over_26_weeks", float((waits > 26).mean())
    yield "waited_so_far_mean", float(np.average(np.arange(len(world.waited)) + 0.5, weights=world.waited))
    yield "waited_so_far_median", _median_week(world.waited)
    yield "waiting_list_per_1000", float(1000.0 * world.waiting[YEAR].mean() / world.people)
    yield "electives_with_a_night_per_1000", float(1000.0 * world.ordinary.sum() / world.people)
    cancelled = float(week["cancelled"].sum())
    yield "electives_cancelled", cancelled / (cancelled + len(waits))
    wanted, given = float(practice["wanted"].sum()), float(practice["given"].sum())
    yield "appointments_used", given / float(world.appointments.sum() * practice.shape[1])
    yield "consultations_refused", 1.0 - given / wanted
    yield "delayed_nights", float(week["delayed_nights"].sum() / week["bed_nights"].sum())
    sent_home = float(week["sent_home"].sum())
    yield "short_emergencies_sent_home", sent_home / (sent_home + world.emergencies_without_a_night)
    for age in (65, 50):
        yield f"bed_nights_{age}_over", float(world.nights[age:].sum() / world.nights.sum())


def _median_week(number: NDArray[np.int64]) -> float:
    """Return the median of waits counted by whole weeks, taken as even within a week."""
    return float(np.interp(number.sum() / 2.0, np.append(0, number.cumsum()), np.arange(len(number) + 1)))


def measure_capacity(
    seed: int = 1, practices: int = PRACTICES, progress: Callable[[int, int, str], None] = lambda *_: None
) -> CapacityResult:
    """Simulate a hospital's year with settled supply and with each cut, and set it beside what is plausible."""
    worlds = hospital_worlds(seed, practices, progress)
    found = {name: dict(figures(world)) for name, world in worlds.items()}
    base = worlds["base"]
    return CapacityResult(tuple(_rows(found)), seed, base.people, base.beds)


def _rows(found: dict[str, dict[str, float]]) -> Iterator[CapacityRow]:
    for target in capacity_targets():
        name, low, high = target["target"], float(target["low"]), float(target["high"])
        base = found["base"][name]
        yield CapacityRow(
            name,
            low,
            high,
            base,
            low <= base <= high,
            found["beds"][name],
            found["appointments"][name],
            found["social_care"][name],
            target["unit"],
            target["evidence"],
            target["tag"],
            target["source"],
            target["note"],
        )

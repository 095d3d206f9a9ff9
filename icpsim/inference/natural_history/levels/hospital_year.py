"""One year of one hospital, week by week: what comes in, what its beds hold, who waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.model.integrated_care import IntegratedCareModel

SCENARIO = "small"
PRACTICES = 40
PILOTS = 4
"""Practices of the scenario's two sites; their programme does not begin within the weeks that are lived."""

MOST_PRACTICES = 49
"""The scenario's own practices and the 45 that share one hospital."""

SIZED = (104, 130)
"""The half-year before, on whose demand beds are sized here: earlier, waiting lists and courses still fill."""

FROM, TO = 130, 182
NIGHTS = 7


@dataclass(frozen=True, slots=True)
class HospitalYear:
    """One hospital's year, no programme running, capacity feedback on; arrays are float64[52], one a week.

    ``occupied`` is beds occupied on the average night, ``beds`` how many there are; ``emergency`` and
    ``elective`` are admissions (day cases included), ``cancelled`` electives called and sent away for want of a
    bed, ``sent_home`` emergencies not admitted for want of one, ``waiting`` people on the elective list at the
    week's end, ``weeks_of_waiting`` that list over the year's listings a week (Little's law); ``threshold`` is
    the number of occupied beds from which electives with a night begin to be cancelled.
    """

    people: int
    practices: int
    beds: float
    emergency: NDArray[np.float64]
    elective: NDArray[np.float64]
    cancelled: NDArray[np.float64]
    sent_home: NDArray[np.float64]
    occupied: NDArray[np.float64]
    waiting: NDArray[np.float64]
    weeks_of_waiting: NDArray[np.float64]
    threshold: float

    @property
    def occupancy(self) -> NDArray[np.float64]:
        """Return the share of beds occupied on the average night; float64[52]."""
        return self.occupied / self.beds


def hospital_year(
    seed: int, practices: int = PRACTICES, progress: Callable[[int, int, str], None] = lambda *_: None
) -> HospitalYear:
    """Simulate about ``practices`` practices of average size stepwise and return the largest hospital's year."""
    model = IntegratedCareModel(SCENARIO, seed, settings=settings(practices, TO))
    region = model.region
    hospital_of = region.practice_state["hospital"].astype(np.int64)
    number = int(np.bincount(hospital_of).argmax())
    theirs = hospital_of[region.people["practice"]] == number
    waiting = np.zeros(TO)
    while model.week < TO:
        progress(model.week, TO, "simulating a hospital with its beds")
        model.step()
        people = region.people
        waiting[model.week - 1] = (theirs & (people["waiting"] > 0) & (people["death_week"] >= model.week)).sum()
    there = theirs & (people["birth_week"] < TO) & (people["death_week"] >= TO)
    return _year(model, number, waiting[FROM:TO], int(there.sum()), int((hospital_of == number).sum()))


def settings(practices: int, weeks: int) -> tuple[str, ...]:
    """Return what makes the scenario one hospital of all ages, ``weeks`` long before any programme begins."""
    around = max(min(practices, MOST_PRACTICES) - PILOTS, 0) / PILOTS
    return (
        "capacity_feedback=true",
        "study.min_age=0",
        f"study.history_weeks={weeks}",
        f"population.control_pool_ratio={around}",
        "population.practice_list_size=6651",
        f"capacity.settle_from_week={SIZED[0]}",
        f"capacity.settle_to_week={SIZED[1]}",
    )


def _year(
    model: IntegratedCareModel, number: int, waiting: NDArray[np.float64], people: int, practices: int
) -> HospitalYear:
    totals, beds = model.region.hospital_weeks[number, FROM:TO], model.hospitals[number].beds
    return HospitalYear(
        people=people,
        practices=practices,
        beds=beds,
        emergency=totals["emergency"].astype(np.float64),
        elective=totals["elective"].astype(np.float64),
        cancelled=totals["cancelled"].astype(np.float64),
        sent_home=totals["sent_home"].astype(np.float64),
        occupied=totals["bed_nights"] / float(NIGHTS),
        waiting=waiting,
        weeks_of_waiting=waiting / max(float(totals["listed"].mean()), 1e-9),
        threshold=beds * model.parameters.capacity.elective_threshold,
    )

"""A hospital and its practices for a year with the supply that settled demand asks for, and with less of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.inference.natural_history.levels.hospital_year import SCENARIO, SIZED, settings
from icpsim.inference.natural_history.levels.waiting import ListWatch, Waits, ordinary_electives
from icpsim.model.branch import CoupledBranch
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.records.schema import Method
from icpsim.scenario.schema import load

PRACTICES = 40

RESPONSE_WEEKS = 26
"""Weeks from the cut to the year that is measured: lists and delays answer to it within a few months."""

CUT = SIZED[1]
FROM = CUT + RESPONSE_WEEKS
TO = FROM + 52

SUPPLY: dict[str, tuple[str, ...]] = {
    "base": (),
    "beds": ("supply.beds=0.9",),
    "appointments": ("supply.appointments=0.9",),
    "social_care": ("supply.social_care=0.9",),
}
"""Changes to the scenario, one world each; what is cut is cut from week CUT on."""
CUT_IN_WORDS = {
    "base": "nothing is cut",
    "beds": "beds",
    "appointments": "appointments",
    "social_care": "social care",
}


@dataclass(frozen=True, slots=True)
class HospitalWorld:
    """The largest hospital and its practices in one world; weeks are counted from the cut (week 0).

    ``hospital`` HOSPITAL_WEEK[weeks] and ``practices`` PRACTICE_WEEK[practices, weeks] are weekly totals,
    ``state`` HOSPITAL_STATE[weeks] and ``access`` float32[practices, weeks] the factors in force; ``waiting``
    int64[weeks] is the list at each week's end, ``waited`` (int64[TO]) the year's lists together by whole weeks
    waited so far. ``beds``, ``social_care_nights`` (a week) and ``appointments``
    (float64[practices], a week) are what there is. Of the year measured: ``waits`` of people admitted from the
    list, ``ordinary`` (int64[52]) weekly electives with a night, ``emergencies_without_a_night`` their number,
    ``nights`` of spells that begin in it by year of age (float64[130]). ``people`` are alive at the end.
    """

    people: int
    beds: float
    social_care_nights: float
    appointments: NDArray[np.float64]
    hospital: NDArray[np.void]
    practices: NDArray[np.void]
    state: NDArray[np.void]
    access: NDArray[np.float32]
    waiting: NDArray[np.int64]
    waited: NDArray[np.int64]
    waits: Waits
    ordinary: NDArray[np.int64]
    emergencies_without_a_night: int
    nights: NDArray[np.float64]

    @property
    def occupancy(self) -> NDArray[np.float64]:
        """Return the share of beds occupied each week; float64[weeks]."""
        return self.hospital["bed_nights"] / 7.0 / self.beds


def hospital_worlds(
    seed: int, practices: int = PRACTICES, progress: Callable[[int, int, str], None] = lambda *_: None
) -> dict[str, HospitalWorld]:
    """Live one past and go on from it in every world of SUPPLY; about ``practices`` practices, all ages."""
    past = IntegratedCareModel(SCENARIO, seed, settings=settings(practices, TO))
    watch = ListWatch(len(past.region.people))
    total = CUT + (TO - CUT) * len(SUPPLY)
    while past.week < CUT:
        progress(past.week, total, "settling")
        past.step()
        watch.look(past.region.people, past.week - 1)
    worlds: dict[str, HospitalWorld] = {}
    for number, (name, cut) in enumerate(SUPPLY.items()):
        model = CoupledBranch(past, load(SCENARIO, (*settings(practices, TO), *cut)), seed=seed)
        tell = partial(_tell, progress, (TO - CUT) * number, total, f"supply: {CUT_IN_WORDS[name]}")
        worlds[name] = live_on(model, watch.copy(), tell)
    return worlds


def _tell(progress: Callable[[int, int, str], None], lived: int, total: int, what: str, week: int) -> None:
    progress(lived + week, total, what)


def live_on(
    model: IntegratedCareModel, watch: ListWatch, progress: Callable[[int], None] = lambda _: None
) -> HospitalWorld:
    """Live from the model's week to the end of the year and return the largest hospital's weeks since the cut.

    ``watch`` must have seen the weeks before; ``progress`` is told each week.
    """
    region = model.region
    hospital_of = region.practice_state["hospital"].astype(np.int64)
    number = int(np.bincount(hospital_of).argmax())
    mine = np.flatnonzero(hospital_of == number)
    theirs = (hospital_of == number)[region.people["practice"]]
    state, access, waiting, waited = [], [], [], np.zeros(TO, np.int64)
    while model.week < TO:
        progress(model.week)
        model.step()
        state.append(region.hospital_state[number].copy())
        access.append(region.practice_state["access"][mine])
        watch.look(region.people, model.week - 1)
        so_far = watch.waited_so_far(model.week - 1, theirs)
        waiting.append(so_far.sum())
        waited[: len(so_far)] += so_far * (model.week > FROM)
    hospital = model.hospitals[number]
    spells = region.open_records().spells
    spells = spells[theirs[spells["person"]] & (spells["admitted"] >= FROM)]
    short = (spells["method"] == Method.EMERGENCY) & (spells["nights"] == 0)
    people = region.people
    there = theirs & (people["birth_week"] < TO) & (people["death_week"] >= TO)
    return HospitalWorld(
        people=int(there.sum()),
        beds=hospital.beds,
        social_care_nights=hospital.social_care_nights,
        appointments=np.array([model.practice_agents[k].appointments for k in mine]),
        hospital=region.hospital_weeks[number, CUT:TO].copy(),
        practices=region.practice_weeks[mine, CUT:TO].copy(),
        state=np.array(state),
        access=np.array(access).T,
        waiting=np.array(waiting, np.int64),
        waited=waited,
        waits=watch.waits(spells, theirs, (FROM, TO)),
        ordinary=np.bincount(ordinary_electives(spells)["admitted"] - FROM, minlength=TO - FROM),
        emergencies_without_a_night=int(short.sum()),
        nights=nights_by_age(spells, region.people),
    )


def nights_by_age(spells: NDArray[np.void], people: NDArray[np.void]) -> NDArray[np.float64]:
    """Return bed nights of these spells by year of age at admission; float64[130]."""
    age = (spells["admitted"] - people["birth_week"][spells["person"]]) / WEEKS_PER_YEAR
    nights = np.zeros(130)
    np.add.at(nights, age.clip(0, 129).astype(int), spells["nights"])
    return nights

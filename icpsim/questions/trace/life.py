"""Live one person again, alone and week by week, keeping what each week was like."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.model.region import Region
from icpsim.model.setup import programme_states, service_states
from icpsim.questions.trace.observed_model import Circumstances, WatchedModel
from icpsim.questions.trace.rates_of_week import stand
from icpsim.records.journal import APPOINTMENTS, ATTENDANCES, CONTACTS, DEATHS, SPELLS
from icpsim.records.schema import NEVER, Method

TABLES = {"spells": SPELLS, "outpatient": APPOINTMENTS, "ae": ATTENDANCES, "contacts": CONTACTS, "deaths": DEATHS}
TREATED = ("enrolled", "discharged", "programme", "mdt_week")
"""Columns that a team sets; no rule reads them before the week they name, so their last values serve."""


@dataclass(frozen=True, slots=True)
class WeekLived:
    """One week: the person before it, ``now`` (health changed, care still to come) and after it.

    ``standing`` holds chances and draws (rates_of_week.py), ``records`` the rows written this week by table,
    ``practice`` and ``hospital`` the person's providers this week.
    """

    week: int
    before: np.void
    now: np.void
    after: np.void
    standing: np.void
    records: Mapping[str, NDArray[np.void]]
    practice: np.void
    hospital: np.void

    @property
    def in_hospital(self) -> bool:
        """Whether a stay that began in an earlier week takes up this one."""
        return bool(self.now["hospital_until"] > self.week)

    def admitted_to_stay(self, *methods: Method) -> bool:
        """Whether a stay that begins this week (of these methods; all if none is named) goes on beyond it."""
        spells = self.records["spells"]
        of_method = np.isin(spells["method"], methods or list(Method))
        return bool((of_method & (spells["nights"] >= 7)).any())


@dataclass(frozen=True, slots=True)
class Life:
    """The weeks in which a person lives, in order, the last being that of death if it falls in the study.

    ``records`` are all rows written, by table, in order; ``effects`` whether programmes have effects.
    """

    weeks: tuple[WeekLived, ...]
    records: Mapping[str, NDArray[np.void]]
    effects: bool
    death_week: int

    def at(self, week: int) -> WeekLived | None:
        """Return the week of this number, or None when the person is not there to live it."""
        place = week - self.weeks[0].week if self.weeks else 0
        return self.weeks[place] if 0 <= place < len(self.weeks) else None


def relive(model: WatchedModel, person: int, effects: bool, providers: WatchedModel | None = None) -> Life:
    """Return one person's life in a model that has been run, with or without programmes' effects.

    ``providers``: the model whose practices and hospitals surround the person, when it is another.
    """
    people = model.initial(person)
    for name in TREATED:
        people[name] = model.region.people[name][person]
    if not effects:
        people["mdt_week"] = NEVER
    region = model.region.shadow(
        people, programme_states(model.icp_scenario, effects), service_states(model.icp_scenario)
    )
    region.keep_rates(1)
    noted = (providers or model).circumstances
    starts = [part.week for part in noted]
    alone, lived = np.zeros(1, np.int64), []
    for week in range(max(0, int(people["birth_week"][0])), model.icp_scenario.study.weeks):
        if week > people["death_week"][0]:
            break
        around = noted[bisect_right(starts, week) - 1]
        _surround(region, people, around, person, effects)
        used = {name: len(region.journal.written(table)) for name, table in TABLES.items()}
        before = people.copy()
        standing, now = stand(region, people, week)
        region.live(alone, week, week + 1, keep=True)
        new = {name: region.journal.written(table)[used[name] :].copy() for name, table in TABLES.items()}
        practice = region.practice_state[int(people["practice"][0])].copy()
        hospital = region.hospital_state[int(practice["hospital"])].copy()
        lived.append(WeekLived(week, before[0], now[0], people.copy()[0], standing, new, practice, hospital))
    records = {name: region.journal.written(table).copy() for name, table in TABLES.items()}
    return Life(tuple(lived), records, effects, int(people["death_week"][0]))


def _surround(region: Region, people: NDArray[np.void], around: Circumstances, person: int, effects: bool) -> None:
    region.practice_state[:], region.hospital_state[:] = around.practices, around.hospitals
    region.services[:] = around.services
    dose = around.dose_of(person) if effects else None
    if dose is not None:
        people["dose"] = dose

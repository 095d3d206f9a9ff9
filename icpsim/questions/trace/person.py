"""Who a traced person is: what a clinician would want to know first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.model.region import ELSEWHERE
from icpsim.questions.trace.life import Life
from icpsim.questions.trace.observed_model import WatchedModel
from icpsim.questions.trace.states import conditions_of
from icpsim.records.schema import FEMALE


@dataclass(frozen=True, slots=True)
class Who:
    """One person; ``age`` in years at the index week, or at the programme's first week if never enrolled.

    ``conditions`` pairs each true condition with the week in which it was found (None: before week 0);
    ``unregistered`` are those that the GP's registers do not hold at the end. ``frailty`` is at week 0 and at
    the end, 1 the average; ``continuity`` the share of contacts with the usual professional. ``stands_for`` is
    more than 1 for one kept in a thinned pool. Weeks are None for what never happens in the study.
    """

    person: int
    people: int
    age: float
    sex: str
    deprivation_quintile: int
    care_home: bool
    conditions: tuple[tuple[str, int | None], ...]
    unregistered: tuple[str, ...]
    unmet_needs: int
    frailty: tuple[float, float]
    continuity: float
    practice: int
    site: str | None
    hospital: int
    stands_for: int
    enrolled: int | None
    discharged: int | None
    died: int | None


def who_is(model: WatchedModel, person: int, life: Life) -> Who:
    """Return who this is, from the row at week 0 and the life with the programme."""
    first, last = model.initial(person)[0], life.weeks[-1].after
    weeks = model.icp_scenario.study.weeks
    practice = int(first["practice"])
    enrolled = _within(int(last["enrolled"]), weeks)
    site = model.region.practices[practice].site
    at = model.programme_start if enrolled is None else enrolled
    names = [part.name for programme in model.icp_scenario.programmes for part in programme.sites]
    stands = model.region.stands_for
    return Who(
        person=person,
        people=len(model.region.people),
        age=(at - int(first["birth_week"])) / WEEKS_PER_YEAR,
        sex="woman" if first["sex"] == FEMALE else "man",
        deprivation_quintile=int(first["imd"]),
        care_home=bool(first["care_home"]),
        conditions=_conditions(life),
        unregistered=tuple(conditions_of(int(last["conditions"]) & ~int(last["registered_conditions"]))),
        unmet_needs=int(first["unmet_need"]),
        frailty=(float(np.exp(first["log_frailty"])), float(np.exp(last["log_frailty"]))),
        continuity=int(first["continuity"]) / 100.0,
        practice=practice,
        site=None if site == ELSEWHERE else names[site],
        hospital=model.region.practices[practice].hospital,
        stands_for=1 if stands is None else int(stands[person]),
        enrolled=enrolled,
        discharged=None if enrolled is None else _within(int(last["discharged"]), min(weeks, life.death_week)),
        died=_within(life.death_week, weeks),
    )


def _within(week: int, weeks: int) -> int | None:
    return week if week < weeks else None


def _conditions(life: Life) -> tuple[tuple[str, int | None], ...]:
    known = int(life.weeks[0].before["conditions"])
    found: list[tuple[str, int | None]] = [(name, None) for name in conditions_of(known)]
    for lived in life.weeks:
        new = int(lived.now["conditions"]) & ~known
        found += [(name, lived.week) for name in conditions_of(new)]
        known |= new
    return tuple(found)

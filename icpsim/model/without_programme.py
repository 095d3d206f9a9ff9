"""Lives without a programme, whole: what a scenario's people live unless the programme touches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.compiled import rule
from icpsim.base.randomness import draw
from icpsim.care.cancer_treatment import CLINIC_STAYS
from icpsim.care.list_wide_effects import spillover
from icpsim.care.outpatient import FIRST_STAYS, FOLLOW_UP_STAYS
from icpsim.model.region import Region
from icpsim.programme.risk_tool import RiskTool
from icpsim.programme.team_view import Sight
from icpsim.records.journal import TIMES
from icpsim.records.schema import GPRecords, HospitalRecords
from icpsim.records.tables import PeopleFirst, first_rows

VISIT = np.dtype([("luck", np.float64), ("person", np.int32), ("week", np.int16), ("practice", np.uint16)])
"""An outpatient visit of somebody on a pilot list: it is replaced where that happens with a chance above
``luck`` (of a follow-up and a clinic visit, which look alike on record, the lesser of the two draws)."""


@dataclass(frozen=True, slots=True)
class ProgrammeStart:
    """Pilot people when the programme started: their state, the rates kept, and what was written of them.

    ``written`` holds the rows of each table of the journal, in its order.
    """

    people: NDArray[np.void]
    rates: NDArray[np.void]
    written: tuple[PeopleFirst, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Pilot people who may be enrolled in a week, if alive and not enrolled before, with that week's draws.

    ``noise`` and ``chance`` as in ``Candidates``.
    """

    person: NDArray[np.int32]
    noise: NDArray[np.float64]
    chance: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Untouched:
    """One replicate without the programme: ``region`` at the end, its ordered records, and what teams saw.

    ``initial`` holds pilot people (the first rows) as they were at week 0; ``sights`` what teams would have
    seen, and ``lists`` whom they might have enrolled, by week; ``visits`` the pilots' outpatient appointments
    in the programme's weeks, week by week, those of week w being rows ``week_starts[w]:week_starts[w + 1]``.
    """

    region: Region
    records: HospitalRecords
    gp: GPRecords
    initial: NDArray[np.void]
    start: ProgrammeStart
    sights: Mapping[int, Sight]
    lists: Mapping[int, Listed]
    tool: RiskTool | None
    visits: NDArray[np.void]
    week_starts: NDArray[np.int64]


def written_before(records: HospitalRecords, gp: GPRecords, people: int, week: int) -> tuple[PeopleFirst, ...]:
    """Return where in ordered tables, in the journal's order, lies what the first ``people`` had before a week."""
    tables = (records.spells, records.outpatient, records.ae, records.deaths, gp.contacts)
    return tuple(first_rows(table, when, people, week) for table, when in zip(tables, TIMES, strict=True))


def visits_from(visits: NDArray[np.void], people: NDArray[np.void], week: int) -> NDArray[np.void]:
    """Return the visits (VISIT), from a week on, of these people, who come first in an ordered table."""
    own = visits[: np.searchsorted(visits["person"], len(people))]
    own = own[own["week"] >= week]
    own = own[np.argsort(own["week"], kind="stable")]
    found = np.empty(len(own), VISIT)
    found["person"], found["week"] = own["person"], own["week"]
    found["practice"] = people["practice"][own["person"]]
    _draw_luck(own, people["key"].copy(), found)
    return found


@rule
def _draw_luck(visits: NDArray[np.void], key: NDArray[np.uint64], found: NDArray[np.void]) -> None:
    for i in range(len(visits)):
        visit = visits[i]
        k, week = key[visit.person], np.int64(visit.week)
        if visit.first:
            found[i].luck = draw(k, FIRST_STAYS, week)
        else:
            found[i].luck = min(draw(k, FOLLOW_UP_STAYS, week), draw(k, CLINIC_STAYS, week))


def may_be_replaced(past: Untouched, region: Region, week: int, until: int) -> NDArray[np.bool_]:
    """Return whose visit spill-over may replace, as a region's practices now work; bool[pilot people].

    From ``week`` up to ``until``. Every visit of a life without the programme is on record, so a person none
    of whose draws falls below the share lives the same life with spill-over.
    """
    found = np.zeros(len(past.initial), np.bool_)
    begin, end = past.week_starts[[week, until]]
    _find(past.visits[begin:end], region.practice_state, region.programmes, found)
    return found


@rule
def _find(
    visits: NDArray[np.void], practices: NDArray[np.void], programmes: NDArray[np.void], found: NDArray[np.bool_]
) -> None:
    for i in range(len(visits)):
        visit = visits[i]
        practice = practices[visit.practice]
        if practice.programme < len(programmes):
            share = spillover(practice, programmes[practice.programme], np.int64(visit.week))
            if visit.luck < 1.0 - (1.0 - share):
                found[visit.person] = True

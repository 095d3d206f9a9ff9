"""Lives without a programme, whole: what a scenario's people live unless the programme touches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.care.cancer_treatment import CLINIC_STAYS
from icpsim.care.outpatient import FIRST_STAYS, FOLLOW_UP_STAYS
from icpsim.case_finding import RiskTool
from icpsim.compiled import rule
from icpsim.randomness import draw
from icpsim.records.schema import GPRecords, HospitalRecords
from icpsim.region import Region
from icpsim.sight import Sight


@dataclass(frozen=True, slots=True)
class Untouched:
    """One replicate without the programme: ``region`` at the end, its ordered records, and what teams saw.

    ``initial`` holds pilot people (the first rows) as they were at week 0; ``sights`` what teams would have
    seen, by week; ``visits`` the pilots' outpatient appointments in the programme's weeks.
    """

    region: Region
    records: HospitalRecords
    gp: GPRecords
    initial: NDArray[np.void]
    sights: Mapping[int, Sight]
    tool: RiskTool | None
    visits: NDArray[np.void]


def visits_from(records: HospitalRecords, pilots: int, week: int) -> NDArray[np.void]:
    """Return the appointments, from a week on, of the first ``pilots`` people (a copy)."""
    visits = records.outpatient
    own = visits[: np.searchsorted(visits["person"], pilots)]
    return own[own["week"] >= week]


def may_be_replaced(past: Untouched, start: int, share: float, ramp_weeks: float) -> NDArray[np.bool_]:
    """Return, for each pilot person, whether spill-over may replace a visit of theirs; bool[pilot people].

    It replaces at most ``share``, reached ``ramp_weeks`` after ``start``. Every visit of a life without the
    programme is on record, so a person none of whose draws falls below lives the same life with spill-over.
    """
    found = np.zeros(len(past.initial), np.bool_)
    if share > 0.0:
        _find(past.visits, past.initial["key"].copy(), start, (share, ramp_weeks), found)
    return found


@rule
def _find(
    visits: NDArray[np.void],
    key: NDArray[np.uint64],
    start: int,
    spillover: tuple[float, float],
    found: NDArray[np.bool_],
) -> None:
    share, ramp_weeks = spillover
    for i in range(len(visits)):
        visit = visits[i]
        k, week = key[visit.person], np.int64(visit.week)
        most = share * min(1.0, (week - start + 1.0) / ramp_weeks)
        if visit.first:
            u = draw(k, FIRST_STAYS, week)
        else:
            u = min(draw(k, FOLLOW_UP_STAYS, week), draw(k, CLINIC_STAYS, week))
        if u < most:
            found[visit.person] = True

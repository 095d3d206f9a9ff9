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
from icpsim.records.journal import APPOINTMENTS
from icpsim.records.schema import GPRecords, HospitalRecords
from icpsim.region import Region
from icpsim.sight import Sight


@dataclass(frozen=True, slots=True)
class Untouched:
    """One replicate without the programme: ``region`` at the end, its ordered records, and what teams saw.

    ``initial`` holds pilot people (the first rows) as they were at week 0; ``sights`` what teams would have
    seen, by week; ``least_draws`` float64[pilot people] the least of the draws that decide whether a hospital
    visit of the programme's weeks is replaced (1 without a visit).
    """

    region: Region
    records: HospitalRecords
    gp: GPRecords
    initial: NDArray[np.void]
    sights: Mapping[int, Sight]
    tool: RiskTool | None
    least_draws: NDArray[np.float64]


def least_draws(region: Region, pilots: NDArray[np.int64], from_week: int) -> NDArray[np.float64]:
    """Return, for each pilot person, the least draw by which spill-over could have replaced a visit.

    Every visit of a life without a programme is on record, so a person whose least draw is not below the
    share replaced lives the same life with spill-over.
    """
    least = np.ones(len(pilots))
    visits = region.journal.written(APPOINTMENTS, from_week)
    _least(visits, region.people["key"][: len(pilots)].copy(), from_week, least)
    return least


@rule
def _least(visits: NDArray[np.void], key: NDArray[np.uint64], from_week: int, least: NDArray[np.float64]) -> None:
    for i in range(len(visits)):
        visit = visits[i]
        if visit.person < len(key) and visit.week >= from_week:
            k, week = key[visit.person], np.int64(visit.week)
            if visit.first:
                u = draw(k, FIRST_STAYS, week)
            else:
                u = min(draw(k, FOLLOW_UP_STAYS, week), draw(k, CLINIC_STAYS, week))
            least[visit.person] = min(least[visit.person], u)

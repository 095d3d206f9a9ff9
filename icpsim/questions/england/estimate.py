"""From tallies of areas to totals of the country, with a sampling standard error, beside the national totals.

A sample of practices is scaled up by the combined ratio estimator on list size (Cochran, Sampling Techniques,
chapter 6): the country's people times events per person on the sampled lists. Its standard error takes the
sample as drawn from all practices at once, which is a little too wide since it is spread over areas.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

import icpsim
from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.model.parameters import ModelParameters
from icpsim.questions.england.answer import (
    AreaRow,
    AreaTally,
    EnglandRequest,
    EnglandResult,
    NationalTotal,
    TotalRow,
    WeekRow,
)
from icpsim.questions.england.areas import make_areas, practice_count
from icpsim.questions.england.national_totals import COMPARED, national_totals
from icpsim.questions.england.parameters import england_parameters

STOCKS = ("people_65_over",)
"""Totals at one moment; all others are flows and are given a year of 52.18 weeks."""
SUMS = {
    "hospital_admissions": ("emergency_admissions", "elective_admissions"),
    "hospital_cost": ("emergency_cost", "elective_cost", "outpatient_cost"),
}
"""Totals that are sums of tallied columns."""
ACCOUNTS = ("people_at_start", "births", "deaths", "people_at_end")


def scaled_total(
    of_practices: NDArray[np.float64], lists: NDArray[np.int64], people: int, practices: int
) -> tuple[float, float]:
    """Return the country's total and its sampling standard error from a sample of practices.

    ``of_practices`` and ``lists`` hold each sampled practice's count and list; ``people`` and ``practices``
    are the country's. A full count has no sampling error.
    """
    n = len(lists)
    scale = people / lists.sum()
    residual = of_practices - of_practices.sum() / lists.sum() * lists
    spread = float((residual**2).sum()) / max(n - 1, 1)
    return float(of_practices.sum() * scale), float(scale * np.sqrt(n * spread * (1.0 - n / practices)))


def estimate(request: EnglandRequest, tallies: Sequence[AreaTally], p: ModelParameters) -> EnglandResult:
    """Add areas up, scale the sample to the country, and set its totals beside the national ones."""
    england = england_parameters(p.tables)
    areas = make_areas(request.seed, england)
    practices = sum(practice_count(area, p.population) for area in areas)
    people = sum(area.people for area in areas)
    lists = np.concatenate([one.lists for one in tallies])
    counted = np.concatenate([one.by_practice for one in tallies])
    yearly = WEEKS_PER_YEAR / request.weeks
    totals = []
    for target in national_totals():
        factor = 1.0 if target.total in STOCKS else yearly
        value, se = scaled_total(column(counted, target.total) * factor, lists, people, practices)
        totals.append(total_row(value, se, target))
    return EnglandResult(
        version=icpsim.__version__,
        seed=request.seed,
        weeks=request.weeks,
        run_in_weeks=int(england.run_in_weeks),
        share=request.share,
        areas=len(areas),
        areas_simulated=len(tallies),
        practices=practices,
        practices_simulated=len(lists),
        hospitals=sum(one.hospitals for one in tallies),
        people=people,
        people_simulated=int(lists.sum()),
        person_weeks=int(counted["person_weeks"].sum()),
        accounts={name: int(counted[name].sum()) for name in ACCOUNTS},
        totals=tuple(totals),
        by_area=tuple(area_row(one) for one in tallies),
        by_week=_weeks(tallies, people / lists.sum()),
        warnings=tuple(p.tables.warnings()),
    )


def column(counted: NDArray[np.void], name: str) -> NDArray[np.float64]:
    """Return one total of each practice: a tallied column, or the sum of some."""
    return np.sum([counted[part] for part in SUMS.get(name, (name,))], axis=0, dtype=np.float64)


def total_row(value: float, se: float, target: NationalTotal) -> TotalRow:
    """Set one simulated total beside the national one."""
    if target.national is None or target.low is None or target.high is None:
        return TotalRow(value, se, target, None, None)
    inside = target.low <= value <= target.high if target.use == COMPARED else None
    return TotalRow(value, se, target, value / target.national, inside)


def area_row(one: AreaTally) -> AreaRow:
    """Return one area's rates a person-year."""
    years = max(float(one.by_practice["person_weeks"].sum()) / WEEKS_PER_YEAR, 1e-9)

    def rate(name: str) -> float:
        return float(column(one.by_practice, name).sum()) / years

    return AreaRow(
        area=one.area.name.rpartition("/")[2],
        people=one.area.people,
        practices=one.practices,
        practices_simulated=len(one.lists),
        hospitals=one.hospitals,
        people_simulated=int(one.lists.sum()),
        emergency_rate=rate("emergency_admissions"),
        elective_rate=rate("elective_admissions"),
        outpatient_rate=rate("outpatient_attendances"),
        ae_rate=rate("ae_attendances"),
        bed_day_rate=rate("bed_days"),
        death_rate=rate("deaths"),
        cost_per_person=rate("hospital_cost"),
    )


def _weeks(tallies: Sequence[AreaTally], scale: float) -> tuple[WeekRow, ...]:
    total = {name: np.sum([one.by_week[name] for one in tallies], axis=0) * scale for name in _NAMES}
    return tuple(
        WeekRow(
            week=week,
            emergency_admissions=float(total["emergency"][week]),
            elective_admissions=float(total["elective"][week]),
            ae_attendances=float(total["ae"][week]),
            outpatient_appointments=float(total["outpatient"][week]),
            beds_occupied=float(total["bed_nights"][week]) / 7.0,
        )
        for week in range(len(total["emergency"]))
    )


_NAMES = ("emergency", "elective", "ae", "outpatient", "bed_nights")

"""Every target of calibration/natural_history/targets.csv beside its simulated value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from icpsim.data.natural_history_targets import reasons_of_misses, target_rows
from icpsim.inference.natural_history.levels import (
    admitted,
    conditions,
    course,
    deprivation,
    planned,
    rates,
    stays,
)
from icpsim.inference.natural_history.levels.cohort import prior_use
from icpsim.inference.natural_history.levels.world import SETTLED, WEEKS, simulate_without_programme
from icpsim.model.parameters import ModelParameters, load_parameters
from icpsim.model.region import Region
from icpsim.records.schema import HospitalRecords

_BANDS = {
    "emergency": {
        "0_4": (0, 5), "5_14": (5, 15), "15_44": (15, 45), "under_65": (0, 65), "65_over": (65, 130),
    },
    "elective": {"0_44": (0, 45), "all_ages": (0, 130)},
    "outpatient": {"0_44": (0, 45), "45_59": (45, 60), "60_69": (60, 70), "70_79": (70, 80), "80p": (80, 130)},
    "ae": {"0_44": (0, 45)},
    "deaths": {},
}  # fmt: skip
_CHILDREN = {"0_4": (0, 5), "5_14": (5, 15), "15_44": (15, 45)}
_OLDER = {"45_64": (45, 65), "65_74": (65, 75), "75_84": (75, 85), "85p": (85, 130)}


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """One target: the evidence's range (``evidence`` its row there), and what the simulation gives.

    ``reason`` says why the fit misses it; empty for a target that the fit does not miss.
    """

    target: str
    low: float
    high: float
    simulated: float
    inside: bool
    unit: str
    evidence: str
    tag: str
    source: str
    note: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """All rows, with the seed and the number of people simulated."""

    rows: tuple[BaselineRow, ...]
    seed: int
    people: int


def measure_rates(records: HospitalRecords) -> Iterator[tuple[str, float]]:
    """Yield every yearly rate by age, after the settling weeks."""
    window = (SETTLED, SETTLED + 104)
    years = rates.person_years(records, window)
    for kind, bands in _BANDS.items():
        events = rates.events(records, kind, window)
        for name, ages in (bands if kind == "outpatient" else bands | _OLDER).items():
            yield f"{kind}_{name}", rates.rate(events, years, ages)


def measure_consultations(region: Region) -> Iterator[tuple[str, float]]:
    """Yield consultations a person-year by age, counted in the year after the settling weeks.

    Practices count consultations for their whole list, so the rate of an age band is the list's expected
    consultations among people of that age, as the rules state them, scaled by the count on all ages.
    """
    from icpsim.inference.natural_history.levels.consultations import expected_by_age

    yield from expected_by_age(region, _OLDER | {"15_44": (15, 45)})


def measure_course(records: HospitalRecords, parameters: ModelParameters) -> Iterator[tuple[str, float]]:
    """Yield concentration, regression to the mean, risk-score accuracy and last-year-of-life figures."""
    risk = course.risk_check(records, parameters.prices, SETTLED)
    yield "emergency_share_top_0.5_per_cent", risk.share_top_half_per_cent
    yield "emergency_share_top_1_per_cent", risk.share_top_1
    yield "emergency_share_top_5_per_cent", risk.share_top_5
    yield "emergency_share_top_20_per_cent", risk.share_top_20
    yield "risk_score_auc", risk.auc
    yield "ppv_top_0.5_per_cent", risk.ppv_top_half_per_cent
    yield "ppv_top_1_per_cent", risk.ppv_top_1
    yield "deaths_top_0.5_per_cent", risk.deaths_top_half_per_cent
    now, later, long_after = course.regression_to_the_mean(records, SETTLED, (0, 1, 5))
    yield "two_or_more_65_over_share_now", now
    yield "two_or_more_65_over_share_next_year", later
    yield "two_or_more_65_over_next_year_to_now", later / now
    yield "two_or_more_65_over_share_five_years_on", long_after
    yield "sensitive_share", course.sensitive_share(records)
    per_decedent, share = course.last_year_of_life(records, (SETTLED, WEEKS))
    yield "emergency_per_decedent", per_decedent
    yield "last_year_share_of_emergency", share
    yield "dispersion_k", course.dispersion(records, SETTLED)
    yield "gini_emergency", course.gini(records, SETTLED)


def measure_hospital(
    region: Region, records: HospitalRecords, parameters: ModelParameters
) -> Iterator[tuple[str, float]]:
    """Yield deprivation, stays, readmission, planned care and scores among the admitted."""
    window = (SETTLED, SETTLED + 104)
    yield from deprivation.by_deprivation(records, window)
    yield from stays.mean_nights(records, window, _OLDER)
    yield from stays.relative_costs(records, window, {**_CHILDREN, **_OLDER})
    yield from stays.readmissions(records)
    yield "inpatients_dying_within_a_year", stays.inpatients_dying_within_a_year(records)
    yield from planned.planned_care(records, window)
    yield from planned.last_year(region, records, (SETTLED, WEEKS))
    yield from admitted.within_a_year(records, parameters.prices, SETTLED)
    yield "admitted_auc_28_days", admitted.within_four_weeks(records, parameters.prices, SETTLED)


def measure(
    parameters: ModelParameters,
    seed: int,
    practices: int,
    progress: Callable[[int, int, str], None] = lambda *_: None,
    overrides: Mapping[str, float] | None = None,
) -> tuple[dict[str, float], int]:
    """Simulate people of every age without a programme; return every figure by target name, and how many people.

    ``overrides`` must be those that ``parameters`` were loaded with: the case-management cohort is simulated
    with them as well.
    """
    region = simulate_without_programme(parameters, seed, practices, progress)
    records = region.hospital_records(last=True)
    found = dict(measure_rates(records))
    with threadpool_limits(1):
        found |= dict(measure_course(records, parameters)) | dict(measure_hospital(region, records, parameters))
    found |= dict(measure_consultations(region)) | dict(conditions.multimorbidity(region))
    found |= dict(conditions.recorded(region))
    progress(20, 20, "simulating the case-management cohort")
    found |= dict(prior_use(seed, overrides or {}))
    return found, len(region.people)


def measure_baseline(
    seed: int = 1, practices: int = 40, progress: Callable[[int, int, str], None] = lambda *_: None
) -> BaselineResult:
    """Simulate without a programme and return every target beside its simulated value."""
    found, people = measure(load_parameters(), seed, practices, progress)
    return BaselineResult(tuple(_rows(found)), seed, people)


def _rows(found: dict[str, float]) -> Iterator[BaselineRow]:
    reasons = reasons_of_misses()
    for target in target_rows():
        low, high = float(target["low"]), float(target["high"])
        value = found.get(target["target"], float("nan"))
        yield BaselineRow(
            target["target"],
            low,
            high,
            value,
            bool(np.isfinite(value) and low <= value <= high),
            target["unit"],
            target["evidence"],
            target["tag"],
            target["source"],
            target["note"],
            reasons.get(target["target"], ""),
        )

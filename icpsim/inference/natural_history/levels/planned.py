"""What planned care consists of: cancer's share, its skew among the dying, first visits, A&E that admits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from icpsim.inference.natural_history.levels.rates import attended, elective
from icpsim.model.region import Region
from icpsim.records.schema import CONDITIONS, Diagnosis, HospitalRecords

_CANCER = 1 << CONDITIONS.index("cancer")


def planned_care(records: HospitalRecords, weeks: tuple[int, int]) -> Iterator[tuple[str, float]]:
    """Yield shares among electives, outpatient visits and A&E attendances of these weeks."""
    electives = elective(records)
    now = electives[(electives["admitted"] >= weeks[0]) & (electives["admitted"] < weeks[1])]
    cancer = np.isin(now["diagnosis"], (Diagnosis.CANCER, Diagnosis.CHEMOTHERAPY))
    yield "cancer_share_of_elective", float(cancer.mean())
    visits = attended(records)
    visits = visits[(visits["week"] >= weeks[0]) & (visits["week"] < weeks[1])]
    yield "first_share_of_outpatient", float((visits["first"] == 1).mean())
    ae = records.ae[(records.ae["week"] >= weeks[0]) & (records.ae["week"] < weeks[1])]
    yield "ae_admitted_share", float((ae["admitted"] == 1).mean())


def last_year(region: Region, records: HospitalRecords, weeks: tuple[int, int]) -> Iterator[tuple[str, float]]:
    """Yield, of people who die in these weeks, the share with any hospital care in their last year, and the skew.

    The skew is SD over mean of elective admissions in that year among those who die with cancer: most patients
    of an end-of-life cohort had few, some very many (Marie Curie cohort: mean 3.19, SD 7.22; most had cancer).
    """
    deaths = records.deaths[(records.deaths["week"] >= weeks[0] + 52) & (records.deaths["week"] < weeks[1])]
    end = np.full(len(records.registrations), -1, np.int64)
    end[deaths["person"]] = deaths["week"]
    used = np.zeros(len(end), bool)
    for table, when in ((records.spells, "admitted"), (attended(records), "week"), (records.ae, "week")):
        used[table["person"][_before_death(end, table, when)]] = True
    yield "any_hospital_care_in_last_year", float(used[deaths["person"]].mean())
    electives = elective(records)
    theirs = electives["person"][_before_death(end, electives, "admitted")]
    number = np.bincount(theirs, minlength=len(end))[deaths["person"]]
    of_cancer = number[region.people["conditions"][deaths["person"]] & _CANCER > 0]
    yield "elective_skew_of_dying_with_cancer", float(of_cancer.std() / of_cancer.mean())


def _before_death(end: NDArray[np.int64], table: NDArray[np.void], when: str) -> NDArray[np.bool_]:
    left = end[table["person"]] - table[when]
    within: NDArray[np.bool_] = (left >= 0) & (left <= 52)
    return within

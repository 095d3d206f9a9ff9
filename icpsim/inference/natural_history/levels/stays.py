"""Length and cost of emergency stays, readmission after them, and how many inpatients are in their last year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.inference.natural_history.levels.rates import emergency
from icpsim.records.schema import NEVER, HospitalRecords

READMISSION_AGES = {"readmission_28_days": (0, 130), "readmission_16_74": (16, 75), "readmission_75p": (75, 130)}


def ages(records: HospitalRecords, person: NDArray[np.integer], week: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return these people's ages in years at these weeks; float64[n]."""
    years: NDArray[np.float64] = (week - records.registrations["birth_week"][person]) / WEEKS_PER_YEAR
    return years


def mean_nights(
    records: HospitalRecords, weeks: tuple[int, int], bands: Mapping[str, tuple[int, int]]
) -> Iterator[tuple[str, float]]:
    """Yield the mean nights of emergency stays that begin in these weeks, by age at admission (zeros count)."""
    spells = emergency(records)
    now = spells[(spells["admitted"] >= weeks[0]) & (spells["admitted"] < weeks[1])]
    age = ages(records, now["person"], now["admitted"])
    for name, (low, high) in bands.items():
        yield f"nights_{name}", float(now["nights"][(age >= low) & (age < high)].mean())


def relative_costs(
    records: HospitalRecords, weeks: tuple[int, int], bands: Mapping[str, tuple[int, int]]
) -> Iterator[tuple[str, float]]:
    """Yield what an emergency that begins in these weeks costs by age, over what one costs at all ages.

    All emergencies have one tariff, so that their case mix says it; the tariff's level does not enter.
    """
    spells = emergency(records)
    now = spells[(spells["admitted"] >= weeks[0]) & (spells["admitted"] < weeks[1])]
    age, casemix = ages(records, now["person"], now["admitted"]), now["casemix"].astype(np.float64)
    for name, (low, high) in bands.items():
        yield f"emergency_cost_{name}", float(casemix[(age >= low) & (age < high)].mean() / casemix.mean())


def readmissions(records: HospitalRecords) -> Iterator[tuple[str, float]]:
    """Yield the share of emergency stays with another emergency admission within four weeks of discharge."""
    spells = emergency(records)
    s = spells[np.lexsort((spells["admitted"], spells["person"]))]
    same = np.append(s["person"][1:] == s["person"][:-1], False)
    home = s["admitted"].astype(int) + s["nights"] // 7
    gap = np.append(s["admitted"][1:], 0).astype(int) - home
    again = same & (gap <= 4)
    age = ages(records, s["person"], s["admitted"])
    for name, (low, high) in READMISSION_AGES.items():
        yield name, float(again[(age >= low) & (age < high)].mean())


def inpatients_dying_within_a_year(records: HospitalRecords) -> float:
    """Return the share of bed nights whose patient dies within 52 weeks of admission.

    On a given day 28.8% of inpatients in Scotland died within 12 months (Clark et al. 2014, Palliat Med 28:474).
    """
    end = np.full(len(records.registrations), int(NEVER), np.int64)
    end[records.deaths["person"]] = records.deaths["week"]
    spells = records.spells[records.spells["admitted"] < records.weeks - 52]
    dying = end[spells["person"]] - spells["admitted"] <= 52
    nights = spells["nights"].astype(np.int64)
    return float(nights[dying].sum() / nights.sum())

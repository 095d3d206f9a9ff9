"""Whom an arm enrolled, what would have become of them anyway, and who was enrolled by two arms at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.windows import count_windows, row_map
from icpsim.questions.compare.groups import AGE_ENDS, AGES
from icpsim.records.schema import CONDITIONS, NEVER, Diagnosis, HospitalRecords, Method

PROFILE = (
    "enrolled",
    "age",
    "aged_75_over",
    "most_deprived",
    "conditions",
    "care_home",
    "emergencies_year_before",
    "sensitive_share_year_before",
    "no_emergency_year_before",
    "died_in_window",
    "emergencies_before",
    "emergencies_after_without",
    "emergencies_after_with",
    "falls_anyway",
    "avoided_per_100",
)
"""What is told of those enrolled. ``emergencies_before`` and after are admissions a person over the evaluation's
window, after the index week without and with the programme; ``falls_anyway`` the share by which they fall
without it: regression to the mean, and deaths."""


def profile(
    enrolled: NDArray[np.void],
    people: NDArray[np.void],
    without: HospitalRecords,
    with_programme: HospitalRecords,
    window_weeks: int,
) -> dict[str, float]:
    """Return PROFILE of an arm's enrolled people; ``people`` are pilot people at the programme's start.

    ``enrolled`` is the table of enrolments, ``without`` the records of the same world without a programme. Means
    over people, shares from 0 to 1; all NaN but ``enrolled`` when nobody was enrolled.
    """
    n = len(enrolled)
    if n == 0:
        return {name: float("nan") for name in PROFILE} | {"enrolled": 0.0}
    rows, index = enrolled["person"].astype(np.int64), enrolled["week"].astype(np.int16)
    register = without.registrations[rows]
    age = (index - register["birth_week"].astype(np.float64)) / WEEKS_PER_YEAR
    edges = (-52, -window_weeks, 0, window_weeks)
    before = _emergencies(without, rows, index, edges)
    sensitive = _emergencies(without, rows, index, (-52, 0), sensitive_only=True)[:, 0]
    after = _emergencies(with_programme, rows, index, (0, window_weeks))[:, 0]
    year = before[:, 0] + before[:, 1]
    died = (register["to_week"] != NEVER) & (register["to_week"].astype(int) - index < window_weeks)
    conditions = [people["conditions"][rows] >> k & 1 for k in range(len(CONDITIONS))]
    now, then = before[:, 1].mean(), before[:, 2].mean()
    return {
        "enrolled": float(n),
        "age": float(age.mean()),
        "aged_75_over": float((age >= 75.0).mean()),
        "most_deprived": float((register["imd"] == 5).mean()),
        "conditions": float(np.sum(conditions, axis=0).mean()),
        "care_home": float((people["care_home"][rows] > 0).mean()),
        "emergencies_year_before": float(year.mean()),
        "sensitive_share_year_before": float(sensitive.sum() / year.sum()) if year.any() else float("nan"),
        "no_emergency_year_before": float((year == 0).mean()),
        "died_in_window": float(died.mean()),
        "emergencies_before": float(now),
        "emergencies_after_without": float(then),
        "emergencies_after_with": float(after.mean()),
        "falls_anyway": float(1.0 - then / now) if now > 0 else float("nan"),
        "avoided_per_100": float(100.0 * (then - after.mean())),
    }


def overlaps(enrolled: Sequence[NDArray[np.integer]]) -> dict[tuple[int, int], float]:
    """Return the share of each arm's people who are enrolled in each other arm too; NaN for an empty arm."""
    found = {}
    for a, b in permutations(range(len(enrolled)), 2):
        both = len(np.intersect1d(enrolled[a], enrolled[b]))
        found[a, b] = both / len(enrolled[a]) if len(enrolled[a]) else float("nan")
    return found


def shares(
    rows: NDArray[np.int64], index: NDArray[np.int16], people: NDArray[np.void], without: HospitalRecords
) -> dict[str, float]:
    """Return the shares of these people in each group, by ``way of grouping|group``, as of their index weeks.

    Groups of age, deprivation, true conditions at the programme's start (a person counts under each), and
    emergency admissions in the year before.
    """
    register = without.registrations[rows]
    age = np.searchsorted(
        AGE_ENDS, (index - register["birth_week"].astype(np.float64)) / WEEKS_PER_YEAR, side="right"
    )
    year = _emergencies(without, rows, index, (-52, 0))[:, 0]
    found = {f"age|{name}": float((age == k).mean()) for k, name in enumerate(AGES)}
    found |= {f"deprivation|{k}": float((register["imd"] == k).mean()) for k in range(1, 6)}
    found |= {
        f"condition|{name}": float((people["conditions"][rows] >> k & 1).mean())
        for k, name in enumerate(CONDITIONS)
    }
    found["condition|none"] = float((people["conditions"][rows] == 0).mean())
    names = ("no emergency", "one", "two or more")
    return found | {f"prior use|{name}": float((np.minimum(year, 2) == k).mean()) for k, name in enumerate(names)}


def _emergencies(
    records: HospitalRecords,
    rows: NDArray[np.int64],
    index: NDArray[np.int16],
    edges: tuple[int, ...],
    sensitive_only: bool = False,
) -> NDArray[np.float64]:
    """Return emergency admissions between ``edges`` (weeks from the index week); float64[n, windows]."""
    spells = records.spells
    chosen = spells["method"] == Method.EMERGENCY
    if sensitive_only:
        chosen &= spells["diagnosis"] == Diagnosis.AMBULATORY_CARE_SENSITIVE
    emergency = spells[chosen]
    row_of = row_map(rows, len(records.registrations))
    counts = count_windows(emergency["person"], emergency["admitted"], row_of, len(rows), index, edges)
    return counts.astype(np.float64)

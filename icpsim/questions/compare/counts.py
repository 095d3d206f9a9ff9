"""Count what one world's people used, in every cell that is reported: in all, by week and by group.

A cell is named ``measure|by|group``. Counts are whole numbers and money is in exact fractions of a pound, so sums
over groups equal the total to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.costs import Prices
from icpsim.evaluation.outcomes import Events, events_of
from icpsim.evaluation.windows import row_map
from icpsim.questions.compare.groups import Groups
from icpsim.records.outcomes import COMPARED, OUTCOMES
from icpsim.records.schema import GPRecords, HospitalRecords

MEASURES = COMPARED
"""What is counted; ``hospital_cost`` in pounds, the rest in events or days."""
PERSON_YEARS = "person_years"
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Amounts:
    """One measure in one world: float64[people of the groups] and float64[weeks]."""

    by_person: NDArray[np.float64]
    by_week: NDArray[np.float64]


def cell(measure: str, by: str = TOTAL, group: str = "all") -> str:
    """Return the name of a cell."""
    return f"{measure}|{by}|{group}"


def amounts(
    records: HospitalRecords, gp: GPRecords, groups: Groups, weeks: tuple[int, int], prices: Prices
) -> dict[str, Amounts]:
    """Return what the people of ``groups`` used from ``weeks[0]`` up to ``weeks[1]``, by measure."""
    row_of = row_map(groups.person, len(records.registrations))
    return {
        measure: _amounts(events, row_of, len(groups.person), weeks)
        for measure, events in _all_events(records, gp, prices)
    }


def tally(found: Mapping[str, Amounts], groups: Groups) -> dict[str, float]:
    """Return amounts by cell: in all, by week (named from 0 at the first), and by each way of grouping people."""
    cells: dict[str, float] = {}
    for measure, amount in found.items():
        cells[cell(measure)] = float(amount.by_person.sum())
        cells |= {cell(measure, "week", str(week)): float(x) for week, x in enumerate(amount.by_week)}
        cells |= {cell(measure, by, group): x for by, group, x in groups.sums(amount.by_person)}
    return cells


def person_years(records: HospitalRecords, groups: Groups, weeks: tuple[int, int]) -> dict[str, float]:
    """Return years alive from ``weeks[0]`` up to ``weeks[1]``, by cell."""
    ends = np.minimum(records.registrations["to_week"][groups.person].astype(np.int64), weeks[1])
    years = np.maximum(ends - weeks[0], 0) / WEEKS_PER_YEAR
    cells = {cell(PERSON_YEARS): float(years.sum())}
    return cells | {cell(PERSON_YEARS, by, group): x for by, group, x in groups.sums(years)}


def of_enrolled(found: Mapping[str, Amounts], groups: Groups, enrolled: NDArray[np.integer]) -> dict[str, float]:
    """Return what those enrolled and those not enrolled used, by cell."""
    inside = np.isin(groups.person, enrolled)
    cells = {}
    for measure, amount in found.items():
        cells[cell(measure, "enrolled", "yes")] = float(amount.by_person[inside].sum())
        cells[cell(measure, "enrolled", "no")] = float(amount.by_person[~inside].sum())
    return cells


def _all_events(records: HospitalRecords, gp: GPRecords, prices: Prices) -> Iterator[tuple[str, list[Events]]]:
    for name, outcome in zip(MEASURES, OUTCOMES, strict=True):
        yield name, events_of(outcome, gp if outcome.tables == ("contacts",) else records, prices)


def _amounts(events: Sequence[Events], row_of: NDArray[np.int32], people: int, weeks: tuple[int, int]) -> Amounts:
    by_person, by_week = np.zeros(people), np.zeros(weeks[1] - weeks[0])
    for person, week, amount in events:
        within = np.flatnonzero((week >= weeks[0]) & (week < weeks[1]))
        rows, when, much = row_of[person[within]], week[within].astype(np.int64) - weeks[0], amount[within]
        ours = rows >= 0
        by_person += np.bincount(rows[ours], weights=much[ours], minlength=people)
        by_week += np.bincount(when[ours], weights=much[ours], minlength=len(by_week))
    return Amounts(by_person, by_week)

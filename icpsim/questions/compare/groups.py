"""The people whose care is compared, by what they were when the programme started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.records.schema import CONDITIONS, HospitalRecords

AGE_ENDS = (50.0, 65.0, 75.0, 85.0)
AGES = ("under 50", "50-64", "65-74", "75-84", "85+")
NO_CONDITION = "none"


@dataclass(frozen=True, slots=True)
class Groups:
    """Everyone on a pilot list alive at the programme's start, and the groups they stood in then; n people.

    ``person`` int64 are row numbers of the records, ``age`` places in AGES, ``deprivation`` quintiles (5 most
    deprived), ``conditions`` masks of true long-term conditions, ``practice`` numbers of practices.
    """

    person: NDArray[np.int64]
    age: NDArray[np.int64]
    deprivation: NDArray[np.int64]
    conditions: NDArray[np.uint16]
    practice: NDArray[np.int64]
    practice_names: tuple[str, ...]

    def parts(self) -> Iterator[tuple[str, NDArray[np.int64], tuple[str, ...]]]:
        """Yield each way to part people into groups: its name, each person's group number, the groups' names."""
        yield "age", self.age, AGES
        yield "deprivation", self.deprivation - 1, ("1", "2", "3", "4", "5")
        yield "practice", self.practice, self.practice_names

    def sums(self, amounts: NDArray[np.float64]) -> Iterator[tuple[str, str, float]]:
        """Yield the total of an amount a person in every group: (way of grouping, group, sum).

        A person counts under every condition that he or she has.
        """
        for by, number, names in self.parts():
            totals = np.bincount(number, weights=amounts, minlength=len(names))
            yield from ((by, name, float(total)) for name, total in zip(names, totals, strict=True))
        for k, name in enumerate(CONDITIONS):
            yield "condition", name, float(amounts[self.conditions >> k & 1 > 0].sum())
        yield "condition", NO_CONDITION, float(amounts[self.conditions == 0].sum())


def groups_at(
    records: HospitalRecords, people: NDArray[np.void], week: int, practice_names: tuple[str, ...]
) -> Groups:
    """Return the groups of pilot people (the first rows), who stand in ``people`` as they are in this week."""
    register = records.registrations[: len(people)]
    alive = np.flatnonzero((register["to_week"] > week) & (register["from_week"] <= week))
    age = (week - register["birth_week"][alive].astype(np.float64)) / WEEKS_PER_YEAR
    return Groups(
        person=alive,
        age=np.searchsorted(AGE_ENDS, age, side="right"),
        deprivation=register["imd"][alive].astype(np.int64),
        conditions=people["conditions"][alive].copy(),
        practice=register["practice"][alive].astype(np.int64),
        practice_names=practice_names,
    )

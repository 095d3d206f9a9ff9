"""Patients as columns: one 64-byte row a person, one cache line, written by scalar rules.

``Patients`` reads like a Mesa AgentSet (select, count, group by) and hands out ``Patient`` row views; neither
copies a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.records.schema import CONDITIONS, NEVER

NO_PROGRAMME = 255

PATIENT = np.dtype(
    [
        ("key", np.uint64),
        ("log_frailty", np.float32),
        ("elective_propensity", np.float32),
        ("outpatient_propensity", np.float32),
        ("dose", np.float32),
        ("practice", np.uint16),
        ("birth_week", np.int16),
        ("conditions", np.uint16),
        ("registered_conditions", np.uint16),
        ("death_week", np.int16),
        ("flare_until", np.int16),
        ("next_flare", np.int16),
        ("hospital_until", np.int16),
        ("cancer_from", np.int16),
        ("cancer_until", np.int16),
        ("repeat_from", np.int16),
        ("repeat_until", np.int16),
        ("workup_until", np.int16),
        ("enrolled", np.int16),
        ("discharged", np.int16),
        ("mdt_week", np.int16),
        ("sex", np.uint8),
        ("imd", np.uint8),
        ("care_home", np.uint8),
        ("continuity", np.uint8),
        ("unmet_need", np.uint8),
        ("follow_ups", np.uint8),
        ("waiting", np.uint8),
        ("programme", np.uint8),
    ]
)
"""64 bytes a person. Weeks are relative to week 0 of the study (NEVER = not yet); ``continuity`` is the usual
provider index in per cent; ``unmet_need`` counts needs not yet found; ``follow_ups`` outpatient follow-ups
still due; ``waiting`` 1 while on the elective list (2 once cancelled for
want of a bed); ``programme`` the programme that enrolled the person."""


class Patient:
    """One person, read from the columns: for looking and tracing, never a copy."""

    def __init__(self, row: np.void, number: int, week: int) -> None:
        self._row = row
        self.number = number
        self.week = week

    def __getattr__(self, name: str) -> Any:
        """Read a column of this person."""
        try:
            return self._row[name].item()
        except (ValueError, KeyError):
            raise AttributeError(f"a patient has no {name!r}; columns: {PATIENT.names}") from None

    @property
    def age(self) -> float:
        """Age in years this week."""
        return (self.week - self.birth_week) / WEEKS_PER_YEAR

    @property
    def frailty(self) -> float:
        """Permanent frailty multiplier (mean 1 in the population)."""
        return float(np.exp(self.log_frailty))

    @property
    def alive(self) -> bool:
        """Whether the person is alive at the start of this week."""
        return bool(self.death_week > self.week)

    @property
    def phase(self) -> str:
        """Hidden phase this week: dead, last year of life, flare or stable."""
        if not self.alive:
            return "dead"
        if self.death_week - self.week <= 52:
            return "last year of life"
        return "flare" if self.flare_until > self.week else "stable"

    @property
    def condition_names(self) -> tuple[str, ...]:
        """Names of the person's true long-term conditions."""
        return tuple(name for k, name in enumerate(CONDITIONS) if self.conditions >> k & 1)

    @property
    def on_caseload(self) -> bool:
        """Whether a community team holds the person on its caseload this week."""
        return bool(self.enrolled <= self.week < self.discharged)

    def __repr__(self) -> str:
        """Say who this is in a line."""
        return f"<Patient {self.number}: age {self.age:.0f}, {self.phase}, {len(self.condition_names)} conditions>"


class Patients:
    """All people of a model (or some of them), in the manner of a Mesa AgentSet.

    ``columns`` is the structured array of every person; ``rows`` the row numbers this set holds.
    """

    def __init__(
        self, columns: NDArray[np.void], week: Callable[[], int], rows: NDArray[np.int64] | None = None
    ) -> None:
        self.columns = columns
        self._week = week
        self.rows = np.arange(len(columns)) if rows is None else rows

    def __len__(self) -> int:
        """Return the number of people in this set."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Patient]:
        """Yield a row view of each person."""
        return (self.at(int(row)) for row in self.rows)

    def __getitem__(self, position: int) -> Patient:
        """Return the person at this position of the set."""
        return self.at(int(self.rows[position]))

    def at(self, number: int) -> Patient:
        """Return the person with this row number."""
        return Patient(self.columns[number], number, self._week())

    def get(self, name: str) -> NDArray[Any]:
        """Return one column (or ``age`` or ``alive``) for the people of this set."""
        if name == "age":
            return (self._week() - self.columns["birth_week"][self.rows].astype(np.float64)) / WEEKS_PER_YEAR
        if name == "alive":
            return self.columns["death_week"][self.rows] > self._week()
        if name not in (PATIENT.names or ()):
            raise KeyError(
                f"patients have no column {name!r}; columns: age, alive, {', '.join(PATIENT.names or ())}"
            )
        return self.columns[name][self.rows]

    def select(self, condition: Callable[[Patients], NDArray[np.bool_]] | None = None, **equal: Any) -> Patients:
        """Return the people for whom ``condition(self)`` holds and every named column has the given value."""
        keep = np.ones(len(self), bool) if condition is None else np.asarray(condition(self), bool)
        for name, value in equal.items():
            keep &= self.get(name) == value
        return Patients(self.columns, self._week, self.rows[keep])

    def count(self) -> int:
        """Return the number of people in this set."""
        return len(self)

    def groupby(self, name: str) -> Mapping[Any, Patients]:
        """Split the set by the values of one column."""
        values = self.get(name)
        return {
            value.item(): Patients(self.columns, self._week, self.rows[values == value])
            for value in np.unique(values)
        }

    def agg(self, name: str, function: Callable[[NDArray[Any]], Any]) -> Any:
        """Apply a function to one column of this set (mean, sum ...)."""
        return function(self.get(name))


def blank(n: int) -> NDArray[np.void]:
    """Return n rows with nothing begun: every "has it happened" week at NEVER, no programme."""
    people = np.zeros(n, PATIENT)
    for name in ("death_week", "next_flare", "cancer_from", "repeat_from", "enrolled", "discharged", "mdt_week"):
        people[name] = NEVER
    people["programme"] = NO_PROGRAMME
    return people

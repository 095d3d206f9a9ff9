"""What a comparison of arms hands to tables, sentences and pictures; intervals are 90%, unknown numbers NaN."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, isfinite, nan

from icpsim.questions.compare.paired import PairedComparison

NO_PROGRAMME = "no programme"
"""What a row's ``against`` says where the arm stands against the same people and draws without any programme."""

EVERYONE = "everyone"
TOLERANCE = 1e-9
"""Parts of a change, as floats, sum to it within this share of their sizes."""


class ResultsError(ValueError):
    """Numbers of a comparison contradict each other."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One number of an arm against another arm, or against NO_PROGRAMME, for one group of people or weeks.

    ``measure`` is one of HEADLINES or an outcome's name, ``unit`` one of UNITS, ``grouping`` one of GROUPINGS;
    ``group`` is EVERYONE for all, the week's number for weeks (from the programme's start), and else the
    group's name. Differences are arm less reference, so admissions avoided are counted with their own sign.
    """

    arm: str
    against: str
    measure: str
    unit: str
    grouping: str
    group: str
    estimate: float
    low: float = nan
    high: float = nan


@dataclass(frozen=True, slots=True)
class Part:
    """What one mechanism adds to a change."""

    mechanism: str
    estimate: float
    low: float = nan
    high: float = nan


@dataclass(frozen=True, slots=True)
class DrivenChange:
    """A change between two arms and the mechanisms' parts of it, which sum to it.

    Raises ResultsError when they do not, beyond the rounding of floats.
    """

    arm: str
    against: str
    measure: str
    unit: str
    total: Part
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        sizes = fsum(abs(part.estimate) for part in self.parts) + abs(self.total.estimate)
        gap = fsum(part.estimate for part in self.parts) - self.total.estimate
        if not abs(gap) <= TOLERANCE * sizes:
            raise ResultsError(f"the parts of {self.measure} sum to {gap:g} more than their total")


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of a sweep or a search: net cost (GBP a year) and emergency admissions (a year), both mean.

    ``cost_alone`` is the net cost without the list-wide fall in outpatient use, NaN where it has none.
    """

    name: str
    cost: float
    admissions: float
    cost_alone: float = nan


@dataclass(frozen=True, slots=True)
class FoundRow:
    """Share of the people whom a policy finds who are in a group; policy EVERYONE is who could be found."""

    policy: str
    grouping: str
    group: str
    share: float


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """Share of the people whom ``policy`` finds whom ``other`` finds too."""

    policy: str
    other: str
    share: float


@dataclass(frozen=True, slots=True)
class Quintile:
    """A rate difference in one deprivation quintile (5 = most deprived), events per 1,000 people a year.

    ``position`` is the middle of the quintile's share of people, 0 = least and 1 = most deprived.
    """

    quintile: int
    position: float
    estimate: float
    low: float = nan
    high: float = nan


@dataclass(frozen=True, slots=True)
class Equity:
    """Who gains by deprivation: rate differences by quintile, their line, and the relative index in both arms.

    ``slope`` is the most less the least deprived end, per 1,000 people a year, with its interval over
    replicates; ``relative`` and ``relative_against`` are the relative indices (1 = equal) of the arm and of
    what it is against.
    """

    arm: str
    against: str
    measure: str
    quintiles: tuple[Quintile, ...]
    intercept: float
    slope: Part
    relative: Part
    relative_against: Part


@dataclass(frozen=True, slots=True)
class PairedRow:
    """What pairing was worth for one measure of an arm against another."""

    arm: str
    against: str
    measure: str
    comparison: PairedComparison


def select(rows: Iterable[ComparedRow], **wanted: str) -> tuple[ComparedRow, ...]:
    """Return the rows whose fields are as wanted, in order."""
    return tuple(row for row in rows if all(getattr(row, name) == value for name, value in wanted.items()))


def one(rows: Iterable[ComparedRow], **wanted: str) -> ComparedRow | None:
    """Return the only row whose fields are as wanted, None without one; raises ResultsError for several."""
    found = select(rows, **wanted)
    if len(found) > 1:
        raise ResultsError(f"{len(found)} rows for {wanted} where there is to be one")
    return found[0] if found else None


def arms(rows: Iterable[ComparedRow]) -> tuple[str, ...]:
    """Return the arms in the order in which they first appear."""
    return tuple(dict.fromkeys(row.arm for row in rows))


def decided(row: ComparedRow | Part) -> bool:
    """Whether the interval is known and holds no zero, so that the sign of the number is settled."""
    return isfinite(row.low) and isfinite(row.high) and (row.low > 0 or row.high < 0)

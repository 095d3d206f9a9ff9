"""How care is spread over ages and people: rates by five-year age group, concentration, Lorenz curves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.evaluation.costs import Prices, outpatient_costs, spell_costs
from icpsim.evaluation.features import Features, features
from icpsim.evaluation.risk_score import fit_risk_score
from icpsim.inference.natural_history.levels import rates
from icpsim.records.schema import HospitalRecords

KINDS = ("emergency", "ae", "elective", "outpatient", "deaths")
OLDEST = 130
AGES = (*((low, low + 5) for low in range(0, 90, 5)), (90, OLDEST))
"""Five-year age groups, from a year up to (not including) another; the last is open."""

SHARES = np.unique(np.concatenate([np.linspace(0, 0.01, 21), np.linspace(0.01, 1, 199)]))
"""Shares of people at which curves are given, closer together near nobody."""

_TWO_AGES, _OPEN_AGES, _TOP = (re.compile(p) for p in (r"(\d+)_(\d+)", r"(\d+)p", r"top_([\d.]+)_per_cent"))
_CONCENTRATION = "emergency_share_"


class Target(Protocol):
    """What is read of a target: its name, the evidence's range and how far that is to be trusted."""

    @property
    def target(self) -> str: ...  # noqa: D102
    @property
    def low(self) -> float: ...  # noqa: D102
    @property
    def high(self) -> float: ...  # noqa: D102
    @property
    def tag(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class AgeRange:
    """The evidence's range for care between two ages, and what is simulated there; per 1,000 person-years."""

    ages: tuple[int, int]
    low: float
    high: float
    simulated: float
    tag: str
    source: str

    @property
    def inside(self) -> bool:
        """Whether the simulated rate lies in the range."""
        return self.low <= self.simulated <= self.high


@dataclass(frozen=True, slots=True)
class AgeRates:
    """One kind of care by age group: ``per_1000`` float64[ages], events per 1,000 person-years (NaN: nobody)."""

    kind: str
    ages: tuple[tuple[int, int], ...]
    per_1000: NDArray[np.float64]
    ranges: tuple[AgeRange, ...]


def rates_by_age(
    records: HospitalRecords, weeks: tuple[int, int], targets: Iterable[Target]
) -> tuple[AgeRates, ...]:
    """Return the rates of every kind of care by five-year age group over these weeks, with the targets' ranges."""
    known = tuple(targets)
    years = rates.person_years(records, weeks)
    found = []
    for kind in KINDS:
        events = rates.events(records, kind, weeks)

        def per_1000(ages: tuple[int, int], events: NDArray[np.float64] = events) -> float:
            return 1000.0 * rates.rate(events, years, ages)

        ranges = tuple(_ranges(kind, known, per_1000))
        found.append(AgeRates(kind, AGES, np.array([per_1000(ages) for ages in AGES]), ranges))
    return tuple(found)


def _ranges(
    kind: str, targets: Iterable[Target], per_1000: Callable[[tuple[int, int]], float]
) -> Iterator[AgeRange]:
    for row in targets:
        ages = _ages_of(row.target.removeprefix(f"{kind}_"))
        if ages is not None:
            yield AgeRange(ages, 1000.0 * row.low, 1000.0 * row.high, per_1000(ages), row.tag, row.source)


def _ages_of(band: str) -> tuple[int, int] | None:
    if two := _TWO_AGES.fullmatch(band):
        return int(two[1]), int(two[2]) + 1
    return (int(one[1]), OLDEST) if (one := _OPEN_AGES.fullmatch(band)) else None


@dataclass(frozen=True, slots=True)
class ShareRange:
    """The evidence's range for the share of emergency admissions that a top share of people has."""

    people: float
    low: float
    high: float
    tag: str
    source: str


@dataclass(frozen=True, slots=True)
class Concentration:
    """Share of next year's emergency admissions that the adults at highest risk have.

    ``people``: shares of adults, riskiest first, 0 to 1; ``admissions``: theirs by the predicted risk;
    ``foresight``: theirs if next year were known; all float64[shares].
    """

    people: NDArray[np.float64]
    admissions: NDArray[np.float64]
    foresight: NDArray[np.float64]
    adults: int
    ranges: tuple[ShareRange, ...]

    def of_top(self, share: float) -> float:
        """Return the admissions' share of this top share of adults."""
        return float(np.interp(share, self.people, self.admissions))


def share_of_top(
    score: NDArray[np.float64], events: NDArray[np.integer], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the share of all events that the top ``shares`` of people by ``score`` have; float64[shares].

    Raises ``ValueError`` if there is no event.
    """
    if not events.sum() > 0:
        raise ValueError("nobody has an event to share")
    order = np.argsort(-score, kind="stable")
    summed = np.concatenate([[0.0], np.cumsum(events[order])])
    return np.interp(shares * len(events), np.arange(len(summed)), summed / summed[-1])


def split_half_risk(
    records: HospitalRecords, adults: NDArray[np.int64], admitted: NDArray[np.bool_], week: int, prices: Prices
) -> NDArray[np.float64]:
    """Return each adult's chance of an emergency admission, predicted from the other half; float64[adults]."""
    x = features(records, adults, week, prices)
    score = np.empty(len(adults))
    for half in (0, 1):
        other = slice(1 - half, None, 2)
        fitted = fit_risk_score(Features(x.names, x.values[half::2]), admitted[half::2])
        score[other] = fitted.probability(Features(x.names, x.values[other]))
    return score


def concentration_curve(
    records: HospitalRecords, prices: Prices, week: int, targets: Iterable[Target] = ()
) -> Concentration:
    """Return how far the emergency admissions of the year from ``week`` gather on the adults at highest risk.

    The risk score is that of the evaluation, on look-back features of hospital records (Wennberg et al. 2006).
    """
    people = records.registrations
    age = (week - people["birth_week"]) / WEEKS_PER_YEAR
    adults = np.flatnonzero((age >= 18) & (people["to_week"] > week) & (people["from_week"] <= week))
    spells = rates.emergency(records)
    now = (spells["admitted"] >= week) & (spells["admitted"] < week + 52)
    later = np.bincount(spells["person"][now], minlength=len(people))[adults]
    score = split_half_risk(records, adults, later > 0, week, prices)
    return Concentration(
        people=SHARES,
        admissions=share_of_top(score, later, SHARES),
        foresight=share_of_top(later.astype(np.float64), later, SHARES),
        adults=len(adults),
        ranges=share_ranges(targets),
    )


def share_ranges(targets: Iterable[Target]) -> tuple[ShareRange, ...]:
    """Return the ranges of those targets that are the share of a top share of people."""
    found = []
    for row in targets:
        name = _TOP.fullmatch(row.target.removeprefix(_CONCENTRATION))
        if row.target.startswith(_CONCENTRATION) and name:
            found.append(ShareRange(float(name[1]) / 100, row.low, row.high, row.tag, row.source))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Lorenz:
    """How unequally one kind of use is spread over people in a year.

    ``people``: shares of people, those who use least first; ``use``: their share of all use; both
    float64[shares]. ``gini`` is 0 when all use the same and nears 1 when one person uses all.
    """

    of: str
    people: NDArray[np.float64]
    use: NDArray[np.float64]
    gini: float
    users: float

    def of_top(self, share: float) -> float:
        """Return the share of all use that this share of people who use most accounts for."""
        return float(1.0 - np.interp(1.0 - share, self.people, self.use))


def lorenz_curve(of: str, use: NDArray[np.number]) -> Lorenz:
    """Return the Lorenz curve of one amount a person; raises ``ValueError`` if the amounts do not sum above 0."""
    if not use.sum() > 0:
        raise ValueError(f"nobody has any {of}")
    summed = np.concatenate([[0.0], np.cumsum(np.sort(use.astype(np.float64)))])
    share = summed / summed[-1]
    area = (share[:-1] + share[1:]).sum() / 2.0 / len(use)
    at = np.unique(1.0 - SHARES)
    curve = np.interp(at * len(use), np.arange(len(share)), share)
    return Lorenz(of, at, curve, float(1.0 - 2.0 * area), float((use > 0).mean()))


def lorenz_curves(records: HospitalRecords, prices: Prices, week: int) -> tuple[Lorenz, ...]:
    """Return Lorenz curves of a year's emergency bed days, hospital cost and hospital contacts, over all ages.

    People registered at ``week``. Contacts are admissions, outpatient attendances and A&E attendances.
    """
    people = records.registrations
    there = (people["from_week"] <= week) & (people["to_week"] > week)

    def per_person(
        table: NDArray[np.void], when: str, amount: NDArray[np.number] | None = None
    ) -> NDArray[np.float64]:
        now = (table[when] >= week) & (table[when] < week + 52)
        weights = None if amount is None else amount[now].astype(np.float64)
        return np.bincount(table["person"][now], weights, len(people))[there].astype(np.float64)

    spells, emergency, attended = records.spells, rates.emergency(records), rates.attended(records)
    cost = per_person(spells, "admitted", spell_costs(spells, prices))
    cost += per_person(attended, "week", outpatient_costs(attended, prices))
    contacts = per_person(spells, "admitted") + per_person(attended, "week") + per_person(records.ae, "week")
    return (
        lorenz_curve("emergency bed days", per_person(emergency, "admitted", emergency["nights"])),
        lorenz_curve("hospital cost", cost),
        lorenz_curve("hospital contacts", contacts),
    )

"""What a targeting policy is: given the people it may choose from, a key for each; the highest are enrolled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Candidates:
    """People a team may enrol this week; every array has one value a person.

    ``risk`` and ``risk_from_hospital_records`` are log odds of an emergency admission in the next year, from
    the tool with and without GP records. ``in_flare`` and ``last_year`` are what professionals see.
    ``noise`` is standard normal and ``chance`` uniform, both keyed by person and week.
    """

    person: NDArray[np.int64]
    risk: NDArray[np.float64]
    risk_from_hospital_records: NDArray[np.float64]
    in_flare: NDArray[np.bool_]
    last_year: NDArray[np.bool_]
    in_treatment: NDArray[np.bool_]
    emergencies: NDArray[np.int64]
    noise: NDArray[np.float64]
    chance: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How professionals choose: parameters of the mechanisms table and the flare's true hazard ratio."""

    noise: float
    gp_information: float
    deterioration_referral: float
    last_year_referral: float
    active_treatment_avoidance: float
    flare_ratio: float


class TargetingPolicy(Protocol):
    """A policy: ``name`` as scenarios call it, and ``keys`` (highest first; -inf = not to be enrolled)."""

    name: ClassVar[str]

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return one key a person."""
        ...


def tool_score(people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
    """Return the risk tool's log odds, with ``gp_information`` of what GP records add."""
    extra = people.risk - people.risk_from_hospital_records
    return people.risk_from_hospital_records + judgement.gp_information * extra


def leave_out_treated(keys: NDArray[np.float64], people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
    """Leave people in active cancer treatment out, each with the chance ``active_treatment_avoidance``."""
    avoided = people.in_treatment & (people.chance < judgement.active_treatment_avoidance)
    return np.where(avoided, -np.inf, keys)

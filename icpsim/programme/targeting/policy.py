"""What a targeting policy is: given the people it may choose from, a key for each; the highest are enrolled.

A policy is one small class: a name (``policy``), a label, the options that a scenario may set, and ``keys``. To
add one, copy a file of this folder, change those, and import the class in ``__init__.py`` (docs/adding.md).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from icpsim.base.scenario_part import Part
from icpsim.data.mechanisms import MechanismParameters

NOT_ELIGIBLE = -np.inf
"""Key of those whom a policy never enrols."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """People a team may enrol this week; every array has one value a person.

    ``risk`` and ``risk_from_hospital_records`` are log odds of an emergency admission in the next year, from
    the tool with and without GP records. ``in_flare`` and ``last_year`` are what professionals see, ``age``
    (years), ``deprivation`` (quintile, 5 most deprived), ``care_home`` and ``registered`` (mask of CONDITIONS on
    the GP's registers) what the practice knows. ``emergencies`` and ``sensitive_emergencies`` (ambulatory-care-
    sensitive) count admissions of the last year, ``emergencies_4`` those of the last four weeks;
    ``unplanned_12`` and ``unplanned_52`` emergency admissions and A&E attendances of the last 12 and 52 weeks.
    ``noise`` is standard normal and ``chance`` uniform, both keyed by person and week.
    """

    person: NDArray[np.int64]
    risk: NDArray[np.float64]
    risk_from_hospital_records: NDArray[np.float64]
    in_flare: NDArray[np.bool_]
    last_year: NDArray[np.bool_]
    in_treatment: NDArray[np.bool_]
    emergencies: NDArray[np.int64]
    sensitive_emergencies: NDArray[np.uint16]
    emergencies_4: NDArray[np.uint16]
    unplanned_12: NDArray[np.uint16]
    unplanned_52: NDArray[np.uint16]
    registered: NDArray[np.uint16]
    age: NDArray[np.float64]
    deprivation: NDArray[np.uint8]
    care_home: NDArray[np.bool_]
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

    @classmethod
    def under(cls, m: MechanismParameters, flare_ratio: float, noise: float | None = None) -> Judgement:
        """Return how professionals choose under these mechanisms, unless their ``noise`` is given."""
        return cls(
            noise=m.targeting_noise if noise is None else noise,
            gp_information=m.gp_information,
            deterioration_referral=m.deterioration_referral,
            last_year_referral=m.last_year_referral,
            active_treatment_avoidance=m.active_treatment_avoidance,
            flare_ratio=flare_ratio,
        )


class TargetingPolicy(Part, ABC):
    """A policy: ``policy`` as scenarios call it, ``label`` by what it enrols people, its options, and ``keys``."""

    policy: str
    label: ClassVar[str]
    noise: float | None = Field(
        default=None,
        ge=0.0,
        le=10.0,
        description="Standard deviation of professionals' noise on the risk list, logit; null = mechanisms table",
    )

    @classmethod
    def usual(cls) -> Self | None:
        """Return the policy as `icpsim targeting` compares it; None leaves it out there."""
        return cls()  # type: ignore[call-arg]

    @abstractmethod
    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return one key a person, highest first; NOT_ELIGIBLE = not to be enrolled."""


class EligibilityPolicy(TargetingPolicy, ABC):
    """A policy that says who may be enrolled; among these ``order`` decides: chance, or the risk list."""

    order: Literal["chance", "risk"] = Field(
        default="chance", description="Who of those eligible comes first: by chance, or by the risk list"
    )

    @abstractmethod
    def eligible(self, people: Candidates) -> NDArray[np.bool_]:
        """Return who may be enrolled; bool[people]."""

    def keys(self, people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
        """Return chance or the noisy risk list for those eligible; people in treatment may be left out."""
        keys = people.chance if self.order == "chance" else risk_list(people, judgement)
        keys = np.where(self.eligible(people), keys, NOT_ELIGIBLE)
        return leave_out_treated(keys, people, judgement)


def tool_score(people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
    """Return the risk tool's log odds, with ``gp_information`` of what GP records add."""
    extra = people.risk - people.risk_from_hospital_records
    return people.risk_from_hospital_records + judgement.gp_information * extra


def risk_list(people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
    """Return the risk tool's log odds with professionals' noise."""
    return tool_score(people, judgement) + judgement.noise * people.noise


def in_top_share(scores: NDArray[np.float64], share: float) -> NDArray[np.bool_]:
    """Return who is in the top ``share`` (0 to 1) of these scores, ties included; bool[people]."""
    if len(scores) == 0:
        return np.zeros(0, np.bool_)
    place = max(len(scores) - max(round(share * len(scores)), 1), 0)
    top: NDArray[np.bool_] = scores >= np.partition(scores, place)[place]
    return top


def leave_out_treated(keys: NDArray[np.float64], people: Candidates, judgement: Judgement) -> NDArray[np.float64]:
    """Leave people in active cancer treatment out, each with the chance ``active_treatment_avoidance``."""
    avoided = people.in_treatment & (people.chance < judgement.active_treatment_avoidance)
    return np.where(avoided, NOT_ELIGIBLE, keys)

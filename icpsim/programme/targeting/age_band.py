"""Enrol by age alone."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from icpsim.programme.targeting.policy import Candidates, EligibilityPolicy


class AgeBand(EligibilityPolicy):
    """People of an age band, years: from the first age up to, not including, the second."""

    policy: Literal["age_band"] = "age_band"
    label: ClassVar[str] = "age"
    from_age: float = Field(default=75.0, ge=0.0, le=120.0, description="Youngest age, years")
    to_age: float = Field(default=150.0, gt=0.0, le=150.0, description="Age at which the band ends, years")

    @classmethod
    def usual(cls) -> Self:
        """Return it with usual options."""
        return cls(from_age=75.0)

    def eligible(self, people: Candidates) -> NDArray[np.bool_]:
        """Return who is in the band."""
        return (people.age >= self.from_age) & (people.age < self.to_age)

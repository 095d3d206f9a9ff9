"""Enrol from the practice's registers of long-term conditions."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from icpsim.base.kinds import Condition
from icpsim.programme.targeting.policy import Candidates, EligibilityPolicy
from icpsim.records.schema import CONDITIONS


class ConditionRegister(EligibilityPolicy):
    """On the register of any of these conditions, or of at least so many of them."""

    policy: Literal["condition_register"] = "condition_register"
    label: ClassVar[str] = "the practice's registers of conditions"
    conditions: tuple[Condition, ...] = Field(min_length=1, description="Registers to choose from")
    at_least: int = Field(default=1, ge=1, le=10, description="Number of these registers that a person is on")

    @classmethod
    def usual(cls) -> Self:
        """Return it with usual options."""
        return cls(conditions=("copd", "heart_failure"))

    def eligible(self, people: Candidates) -> NDArray[np.bool_]:
        """Return who is on enough of the registers."""
        bits = [np.uint16(1 << CONDITIONS.index(name)) for name in dict.fromkeys(self.conditions)]
        on = np.sum([(people.registered & bit) > 0 for bit in bits], axis=0)
        enough: NDArray[np.bool_] = on >= self.at_least
        return enough

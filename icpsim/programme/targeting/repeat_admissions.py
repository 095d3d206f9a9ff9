"""Enrol people admitted as emergencies again and again in the last year (Roland et al. 2005, BMJ 330:289)."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from icpsim.programme.targeting.policy import Candidates, EligibilityPolicy


class RepeatAdmissions(EligibilityPolicy):
    """Two or more emergency admissions in the last year."""

    policy: Literal["repeat_admissions"] = "repeat_admissions"
    label: ClassVar[str] = "repeated emergency admissions in the last year"
    at_least: int = Field(default=2, ge=1, le=20, description="Emergency admissions in the last year, at least")

    def eligible(self, people: Candidates) -> NDArray[np.bool_]:
        """Return who was admitted that often."""
        return people.emergencies >= self.at_least

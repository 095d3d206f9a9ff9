"""Enrol residents of care homes."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from icpsim.programme.targeting.policy import Candidates, EligibilityPolicy


class CareHome(EligibilityPolicy):
    """People who live in a care home."""

    policy: Literal["care_home"] = "care_home"
    label: ClassVar[str] = "residence in a care home"

    def eligible(self, people: Candidates) -> NDArray[np.bool_]:
        """Return who lives in one."""
        return people.care_home

"""Enrol people just after an emergency admission, when readmission is likeliest."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from icpsim.programme.targeting.policy import Candidates, EligibilityPolicy


class PostDischarge(EligibilityPolicy):
    """Admitted as an emergency in the last four weeks."""

    policy: Literal["post_discharge"] = "post_discharge"
    label: ClassVar[str] = "an emergency admission in the last four weeks"

    def eligible(self, people: Candidates) -> NDArray[np.bool_]:
        """Return who was admitted in the last four weeks."""
        return people.emergencies_4 > 0

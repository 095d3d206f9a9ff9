"""Effects of a programme on everyone on a practice's list, enrolled or not, by how much of the list it reaches.

A practice whose patients are in case management may come to refer others less, too. How strongly follows from the
share of its list that is on the caseload and worked with: nobody on the caseload, no effect; half of the share at
which the effect is whole, half of the effect.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from icpsim.base.compiled import rule

LEAST_SHARE = 1e-12
"""Below this share of a list an effect that is to be whole at nobody is whole with the first patient."""


def list_wide_strength(
    worked_with: NDArray[np.float64],
    practice: NDArray[np.integer],
    registered: NDArray[np.integer],
    whole_at: float,
) -> NDArray[np.float64]:
    """Return the strength, 0 to 1, of a programme's list-wide effects at each practice; float64[practices].

    ``worked_with`` float64[patients] is the share of full care (0 to 1) that each patient on the caseload has,
    ``practice`` the place of the patient's practice in ``registered``, the people of all ages on each practice's
    list, int64[practices]. ``whole_at`` is the share of a list at which effects are whole; more adds nothing.
    """
    reached = np.bincount(practice, worked_with, len(registered)) / registered
    found: NDArray[np.float64] = np.minimum(1.0, reached / max(whole_at, LEAST_SHARE))
    return found


@rule
def spillover(practice: np.void, g: np.void, week: int) -> float:
    """Return the share of outpatient visits that a programme replaces on this practice's whole list.

    It rises over ``spillover_ramp_weeks`` from the programme's start, and is as strong as ``list_wide_strength``
    last left it.
    """
    ramp = min(1.0, (week - practice.programme_start + 1.0) / g.spillover_ramp_weeks)
    return g.outpatient_spillover * ramp * practice.spillover * g.effects

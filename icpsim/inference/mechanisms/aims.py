"""The published effects as statistics of a simulated evaluation: what is learnt from, on which scale, how sure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from icpsim.data.published_effects import Target, calibration_targets
from icpsim.data.tables import TAGS
from icpsim.inference.errors import CalibrationError

SETS = ("case-management-sites", "all-sites")
CANCER_SHARE, CANCER_FALL, ELECTIVE = "cm_cancer_share", "cm_cancer_fall", "cm_elective"


@dataclass(frozen=True, slots=True)
class Aim:
    """One published effect: ``observed`` and ``se`` of ``statistic`` (log rate ratio, pounds, share).

    ``ratio`` says whether the statistic is the log of what is shown; ``tag`` is the weaker of value's and error's.
    """

    target: str
    statistic: str
    observed: float
    se: float
    ratio: bool
    tag: str


def read_aims() -> tuple[Aim, ...]:
    """Return the targets marked for calibration; raises TargetError when the table is wrong."""
    targets = calibration_targets(*SETS)
    known = {target.target: target for target in targets}
    return tuple(_aim(target, known) for target in targets)


def _aim(target: Target, known: dict[str, Target]) -> Aim:
    """Return one aim.

    The share of the elective fall that is cancer care is a ratio of two uncertain numbers; learnt from is its
    numerator, the fall of cancer care as a share of expected electives (share times fall; delta method).
    """
    if target.target == CANCER_SHARE:
        if ELECTIVE not in known:
            raise CalibrationError(f"targets.csv: {CANCER_SHARE} needs {ELECTIVE}")
        elective = known[ELECTIVE]
        fall = 1.0 - elective.observed
        se = math.hypot(target.se * fall, target.observed * elective.se)
        return Aim(CANCER_FALL, CANCER_FALL, target.observed * fall, se, False, _weakest(target))
    if target.measure == "rate_ratio":
        se = target.se / target.observed
        return Aim(target.target, target.target, math.log(target.observed), se, True, _weakest(target))
    return Aim(target.target, target.target, target.observed, target.se, False, _weakest(target))


def _weakest(target: Target) -> str:
    """Return the weaker of the tags of a value and its error."""
    return max(target.tag, target.se_tag, key=TAGS.index)

"""What is believed of the mechanisms before the published effects are looked at: ``calibration/priors.csv``.

Every parameter is uniform over its range. Rival explanations of the rise in emergency admissions differ in which
parameters may act at all: under ``detection`` nobody is selected on what evaluators cannot see, under
``selection``
no unmet need is found, under ``neither`` both are absent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from icpsim.base.kinds import Floats
from icpsim.data.tables import TAGS, load_tables, nearest
from icpsim.inference.errors import CalibrationError
from icpsim.inference.natural_history.aims import number, read_rows
from icpsim.scenario.overrides import OF_PROGRAMME

COLUMNS = ("parameter", "programme", "low", "high", "explanation", "tag", "reason")
PARTS = ("detection", "selection")
EXPLANATIONS = ("both", "detection", "selection", "neither")
ABSENT = 0.0
"""Value of a parameter of an explanation that is not at work."""


@dataclass(frozen=True, slots=True)
class Prior:
    """One parameter: uniform from ``low`` to ``high``, and the explanation that it is part of, if any.

    ``programme`` is the programme it belongs to alone; empty for all.
    """

    parameter: str
    programme: str
    low: float
    high: float
    explanation: str
    tag: str
    reason: str

    @property
    def name(self) -> str:
        """The name under which draws hold it."""
        return f"{self.programme}{OF_PROGRAMME}{self.parameter}" if self.programme else self.parameter

    def acts(self, explanation: str) -> bool:
        """Tell whether it may act under an explanation."""
        return not self.explanation or explanation in ("both", self.explanation)


def read_priors(path: Path) -> tuple[Prior, ...]:
    """Read the table; raises CalibrationError naming file, line and column of everything wrong in it."""
    known = load_tables().parameters
    priors: list[Prior] = []
    problems: list[str] = []
    for line, row in enumerate(read_rows(path, COLUMNS), start=2):
        wrong = _problems(row, list(known))
        problems += [f"{path.name}:{line}: {problem}" for problem in wrong]
        if not wrong:
            told = [row[name] for name in ("explanation", "tag", "reason")]
            priors.append(
                Prior(row["parameter"], row["programme"], number(row["low"]), number(row["high"]), *told)
            )
            if priors[-1].name in {prior.name for prior in priors[:-1]}:
                problems.append(f"{path.name}:{line}: parameter '{priors[-1].name}' stands twice")
    if problems:
        raise CalibrationError("\n".join(problems))
    return tuple(priors)


def _problems(row: dict[str, str], known: Sequence[str]) -> list[str]:
    found = []
    if row["parameter"] not in known:
        found.append(f"no parameter '{row['parameter']}'{nearest(row['parameter'], known)}")
    low, high = number(row["low"]), number(row["high"])
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        found.append(f"columns 'low' and 'high' must be numbers that rise, not '{row['low']}' and '{row['high']}'")
    if row["explanation"] and row["explanation"] not in PARTS:
        hint = nearest(row["explanation"], PARTS)
        found.append(f"column 'explanation': '{row['explanation']}' is not one of {', '.join(PARTS)}{hint}")
    if row["tag"] not in TAGS:
        found.append(f"column 'tag': '{row['tag']}' is not one of {', '.join(TAGS)}{nearest(row['tag'], TAGS)}")
    if not row["reason"].strip():
        found.append("column 'reason' is empty")
    return found


def from_unit(priors: Sequence[Prior], unit: Floats, explanation: str) -> Floats:
    """Return parameter values from points of the unit cube (float64[n, priors]) under an explanation."""
    low, high = (np.array([getattr(prior, end) for prior in priors]) for end in ("low", "high"))
    acts = np.array([prior.acts(explanation) for prior in priors])
    return np.where(acts, low + unit * (high - low), ABSENT)


def to_unit(priors: Sequence[Prior], values: Floats) -> Floats:
    """Return where values lie between low and high; float64 of the same shape, priors last."""
    low, high = (np.array([getattr(prior, end) for prior in priors]) for end in ("low", "high"))
    scaled: Floats = (values - low) / (high - low)
    return scaled


def sobol(dimensions: int, start: int, count: int) -> Floats:
    """Return ``count`` points of the Sobol sequence from number ``start`` on; float64[count, dimensions].

    Unscrambled, so that they are the same everywhere; moved by half a grain off the faces of the cube.
    """
    from scipy.stats import qmc

    sequence = qmc.Sobol(dimensions, scramble=False, bits=30)
    if start:
        sequence.fast_forward(start)
    points: Floats = sequence.random(count) + 2.0**-31
    return points

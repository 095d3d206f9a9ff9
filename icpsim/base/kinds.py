"""Kinds of values that functions all over the package take and give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

Progress: TypeAlias = Callable[[int, int, str], None]
"""What is called with how much is done, of how much, and what it is, as work goes on."""

Condition = Literal[
    "copd",
    "heart_failure",
    "coronary_heart_disease",
    "stroke",
    "diabetes",
    "dementia",
    "cancer",
    "severe_mental_illness",
    "depression",
    "substance_misuse",
]
"""A long-term condition as scenarios and records name it."""

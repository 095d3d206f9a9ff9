"""Deterministic samples of people, so that the same records always give the same evaluation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def person_hash(persons: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return a number in [0, 1) that depends on the person alone; float64[persons].

    SplitMix64's finaliser (Steele, Lea and Flood 2014, OOPSLA) of the person number. Keeping those below a
    share gives nested samples: a smaller share is a subset of a larger one.
    """
    with np.errstate(over="ignore"):
        z = (persons.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53

"""The policies that no other beats on every count."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


class ParetoError(ValueError):
    """Objectives are not a table of points by two or more objectives."""


def front(objectives: ArrayLike) -> NDArray[np.bool_]:
    """Return which points no other point dominates, bool[points], for float64[points x objectives].

    Every objective is to be small. A point dominates another when it is nowhere larger and somewhere smaller,
    so points that are equal in everything stand or fall together. A point with a NaN is never on the front
    and dominates nobody. Raises ParetoError for fewer than two objectives.
    """
    values = np.asarray(objectives, np.float64)
    if values.ndim != 2 or values.shape[1] < 2:
        raise ParetoError(f"a front takes points by two or more objectives, not shape {values.shape}")
    kept = np.array([not np.isnan(point).any() for point in values], np.bool_)
    for k in np.flatnonzero(kept):
        dominators = (values <= values[k]).all(axis=1) & (values < values[k]).any(axis=1)
        kept[k] = not dominators.any()
    return kept

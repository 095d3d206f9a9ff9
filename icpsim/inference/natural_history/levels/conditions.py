"""How many of the ten long-term conditions people have by age, how they cluster, and what is recorded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.model.region import Region
from icpsim.records.schema import CONDITIONS

MEAN_AGES = {"45_64": (45, 65), "65_74": (65, 75), "75_84": (75, 85), "85p": (85, 130)}
CLUSTER_AGES = {"45_64": (45, 65), "65_84": (65, 85), "85p": (85, 130)}
_COPD = 1 << CONDITIONS.index("copd")


def multimorbidity(region: Region) -> Iterator[tuple[str, float]]:
    """Yield the mean number of conditions by age and the negative-binomial k of it, at the end of the run.

    Ten conditions of forty are no multimorbidity by the published count; but if ten are as good as picked from
    forty, their k is that of the forty (thinning leaves it alone), so k can be held against the published mean
    and SD (Barnett et al. 2012, Lancet 380:37) while the mean is held against the ten prevalences.
    """
    end, people = _alive(region)
    age = (end - people["birth_week"]) / WEEKS_PER_YEAR
    number = np.zeros(len(people))
    for k in range(len(CONDITIONS)):
        number += people["conditions"] >> k & 1
    for name, (low, high) in MEAN_AGES.items():
        yield f"conditions_mean_{name}", float(number[(age >= low) & (age < high)].mean())
    for name, (low, high) in CLUSTER_AGES.items():
        of_age = number[(age >= low) & (age < high)]
        mean, variance = of_age.mean(), of_age.var()
        yield f"conditions_k_{name}", float(mean**2 / max(variance - mean, 1e-9))


def recorded(region: Region) -> Iterator[tuple[str, float]]:
    """Yield the share of people of all ages whose GP has recorded COPD, at the end of the run."""
    _, people = _alive(region)
    yield "recorded_copd", float((people["registered_conditions"] & _COPD > 0).mean())


def _alive(region: Region) -> tuple[int, NDArray[np.void]]:
    """Return the last week and the people who live in it."""
    end = region.span.weeks - 1
    return end, region.people[(region.people["death_week"] > end) & (region.people["birth_week"] <= end)]

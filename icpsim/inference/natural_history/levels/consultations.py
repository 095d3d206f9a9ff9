"""GP-practice consultations by age: the only level that is not in hospital records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from icpsim.base.calendar import WEEKS_PER_YEAR
from icpsim.model.region import Region


def expected_by_age(region: Region, bands: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, float]]:
    """Yield consultations a person-year by age band: expected by the rules, scaled to those counted.

    Practices count consultations for whole lists. The people alive at the end of the run are asked for their
    chance of consulting; the counted total of the last week over the expected total scales every band.
    """
    end = region.span.weeks - 1
    alive = (region.people["death_week"] > end) & (region.people["birth_week"] <= end)
    people = region.people[alive]
    chance = region.rates_of(people, end)["consultation"]
    at_home = people["hospital_until"] <= end
    counted = region.practice_weeks["given"][:, end].sum()
    scale = counted / (chance * at_home).sum()
    age = (end - people["birth_week"]) / WEEKS_PER_YEAR
    for name, (low, high) in bands.items():
        of_age = (age >= low) & (age < high)
        yield f"consultations_{name}", float(np.mean(chance[of_age]) * scale * WEEKS_PER_YEAR)

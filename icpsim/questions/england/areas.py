"""Areas of England (primary care trusts, synthetic): their people shared out, their practices and hospitals.

An area and a practice are known by their names, so neither depends on which others are simulated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from icpsim.base.randomness import REGISTRY, combine, draw, normal_quantile, replicate_key
from icpsim.population.draw_people import PopulationParameters
from icpsim.population.practice_lists import ELSEWHERE, NO_PROGRAMME, Practice, name_key, origin_of, practice
from icpsim.questions.england.parameters import EnglandParameters

SIZE = REGISTRY.decision("size of an area")
ROUNDING = REGISTRY.decision("whether a sample takes one practice more")
ORDER = REGISTRY.decision("place of a practice in the order in which samples take them")


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its number and name, the key of its own decisions, and how many people live in it."""

    number: int
    name: str
    key: int
    people: int


def shared_out(total: int, weights: Sequence[float] | NDArray[np.float64]) -> NDArray[np.int64]:
    """Share a whole number out in proportion to weights, to the unit (largest remainders; Hamilton's method)."""
    exact = total * np.asarray(weights, np.float64) / np.sum(weights)
    shares = np.floor(exact).astype(np.int64)
    most_wanting = np.argsort(shares - exact, kind="stable")
    shares[most_wanting[: total - int(shares.sum())]] += 1
    return shares


def make_areas(seed: int, p: EnglandParameters) -> tuple[Area, ...]:
    """Make every area of the country; their people add up to the population."""
    origin = replicate_key(seed, 0)
    names = [f"england/area-{number + 1:03d}" for number in range(int(p.areas))]
    keys = [np.uint64(combine(origin, name_key(name))) for name in names]
    spread = p.area_size_sd_log
    z = np.array([normal_quantile(draw(key, SIZE, 0)) for key in keys])
    weights = np.clip(np.exp(spread * z - 0.5 * spread**2), p.area_size_low, p.area_size_high)
    people = shared_out(int(p.population), weights)
    return tuple(Area(k, names[k], int(keys[k]), int(people[k])) for k in range(len(names)))


def practice_count(area: Area, p: PopulationParameters) -> int:
    """Return how many practices an area has: its people over the mean list, at least one."""
    return max(1, round(area.people / p.list_size_mean))


def make_practices(area: Area, seed: int, p: PopulationParameters) -> list[Practice]:
    """Make every practice of an area; their lists follow the law of list sizes and add up to its people.

    Practices next to each other share a hospital; hospitals are numbered within the area.
    """
    count = practice_count(area, p)
    hospitals = max(1, round(count / p.practices_per_hospital))
    origin = origin_of(seed, 0)
    drawn = [
        practice(f"{area.name}/{k}", origin, (ELSEWHERE, NO_PROGRAMME, k * hospitals // count), None, p)
        for k in range(count)
    ]
    sizes = shared_out(area.people, [made.list_size for made in drawn])
    return [replace(made, list_size=int(size)) for made, size in zip(drawn, sizes, strict=True)]


def sample(area: Area, practices: int, share: float) -> list[int]:
    """Return numbers of the practices that a sample of this share takes; each has the chance ``share``.

    Shares of a practice are rounded up or down by a draw, so a small share leaves some areas out. A larger
    share takes every practice that a smaller one does.
    """
    key = np.uint64(area.key)
    wanted = int(np.floor(share * practices + draw(key, ROUNDING, 0)))
    order = np.array([draw(key, ORDER, k) for k in range(practices)])
    return sorted(int(k) for k in np.argsort(order, kind="stable")[:wanted])

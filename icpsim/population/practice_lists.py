"""Practices and hospitals: who they are, how large, how deprived, which pilot site they belong to.

A practice's identity is its name, so adding or removing one changes nothing about any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from icpsim.base.randomness import REGISTRY, combine, draw, normal_quantile, replicate_key
from icpsim.population.draw_people import PopulationParameters

LIST_SIZE = REGISTRY.decision("list size of a practice")
DEPRIVATION = REGISTRY.decision("deprivation of a practice's list")

ELSEWHERE = -1
NO_PROGRAMME = 255


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice and where it belongs.

    ``site`` is the pilot site's number (ELSEWHERE outside the pilots), ``programme`` the programme that runs
    there (NO_PROGRAMME none), ``hospital`` its hospital's number.
    """

    name: str
    key: int
    list_size: int
    deprivation: float
    site: int
    programme: int
    hospital: int


def name_key(name: str) -> np.uint64:
    """Return 64 bits that stand for a name, the same on every machine."""
    return np.uint64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))


class Origin(NamedTuple):
    """Where practices' draws come from: the key of their people, and that of the lists' size and deprivation."""

    people: np.uint64
    lists: np.uint64


def origin_of(seed: int, replicate: int, same_sites: bool = False) -> Origin:
    """Return the origin of one replicate's practices; with ``same_sites`` their lists are those of replicate 0."""
    own = replicate_key(seed, replicate)
    return Origin(own, replicate_key(seed, 0) if same_sites else own)


def practice(
    name: str, origin: Origin, place: tuple[int, int, int], fixed_size: int | None, p: PopulationParameters
) -> Practice:
    """Make one practice from its name; ``place`` is (site, programme, hospital)."""
    key = np.uint64(combine(origin.people, name_key(name)))
    of_list = np.uint64(combine(origin.lists, name_key(name)))
    size = fixed_size
    if size is None:
        spread = p.list_size_sd_log
        z = normal_quantile(draw(of_list, LIST_SIZE, 0))
        size = int(p.list_size_mean * np.exp(spread * z - 0.5 * spread**2))
        size = int(min(max(size, p.list_size_min), p.list_size_max))
    deprivation = normal_quantile(draw(of_list, DEPRIVATION, 0))
    site, programme, hospital = place
    return Practice(name, int(key), size, float(deprivation), site, programme, hospital)


def pilot_practices(
    sites: Sequence[tuple[str, int, int]], origin: Origin, size: int | None, p: PopulationParameters
) -> list[Practice]:
    """Make the practices of every pilot site; ``sites`` holds (name, practices, programme); a hospital each."""
    return [
        practice(f"{name}/{k}", origin, (number, programme, number), size, p)
        for number, (name, count, programme) in enumerate(sites)
        for k in range(count)
    ]


def control_practices(
    people_wanted: float, first_hospital: int, origin: Origin, size: int | None, p: PopulationParameters
) -> list[Practice]:
    """Make practices elsewhere in England until their lists hold ``people_wanted`` people.

    Every ``practices_per_hospital`` of them share a hospital.
    """
    found: list[Practice] = []
    total = 0
    while total < people_wanted:
        hospital = first_hospital + len(found) // int(p.practices_per_hospital)
        place = (ELSEWHERE, NO_PROGRAMME, hospital)
        found.append(practice(f"elsewhere/{len(found)}", origin, place, size, p))
        total += found[-1].list_size
    return found


def hospital_of(practices: Sequence[Practice]) -> NDArray[np.int64]:
    """Return the hospital number of each practice."""
    return np.array([practice.hospital for practice in practices], np.int64)

"""The country, area by area: each area is built, lived, counted and dropped before its worker takes the next.

An area is a pure function of (parameters, seed, share, weeks, area), so any number of workers gives the same
bytes. People do not meet across areas, and no hospital is shared between them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Progress
from icpsim.model.region import Region, Span
from icpsim.questions.england.answer import AreaTally, EnglandRequest, EnglandResult
from icpsim.questions.england.areas import Area, make_areas, make_practices, practice_count, sample
from icpsim.questions.england.estimate import estimate
from icpsim.questions.england.machine import ProcessUse, process_use
from icpsim.questions.england.parameters import england_parameters
from icpsim.questions.england.request import parameters_of
from icpsim.questions.england.tally import tally
from icpsim.questions.errors import EnglandError

FEWEST_PRACTICES = 10
"""Fewer practices than this give no sampling standard error worth printing."""


def run_england(
    request: EnglandRequest, workers: int = 1, progress: Progress = lambda *_: None
) -> tuple[EnglandResult, tuple[ProcessUse, ...]]:
    """Simulate the country and set its totals beside the national ones; also what each process used.

    Raises EnglandError when the share holds too few practices, ParameterError on a wrong override.
    """
    areas = chosen_areas(request)
    total = sum(area.people for area in areas)
    progress(0, total, "compiling rules (first time only) and simulating")
    tallies: list[AreaTally] = []
    uses: dict[int, ProcessUse] = {}
    done = 0
    for one, use in _simulated(request, areas, workers):
        tallies.append(one)
        uses[use.process] = use
        done += one.area.people
        progress(done, total, f"simulating {len(tallies)} of {len(areas)} areas")
    uses[os.getpid()] = process_use()
    tallies.sort(key=lambda one: one.area.number)
    return estimate(request, tallies, parameters_of(request.overrides)), tuple(uses.values())


def chosen_areas(request: EnglandRequest) -> list[Area]:
    """Return the areas in which the sample has a practice, most people first so that workers end together."""
    p = parameters_of(request.overrides)
    areas = make_areas(request.seed, england_parameters(p.tables))
    counts = [practice_count(area, p.population) for area in areas]
    if not request.share * sum(counts) >= FEWEST_PRACTICES:  # so that NaN is refused too
        least = min(ceil(1e4 * FEWEST_PRACTICES / sum(counts)) / 1e4, 1.0)
        raise EnglandError(
            f"--share {request.share:g}: too few of the {sum(counts):,} practices for a sampling standard error;"
            f" the smallest share is {least:g}"
        )
    chosen = [area for area, n in zip(areas, counts, strict=True) if sample(area, n, request.share)]
    return sorted(chosen, key=lambda area: (-area.people, area.number))


def simulate_area(request: EnglandRequest, area: Area) -> AreaTally:
    """Build the sampled practices of one area, let their people live, and keep only the counts."""
    p = parameters_of(request.overrides)
    practices = make_practices(area, request.seed, p.population)
    kept = [practices[k] for k in sample(area, len(practices), request.share)]
    run_in = int(england_parameters(p.tables).run_in_weeks)
    weeks = run_in + request.weeks
    region = Region(kept, Span(weeks, 0.0, weeks), p, everyone_consults=True)
    region.live(region.everyone(), 0, weeks)
    return AreaTally(
        area=area,
        practices=len(practices),
        hospitals=practices[-1].hospital + 1,
        lists=np.array([practice.list_size for practice in kept], np.int64),
        by_practice=tally(region, (run_in, weeks), p.prices),
        by_week=_sum_hospitals(region.hospital_weeks[:, run_in:]),
    )


def _sum_hospitals(totals: NDArray[np.void]) -> NDArray[np.void]:
    summed = np.zeros(totals.shape[1], [(name, np.int64) for name in totals.dtype.names or ()])
    for name in summed.dtype.names or ():
        summed[name] = totals[name].sum(axis=0)
    return summed


def _simulated(
    request: EnglandRequest, areas: Sequence[Area], workers: int
) -> Iterator[tuple[AreaTally, ProcessUse]]:
    if workers <= 1 or len(areas) == 1:
        for area in areas:
            yield _simulate_and_measure(request, area)
        return
    from joblib import Parallel, delayed, parallel_config

    with parallel_config("loky", n_jobs=min(workers, len(areas)), inner_max_num_threads=1):
        yield from Parallel(return_as="generator", pre_dispatch="2*n_jobs")(
            delayed(_simulate_and_measure)(request, area) for area in areas
        )


def _simulate_and_measure(request: EnglandRequest, area: Area) -> tuple[AreaTally, ProcessUse]:
    return simulate_area(request, area), process_use()

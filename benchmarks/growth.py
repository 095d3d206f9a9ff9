"""How time and memory grow with the number of people; each size in a fresh process. ``-m benchmarks.growth N``."""

from __future__ import annotations

import json
import sys
from time import process_time

import numpy as np

from benchmarks.rows import Row, at_most, plain
from benchmarks.timing import PeakMemory, in_fresh_process, timed
from icpsim.base.calendar import WEEKS_PER_YEAR

EXPONENT_GOAL = 1.05
STATE_GOAL = 64.0
SIZES = (50_000, 160_000, 500_000, 1_600_000, 5_000_000)
QUICK_SIZES = (50_000, 160_000, 500_000)
WEEKS = 52
REPEATS_UP_TO = 500_000
"""Sizes up to this one are timed three times, for they take little."""


def state_bytes(region: object, people: int) -> int:
    """Return the bytes of every array of a region that has one row a person."""
    columns = [value for value in vars(region).values() if isinstance(value, np.ndarray)]
    return sum(column.nbytes for column in columns if len(column) == people)


def record_bytes(records: object) -> int:
    """Return the bytes of the event tables of hospital records."""
    return sum(getattr(records, name).nbytes for name in ("spells", "outpatient", "ae", "deaths"))


def measure(people: int, weeks: int) -> dict[str, float]:
    """Build, live and order the records of this many people; CPU seconds, bytes and peak memory."""
    from benchmarks.country import live, make_region

    warm = make_region(5_000, weeks)
    live(warm)
    warm.hospital_records()
    del warm
    memory = PeakMemory()
    rounds = []
    for _ in range(3 if people <= REPEATS_UP_TO else 1):
        region = records = None  # let the last round's memory go
        begun = process_time()
        region, build = timed(lambda: make_region(people, weeks))
        _, simulate = timed(lambda region=region: live(region))
        records, order = timed(region.hospital_records)
        rounds.append((process_time() - begun, build, simulate, order))
    total, build, simulate, order = (float(value) for value in np.median(rounds, axis=0))
    lived = region.people
    return {
        "people": len(lived),
        "total": total,
        "build": build,
        "simulate": simulate,
        "order": order,
        "state_bytes": state_bytes(region, len(lived)),
        "record_bytes": record_bytes(records),
        "peak_bytes": memory.above_begin(),
    }


def exponent(sizes: list[float], costs: list[float]) -> float:
    """Return the slope of the least-squares line of log cost on log size."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def compare(sizes: tuple[int, ...] = SIZES, weeks: int = WEEKS) -> list[Row]:
    """Measure every size and fit the exponents."""
    found = [in_fresh_process("benchmarks.growth", size, weeks) for size in sizes]
    people = [each["people"] for each in found]
    last = found[-1]
    cpu, simulating, memory = (
        exponent(people, [each[name] for each in found]) for name in ("total", "simulate", "peak_bytes")
    )
    state, peak = (last[name] / last["people"] for name in ("state_bytes", "peak_bytes"))
    written = last["record_bytes"] / last["people"] / weeks * WEEKS_PER_YEAR
    span = f"{people[0]:,} to {people[-1]:,} people, {weeks} weeks; build, simulate and order records"
    seconds = ", ".join(f"{each['total']:.3g}" for each in found)
    return [
        at_most("growth of CPU time (exponent)", cpu, EXPONENT_GOAL, span),
        plain("growth of simulation time alone (exponent)", simulating),
        plain("growth of peak memory (exponent)", memory),
        at_most("state (bytes a person)", state, STATE_GOAL, "every array with a row a person"),
        plain("records (bytes a person-year)", written, "hospital events; no GP contacts outside the pilots"),
        plain("peak memory (bytes a person)", peak, "with the journal and its ordered copy"),
        plain(f"build, live, order {people[-1]:,} people (CPU s)", last["total"], f"all sizes: {seconds} s"),
    ]


def figures(quick: bool) -> list[Row]:
    """Return this family's rows; quick ones are smaller."""
    return compare(QUICK_SIZES if quick else SIZES)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))) + "\n")

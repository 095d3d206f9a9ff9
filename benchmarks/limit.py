"""The engine against its limit: the bare cost of the keyed draws it makes, in a compiled loop.

The number of draws is counted, not guessed (benchmarks.counted). The loop draws that many times, for each person
and week of a life as long as it takes, and counts the draws below a chance: what a careful programmer would
write. LLVM may turn it into vector instructions; the same loop without them is timed beside it, in a process
told not to vectorise.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.country import as_new, live, make_region
from benchmarks.rows import Row, at_most, plain
from benchmarks.timing import in_fresh_process, median_cpu
from icpsim.base.compiled import rule
from icpsim.base.randomness import draw

GOAL = 5.0
PEOPLE = 50_000
WEEKS = 208
COUNTED_PEOPLE = 5_000
CHANCE = 0.01
DECISION = np.uint64(1)


@rule
def bare_draws(keys: NDArray[np.uint64], weeks: int, decision: Any, chance: float) -> int:
    """Draw once for each person and week, and nothing else; return how many draws lay below the chance."""
    found = 0
    for i in range(len(keys)):
        for week in range(weeks):
            found += draw(keys[i], decision, week) < chance
    return found


def a_draw(people: int, weeks: int) -> dict[str, float]:
    """Return the median CPU seconds of a draw in the bare loop, and whether it multiplies words by the vector."""
    keys = np.arange(people, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    bare_draws(keys[:8], 2, DECISION, CHANCE)
    took = median_cpu(lambda keys: bare_draws(keys, weeks, DECISION, CHANCE), keys.copy, 5)
    code = "".join(bare_draws.inspect_asm().values())
    return {"seconds": took / people / weeks, "vector": "pmullq" in code or "pmuludq" in code}


def compare(people: int = PEOPLE, weeks: int = WEEKS, counted_people: int = COUNTED_PEOPLE) -> list[Row]:
    """Count the draws, then time the engine and as many bare draws."""
    counted = in_fresh_process("benchmarks.counted", counted_people, weeks, recompile=True)
    made, needed = (counted[name] / counted["person_weeks"] for name in ("engine", "week_by_week"))
    fresh = make_region(people, weeks)
    live(as_new(fresh))
    engine = median_cpu(live, lambda: as_new(fresh), 5) / len(fresh.people) / weeks
    size = (len(fresh.people), round(weeks * made))
    bare = in_fresh_process("benchmarks.limit", *size, recompile=True)
    off = {"NUMBA_LOOP_VECTORIZE": "0", "NUMBA_SLP_VECTORIZE": "0"}
    single = in_fresh_process("benchmarks.limit", *size, settings=off, recompile=True)
    return _rows(engine, made, needed, bare, single, f"{counted['people']:,} people, {weeks} weeks")


def _rows(
    engine: float, made: float, needed: float, bare: dict[str, float], single: dict[str, float], counted: str
) -> list[Row]:
    """Turn seconds a person-week, draws a person-week and seconds a draw into rows."""
    draw_seconds, single_seconds = bare["seconds"], single["seconds"]
    how = {True: "with vector instructions", False: "without vector instructions"}
    again = "rules asked week by week; the engine looks at blocks of weeks and makes some draws twice"
    return [
        at_most(
            "engine against as many bare draws as it makes (times slower)",
            engine / draw_seconds / made,
            GOAL,
            f"LLVM makes the bare loop {how[bool(bare['vector'])]}",
        ),
        at_most(
            "engine against the draws that its rules need (times slower)",
            engine / draw_seconds / needed,
            GOAL,
            again,
        ),
        plain("engine against bare draws made one at a time (times slower)", engine / single_seconds / made),
        plain("engine against one bare draw a person-week (times slower)", engine / draw_seconds),
        plain("draws that the engine makes (a person-week)", made, f"counted: {counted}"),
        plain("draws that its rules need (a person-week)", needed, f"counted: {counted}"),
        plain("bare draw (ns)", draw_seconds * 1e9, how[bool(bare["vector"])]),
        plain("bare draw made one at a time (ns)", single_seconds * 1e9, how[bool(single["vector"])]),
    ]


def figures(quick: bool) -> list[Row]:
    """Return this family's rows; quick ones are smaller."""
    return compare(counted_people=2_000 if quick else COUNTED_PEOPLE)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(a_draw(int(sys.argv[1]), int(sys.argv[2]))) + "\n")

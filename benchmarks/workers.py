"""One and two worker processes over the replicates of a study: wall time, and the same bytes."""

from __future__ import annotations

import json
import os
from time import perf_counter, process_time

from benchmarks.rows import Row, at_least, missing, plain
from benchmarks.timing import BenchmarkError, children_cpu
from icpsim.questions.run.show_json import as_object
from icpsim.questions.run.study import run_study
from icpsim.scenario.schema import load

GOAL = 1.8
FIGURE = "two worker processes against one (times faster)"


def run(scenario: str, replicates: int, workers: int) -> tuple[str, float]:
    """Return a study's JSON and the wall seconds it took."""
    chosen = load(scenario)
    begun = perf_counter()
    result = run_study(chosen, replicates, 1, workers)
    seconds = perf_counter() - begun
    return json.dumps(as_object(result, chosen.observed), sort_keys=True), seconds


def compare(scenario: str, replicates: int) -> list[Row]:
    """Time a study with one worker and with two; raises BenchmarkError when the results differ."""
    if len(os.sched_getaffinity(0)) < 2:
        return [missing(FIGURE, GOAL, "this process may use one core only")]
    run(scenario, 1, 1)
    started, cold = run(scenario, replicates, 2)
    before = children_cpu()
    two, warm = run(scenario, replicates, 2)
    spent_by_two = children_cpu() - before
    begun = process_time()
    one, alone = run(scenario, replicates, 1)
    spent_by_one = process_time() - begun
    if not one == two == started:
        raise BenchmarkError("a study's result depends on the number of workers")
    what = f"{scenario}, {replicates} replicates, the same JSON byte for byte"
    other = f"other work on the machine lowers it; load average {os.getloadavg()[0]:.1f}"
    return [
        at_least(FIGURE, alone / warm, GOAL, f"{what}; wall time, workers already started; {other}"),
        plain("the same with the start of the workers (times faster)", alone / cold),
        plain("CPU seconds of two workers against one (times as many)", spent_by_two / spent_by_one),
        plain("a replicate with one worker (wall s)", alone / replicates),
    ]


def figures(quick: bool) -> list[Row]:
    """Return this family's rows; quick ones are smaller."""
    return compare("small", 8) if quick else compare("case-management-sites", 6)

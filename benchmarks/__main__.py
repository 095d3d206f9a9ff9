"""Print patient-weeks a second and the cost of one full case-management replicate, part by part.

CPU seconds of this process, linear algebra held to one thread; compilation is done before anything is timed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from time import process_time
from typing import Any, TypeVar

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from icpsim.compiled import rule
from icpsim.evaluation.evaluate import evaluate
from icpsim.model import IntegratedCareModel
from icpsim.randomness import bits
from icpsim.replicate import design_of, run_replicate
from icpsim.scenario import load
from icpsim.truth import true_effects, without_effects

T = TypeVar("T")
GOAL_CORE_SECONDS = 25.0


@rule
def bare_draws(keys: Any, weeks: int) -> int:
    """Draw once for each person and week, and nothing else: the limit."""
    found = 0
    for i in range(len(keys)):
        for week in range(weeks):
            found += bits(keys[i], np.uint64(1), week) & np.uint64(1)
    return found


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what the work gives and the CPU seconds it took."""
    before = process_time()
    result = work()
    return result, process_time() - before


def measure(name: str) -> list[dict[str, Any]]:
    """Measure one full replicate of a scenario, after compiling on a small one."""
    run_replicate(load("small"), 1, 0)
    bare_draws(np.zeros(8, np.uint64), 2)
    scenario = load(name)
    with threadpool_limits(1):
        model, build = timed(lambda: IntegratedCareModel(scenario, 1, 0))
        _, simulate = timed(model.run)
        records, write = timed(model.records)
        prices = model.parameters.prices
        found, assess = timed(lambda: evaluate(records, design_of(scenario), prices))
        window = scenario.evaluation.window_weeks
        cases = np.unique(found.pairs["case"])
        _, truth = timed(lambda: true_effects(without_effects(model, records), cases, window, model))
        _, draws = timed(lambda: bare_draws(model.region.people["key"].copy(), scenario.study.weeks))
    weeks = len(model.region.people) * scenario.study.weeks
    total = build + simulate + write + assess + truth
    support = found.support
    rows = [
        ("people simulated", len(model.region.people), None),
        ("control pool / pilot population", support.pool_ratio, 8.0),
        ("cases matched", found.cases, None),
        ("patient-weeks", weeks, None),
        ("patient-weeks a CPU second, simulation alone", weeks / simulate, None),
        ("patient-weeks a CPU second, all in", weeks / total, None),
        ("simulation against one bare draw a patient-week (times)", simulate / draws, None),
        ("build people, CPU s", build, None),
        ("simulate with case finding, CPU s", simulate, None),
        ("order records, CPU s", write, None),
        ("evaluate (match, DiD), CPU s", assess, None),
        ("truth (paired lives), CPU s", truth, None),
        ("one full replicate, core-seconds", total, GOAL_CORE_SECONDS),
    ]
    return [
        {"figure": figure, "value": float(value), "goal": goal, "met": _met(figure, value, goal)}
        for figure, value, goal in rows
    ]


def _met(figure: str, value: float, goal: float | None) -> bool | None:
    if goal is None:
        return None
    return bool(value >= goal) if "pool" in figure else bool(value <= goal)


def main(quick: bool = False, as_json: bool = typer.Option(False, "--json")) -> None:
    """Print the benchmarks; --quick uses the small scenario."""
    rows = measure("small" if quick else "case-management-sites")
    if as_json:
        sys.stdout.write(json.dumps({"benchmarks": rows}, indent=2) + "\n")
        return
    table = Table("figure", "value", "goal", "met", title="Benchmarks (one run, one core)")
    for row in rows:
        goal = "" if row["goal"] is None else f"{row['goal']:,.4g}"
        met = "" if row["met"] is None else ("yes" if row["met"] else "NO")
        table.add_row(row["figure"], f"{row['value']:,.4g}", goal, met)
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)

"""Where the CPU seconds of one full replicate go, linear algebra held to one thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.rows import Row, at_least, at_most, plain
from benchmarks.timing import timed
from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.types import design_of
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.true_effect import true_effects, without_effects
from icpsim.questions.run.replicate import run_replicate
from icpsim.scenario.schema import load

GOAL = 5.0
POOL_GOAL = 8.0


@contextmanager
def clocked(owner: type, method: str, spent: dict[str, float]) -> Iterator[None]:
    """Add the CPU seconds of every call of a method to ``spent[method]`` while this lasts."""
    original: Callable[..., Any] = getattr(owner, method)

    def timing(*args: Any, **kwargs: Any) -> Any:
        begun = process_time()
        try:
            return original(*args, **kwargs)
        finally:
            spent[method] += process_time() - begun

    setattr(owner, method, timing)
    try:
        yield
    finally:
        setattr(owner, method, original)


def compare(name: str) -> list[Row]:
    """Measure one full replicate of a scenario part by part, after a first one that is not counted."""
    scenario = load(name)
    run_replicate(load("small"), 1, 0)
    spent: dict[str, float] = defaultdict(float)
    with threadpool_limits(1), clocked(IntegratedCareModel, "teams_enrol", spent):
        model, build = timed(lambda: IntegratedCareModel(scenario, 1, 0))
        _, run = timed(model.run)
        records, order = timed(model.records)
        found, assess = timed(lambda: evaluate(records, design_of(scenario), model.parameters.prices))
        cases = np.unique(found.pairs["case"])
        lives, again = timed(lambda: without_effects(model, records))
        _, paired = timed(lambda: true_effects(lives, cases, scenario.evaluation.window_weeks, model))
    people, enrolled, ratio = len(model.region.people), len(records.enrolments), found.support.pool_ratio
    parts = {
        "build people": build,
        "simulate": run - spent["teams_enrol"],
        "find cases and enrol": spent["teams_enrol"],
        "order records": order,
        "evaluate (match, DiD)": assess,
        "truth (paired lives)": again + paired,
    }
    with threadpool_limits(1):
        _, whole = timed(lambda: run_replicate(scenario, 1, 0))
    person_weeks = people * scenario.study.weeks
    what = f"{name}: {people:,} people, {person_weeks / 1e6:,.1f} million person-weeks, {enrolled:,} enrolled"
    return [
        at_most("one full replicate (core-seconds)", whole, GOAL, what),
        *(plain(f"of which: {part} (CPU s)", seconds) for part, seconds in parts.items()),
        plain("all parts, in a run of their own (CPU s)", sum(parts.values())),
        plain("person-weeks a CPU second, simulation alone", person_weeks / parts["simulate"]),
        plain("person-weeks a CPU second, all in", person_weeks / whole),
        at_least("control pool against pilot population (times larger)", ratio, POOL_GOAL),
    ]


def figures(quick: bool) -> list[Row]:
    """Return this family's rows; quick ones are smaller."""
    return compare("small" if quick else "case-management-sites")

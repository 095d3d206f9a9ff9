"""What one more scenario costs on a replicate whose past is shared, all in, and the proof that nothing is lost.

The past is lived once and a first scenario is simulated and evaluated on it; then another policy is asked for.
Its cost is that of living, records, evaluation and truth, and its records must be those of a full run, byte for
byte. With capacity feedback everyone is coupled from the programme's start, so that only the time before is saved.
"""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.mesa_form import differing_tables
from benchmarks.rows import Row, at_most, plain
from benchmarks.timing import BenchmarkError, timed
from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.pool_cache import PoolMemory
from icpsim.evaluation.types import design_of
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.shared_past import History
from icpsim.model.true_effect import true_effects, without_effects
from icpsim.scenario.schema import Scenario, load

UNCOUPLED_GOAL = 0.5
COUPLED_GOAL = 0.5
POLICY = "risk_score"
FEEDBACK = ("capacity_feedback=true",)


def another(name: str, settings: tuple[str, ...] = ()) -> Scenario:
    """Return the scenario of this name with every programme's targeting policy replaced."""
    count = len(load(name).programmes)
    return load(name, (*settings, *(f"programmes.{k}.targeting.policy={POLICY}" for k in range(count))))


def cost(model: IntegratedCareModel, pool: PoolMemory | None = None) -> dict[str, float]:
    """Run a model that is still to be run, evaluate it and find the truth; CPU seconds of each part."""
    scenario = model.icp_scenario
    _, simulate = timed(model.run)
    records, order = timed(model.records)
    found, assess = timed(lambda: evaluate(records, design_of(scenario), model.parameters.prices, pool))
    cases = np.unique(found.pairs["case"])
    window = scenario.evaluation.window_weeks
    _, truth = timed(lambda: true_effects(without_effects(model, records), cases, window, model))
    return {"simulate": simulate, "order records": order, "evaluate": assess, "truth": truth}


def compare(name: str, settings: tuple[str, ...] = ()) -> tuple[dict[str, float], float, float]:
    """Return one more scenario's parts, a full replicate and the past, in CPU seconds.

    Raises BenchmarkError when the records of the branch are not those of the full run, or are the first's.
    """
    scenario = load(name, settings)
    other = another(name, settings)
    with threadpool_limits(1):
        past, before = timed(lambda: History(scenario, 1, 0))
        first = past.branch(scenario)
        cost(first, past.pool)
        branch, begin = timed(lambda: past.branch(other))
        parts = {"begin": begin, **cost(branch, past.pool)}
        model, build = timed(lambda: IntegratedCareModel(other, 1, 0))
        full = build + sum(cost(model).values())
    if not differing_tables(branch.records(), first.records()):
        raise BenchmarkError(f"policy {POLICY} gives {name} the very same records: nothing more was asked")
    different = differing_tables(branch.records(), model.records())
    if different:
        raise BenchmarkError(f"a branch of {name} differs from the full run in {', '.join(different)}")
    return parts, full, before


def figures(quick: bool) -> list[Row]:
    """Return this family's rows; quick ones are smaller."""
    name = "small" if quick else "case-management-sites"
    compare("small")
    compare("small", FEEDBACK)
    parts, full, before = compare(name)
    coupled, coupled_full, _ = compare(name, FEEDBACK)
    one_more = "one more scenario on the same replicate, people not coupled (core-seconds)"
    spent = ", ".join(f"{part} {seconds:.2g}" for part, seconds in parts.items())
    spent_coupled = ", ".join(f"{part} {seconds:.2g}" for part, seconds in coupled.items())
    same = "records equal a full run's, byte for byte"
    return [
        at_most(one_more, sum(parts.values()), UNCOUPLED_GOAL, f"{name}, policy {POLICY}; {same}; {spent}"),
        at_most(
            "the same without matching and estimating again: live, enrol, truth (core-seconds)",
            parts["begin"] + parts["simulate"] + parts["truth"],
            UNCOUPLED_GOAL,
            "what a policy or a sweep costs when the true effect is what is asked",
        ),
        plain("the same, evaluated, as a share of a full replicate", sum(parts.values()) / full),
        plain("the past that is shared, lived once (core-seconds)", before),
        at_most(
            "one more scenario with capacity feedback (share of a full replicate)",
            sum(coupled.values()) / coupled_full,
            COUPLED_GOAL,
            f"{name}; {same}; {spent_coupled}",
        ),
        plain("one full replicate with capacity feedback (core-seconds)", coupled_full),
    ]

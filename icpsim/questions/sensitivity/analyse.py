"""From evaluations to indices with intervals, the share of chance and how indices settle with the sample."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from icpsim.base.intervals import t90
from icpsim.base.kinds import Floats
from icpsim.base.randomness import REGISTRY, draws, replicate_key
from icpsim.questions.sensitivity.answer import NOTHING, ConvergenceRow, IndexRow, OutcomeAnalysis
from icpsim.questions.sensitivity.chance import chance_of
from icpsim.questions.sensitivity.inputs import Uncertain
from icpsim.questions.sensitivity.methods import Indices, Method
from icpsim.questions.sensitivity.outcomes import UNITS
from icpsim.questions.sensitivity.problem import Space

DOES_NOTHING = REGISTRY.decision("input that does nothing")
FEWER = 10
"""Resamples where little hangs on an interval, and of methods that take long."""
MAY_BE_NEGATIVE = ("first", "mu", "sigma")
"""Measures whose intervals are not cut at 0: signed ones, estimates that may miss 0, and what has no interval."""
STEPS = (8, 4, 2, 1)
"""Parts of the sample from which indices are worked out again."""


def analysed(
    method: Method, space: Space, points: Floats, values: Mapping[str, Floats], seed: int
) -> tuple[OutcomeAnalysis, ...]:
    """Analyse every outcome (float64[points, replicates]); means over replicates are what is explained."""
    if method.given:
        space, points = with_nothing(space, points, seed)
    return tuple(_outcome(method, space, points, name, columns, seed) for name, columns in values.items())


def with_nothing(space: Space, points: Floats, seed: int) -> tuple[Space, Floats]:
    """Return the space and points with one input more that no model reads."""
    keys = np.array([replicate_key(seed, k) for k in range(len(points))], np.uint64)
    wider = Space((*space.inputs, Uncertain(NOTHING, 0.0, 1.0)), (*space.groups, NOTHING))
    return wider, np.column_stack([points, draws(keys, DOES_NOTHING, 0)])


def _outcome(
    method: Method, space: Space, points: Floats, name: str, columns: Floats, seed: int
) -> OutcomeAnalysis:
    mean = columns.mean(axis=1)
    found = method.measure(space, points, mean, seed)
    errors = _chance_errors(method, space, points, columns, seed)
    low, high = np.quantile(mean, [0.05, 0.95])
    rows = [row for measure in method.measures for row in _rows(space, measure, found, errors, columns.shape[1])]
    return OutcomeAnalysis(
        outcome=name,
        unit=UNITS.get(name, ""),
        mean=float(mean.mean()),
        sd=float(mean.std(ddof=1)),
        low=float(low),
        high=float(high),
        chance=chance_of(columns),
        rows=tuple(rows),
        convergence=_convergence(method, space, points, mean, seed),
    )


def _chance_errors(method: Method, space: Space, points: Floats, columns: Floats, seed: int) -> dict[str, Floats]:
    """Return each measure's standard error from chance: the spread of replicates' own indices over their root."""
    replicates = columns.shape[1]
    nothing = np.full(len(space.factors), np.nan)
    if replicates < 2:
        return dict.fromkeys(method.measures, nothing)
    alone = [method.measure(space, points, column, seed, FEWER) for column in columns.T]
    return {
        measure: np.std([one[measure].value for one in alone], axis=0, ddof=1) / np.sqrt(replicates)
        for measure in method.measures
    }


def _rows(
    space: Space, measure: str, found: Mapping[str, Indices], errors: Mapping[str, Floats], replicates: int
) -> list[IndexRow]:
    reach = t90(replicates - 1) if replicates > 1 else 0.0
    rows = []
    for k, factor in enumerate(space.factors):
        value, half, error = (float(x[k]) for x in (found[measure].value, found[measure].half, errors[measure]))
        whole = np.hypot(half, reach * error) if replicates > 1 else half
        low = value - whole if measure in MAY_BE_NEGATIVE else max(0.0, value - whole)
        rows.append(IndexRow(factor, measure, value, low, value + whole, half, error))
    return rows


def _convergence(
    method: Method, space: Space, points: Floats, mean: Floats, seed: int
) -> tuple[ConvergenceRow, ...]:
    each = method.per_sample(len(space.factors))
    samples = len(points) // each
    rows = []
    for size in dict.fromkeys(max(samples // step, method.least) for step in STEPS):
        part = slice(size * each)
        resamples = FEWER if method.given else method.resamples
        found = method.measure(space, points[part], mean[part], seed, resamples)[method.main]
        for factor, value, half in zip(space.factors, found.value, found.half, strict=True):
            rows.append(ConvergenceRow(size, factor, float(value), float(half)))
    return tuple(rows)

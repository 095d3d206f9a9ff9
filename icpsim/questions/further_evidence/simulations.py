"""Which worlds are simulated: posterior draws, as many of every explanation, a few to each past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from icpsim.base.kinds import Floats, Progress
from icpsim.inference.errors import CalibrationError
from icpsim.inference.mechanisms.posterior import resample
from icpsim.inference.mechanisms.priors import EXPLANATIONS
from icpsim.inference.mechanisms.simulations import as_values
from icpsim.inference.posterior import ShippedDraws
from icpsim.questions.further_evidence.evaluations import FurtherEvaluation, longer
from icpsim.runs.engine import Store
from icpsim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to simulate: ``each`` draws of every explanation, ``per_past`` of which share a past."""

    scenario: str = "case-management-sites"
    seed: int = 2012
    each: int = 24
    per_past: int = 12


@dataclass(frozen=True, slots=True)
class Simulated:
    """Simulated evaluations of posterior draws; n of them, as many of every explanation.

    ``explanation`` int64[n] are numbers in EXPLANATIONS, ``past`` int64[n] replicates; ``posterior`` float64[4]
    the explanations' posterior probabilities; ``statistics`` maps names to float64[n].
    """

    explanation: NDArray[np.int64]
    past: NDArray[np.int64]
    posterior: Floats
    statistics: Mapping[str, Floats]


def chosen_draws(draws: ShippedDraws, plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows of draws and their explanations, ``each`` by weight within each; both int64[4 * each].

    Past after past holds as many of every explanation. Raises CalibrationError when a past cannot, or when
    the posterior has no draw of an explanation.
    """
    share = plan.per_past // len(EXPLANATIONS)
    if share < 1 or plan.per_past % len(EXPLANATIONS) or plan.each % share:
        raise CalibrationError(
            f"draws that share a past must be a multiple of {len(EXPLANATIONS)}, a quarter of which divides the"
            f" draws of each explanation: not {plan.per_past} of {plan.each}"
        )
    kinds = np.array(draws.explanation)
    columns = []
    for number, name in enumerate(EXPLANATIONS):
        own = np.flatnonzero(kinds == name)
        if own.size == 0:
            raise CalibrationError(f"the posterior holds no draw of the explanation '{name}'")
        rows = own[resample(draws.weight[own], plan.each, plan.seed * len(EXPLANATIONS) + number)]
        order = np.argsort((np.arange(plan.each) * 2654435761) % 2**32, kind="stable")
        columns.append(rows[order].reshape(-1, share))
    kind = np.broadcast_to(np.arange(len(EXPLANATIONS))[None, :, None], (plan.each // share, 4, share))
    return np.stack(columns, axis=1).reshape(-1), kind.reshape(-1).copy()


def simulate(plan: Plan, scenario: Scenario, draws: ShippedDraws, store: Store, progress: Progress) -> Simulated:
    """Simulate and evaluate every draw; those that are in the store are read."""
    rows, explanation = chosen_draws(draws, plan)
    followed = longer(scenario)
    past = np.arange(rows.size) // plan.per_past
    units = [
        FurtherEvaluation(followed, as_values(draws.names, draws.values[row]), plan.seed, int(number))
        for row, number in zip(rows, past, strict=True)
    ]
    found = store.figures(units, progress, "evaluating with further evidence")
    statistics = {name: np.array([one[name] for one in found]) for name in found[0]}
    kinds = np.array(draws.explanation)
    posterior = np.array([draws.weight[kinds == name].sum() for name in EXPLANATIONS])
    return Simulated(explanation, past, posterior, statistics)

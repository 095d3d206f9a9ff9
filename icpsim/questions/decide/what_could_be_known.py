"""What of the posterior could be known before deciding between arms: explanations, mechanisms, parameters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from icpsim.base.intervals import MATERIAL
from icpsim.economics.decision.analysis import MECHANISM, PARAMETER, QUESTION, Knowable
from icpsim.inference.posterior import ShippedDraws
from icpsim.questions.compare.mechanisms import GROUPS, LIST_WIDE
from icpsim.questions.compare.runs import Comparison
from icpsim.report.words import parameter
from icpsim.scenario.overrides import OF_PROGRAMME

EXPLANATION = "the explanation of +9%"
REAL = "whether +9% was real"
TRUE_EFFECT = "true_cm_emergency"
"""True change of emergency admissions at the case-management sites that is expected under a draw."""
KNOWN_TOGETHER = {**GROUPS, "strength of sites' programmes": ("site_sd",)}
"""Parameters that are known or not known together."""


def acting_parameters(comparison: Comparison, posterior: ShippedDraws, list_wide: bool = True) -> list[int]:
    """Return the places of the posterior's parameters that act in some arm: varied, and set by no scenario.

    ``list_wide=False``: but for those of effects on whole lists.
    """
    programmes = {part.name for arm in comparison.arms for part in arm.scenario.programmes}
    kept = []
    for place, name in enumerate(posterior.names):
        programme, named, _ = name.partition(OF_PROGRAMME)
        set_everywhere = all(name in arm.scenario.parameters for arm in comparison.arms)
        acts = programme in programmes if named else not set_everywhere
        acts = acts and (list_wide or name.rpartition(".")[2] not in GROUPS[LIST_WIDE])
        if acts and np.ptp(posterior.values[:, place]) > 0:
            kept.append(place)
    return kept


def what_could_be_known(posterior: ShippedDraws, acting: Sequence[int]) -> list[Knowable]:
    """Return what could be known before deciding: explanations, mechanisms, and each of their parameters."""
    found = [Knowable(EXPLANATION, QUESTION, posterior.explanation)]
    real = really_rose(posterior)
    if real:
        found.append(Knowable(REAL, QUESTION, real))
    by_group: dict[str, list[int]] = {}
    for place in acting:
        short = posterior.names[place].rpartition(".")[2]
        group = next((group for group, names in KNOWN_TOGETHER.items() if short in names), parameter(short))
        by_group.setdefault(group, []).append(place)
    for group, places in by_group.items():
        found.append(Knowable(group, MECHANISM, values=posterior.values[:, places]))
    for places in by_group.values():
        if len(places) > 1:
            found += [Knowable(posterior.names[k], PARAMETER, values=posterior.values[:, [k]]) for k in places]
    return found


def really_rose(posterior: ShippedDraws) -> tuple[str, ...]:
    """Say of each draw whether emergency admissions truly rose, materially, at the case-management sites."""
    effect = posterior.effects.get(TRUE_EFFECT)
    return () if effect is None else tuple("yes" if value > MATERIAL else "no" for value in effect)


def explanations(comparison: Comparison, posterior: ShippedDraws) -> dict[str, tuple[float, int]]:
    """Return every explanation's probability, and in how many replicates it was drawn."""
    drawn = [posterior.explanation_of(comparison.seed, k) for k in range(comparison.replicates)]
    weight = posterior.weight / posterior.weight.sum()
    return {
        name: (float(weight[[one == name for one in posterior.explanation]].sum()), drawn.count(name))
        for name in dict.fromkeys(sorted(posterior.explanation))
    }

"""A whole decision: options at each willingness to pay, and what it is worth to know each thing before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from icpsim.base.intervals import LEVEL
from icpsim.economics.decision.information import information_on_groups, perfect_information
from icpsim.economics.decision.net_benefit import Floats, expected, net_benefit, probability_best
from icpsim.economics.decision.partial import information_on, smooth_functions

QUESTION, MECHANISM, PARAMETER = "question", "mechanism", "parameter"


@dataclass(frozen=True, slots=True)
class Knowable:
    """Something that could be known before deciding: a ``group`` for each draw, or ``values`` float64[draws, n].

    ``kind`` is QUESTION (to which of several groups the truth belongs), MECHANISM or PARAMETER.
    """

    name: str
    kind: str
    group: tuple[str, ...] = ()
    values: Floats | None = None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Options over draws of the mechanisms, on surfaces as probable as the replicates leave them.

    ``cost`` (GBP a year) and ``effect`` (emergency admissions avoided a year), float64[surfaces, draws, options],
    are expected given the draw, against one reference; ``weight`` float64[draws].
    """

    options: tuple[str, ...]
    cost: Floats
    effect: Floats
    weight: Floats

    def benefit(self, threshold: float) -> Floats:
        """Return net benefit at a willingness to pay; float64[surfaces, draws, options], GBP a year."""
        return net_benefit(self.cost, self.effect, threshold)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and its standard error: what more replicates would still move."""

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Ranged:
    """An expectation with the limits that hold 90% of draws of the mechanisms, and its standard error."""

    mean: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, slots=True)
class OptionValue:
    """An option at a willingness to pay: net benefit a year, and how probably it is the best of all."""

    option: str
    net_benefit: Ranged
    probability: float


@dataclass(frozen=True, slots=True)
class InformationValue:
    """What knowing something is worth, GBP a year."""

    name: str
    kind: str
    value: Estimate


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """A decision at one willingness to pay, GBP for each emergency admission avoided.

    ``best`` has the highest expected net benefit and is best with probability ``frontier``; ``perfect`` is the
    value of knowing every mechanism, ``partial`` of knowing each thing alone.
    """

    threshold: float
    options: tuple[OptionValue, ...]
    best: str
    frontier: float
    perfect: Estimate
    partial: tuple[InformationValue, ...]


def at_threshold(found: Uncertain, threshold: float, knowable: Sequence[Knowable] = ()) -> AtThreshold:
    """Return the decision at one willingness to pay; errors are over surfaces."""
    benefit = found.benefit(threshold)
    means = np.array([expected(one, found.weight) for one in benefit])
    chances = np.array([probability_best(one, found.weight) for one in benefit]).mean(axis=0)
    best = int(means.mean(axis=0).argmax())
    values = tuple(
        OptionValue(option, ranged(benefit[:, :, k], found.weight), float(chances[k]))
        for k, option in enumerate(found.options)
    )
    perfect = _estimate([perfect_information(one, found.weight) for one in benefit])
    partial = tuple(InformationValue(one.name, one.kind, _worth(one, benefit, found.weight)) for one in knowable)
    return AtThreshold(threshold, values, found.options[best], float(chances[best]), perfect, partial)


def ranged(values: Floats, weight: Floats) -> Ranged:
    """Return the expectation of float64[surfaces, draws] over both, and the limits of 90% of them."""
    means = values @ weight
    flat, shares = values.ravel(), np.tile(weight / len(values), len(values))
    order = np.argsort(flat)
    reached = np.cumsum(shares[order])
    low, high = (float(flat[order[int(np.searchsorted(reached, q * reached[-1]))]]) for q in _ENDS)
    return Ranged(float(means.mean()), low, high, float(means.std()))


def switches(found: Uncertain) -> list[tuple[float, str]]:
    """Return from which willingness to pay (0 or more) which option has the highest expected net benefit."""
    cost, effect = (np.tensordot(x.mean(axis=0), found.weight, axes=(0, 0)) for x in (found.cost, found.effect))
    ends = {0.0}
    for a, b in combinations(range(len(cost)), 2):
        if effect[a] != effect[b]:
            ends.add(max(0.0, float((cost[a] - cost[b]) / (effect[a] - effect[b]))))
    told: list[tuple[float, str]] = []
    for start, end in zip(sorted(ends), [*sorted(ends)[1:], None], strict=True):
        within = start + 1.0 if end is None else (start + end) / 2.0
        best = found.options[int(net_benefit(cost, effect, within).argmax())]
        if not told or told[-1][1] != best:
            told.append((start, best))
    return told


def _worth(known: Knowable, benefit: Floats, weight: Floats) -> Estimate:
    if known.values is None:
        return _estimate([information_on_groups(one, known.group, weight) for one in benefit])
    functions = smooth_functions(known.values, weight)
    return _estimate([information_on(functions, one, weight) for one in benefit])


def _estimate(values: Sequence[float]) -> Estimate:
    return Estimate(float(np.mean(values)), float(np.std(values)))


_ENDS = ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0)

"""Scenario discovery: which combinations of uncertain inputs make a policy fail.

A classification tree (scikit-learn's CART) is grown on half of the points, and every box it finds is judged on the
other half, by Bryant and Lempert's (2010, Technological Forecasting and Social Change 77:34-49) two measures:
density, the share of the box that fails, and coverage, the share of all failures that lie in it. Lempert, Bryant
and Bankes (2008, RAND WR-549) compare CART with PRIM and find neither better throughout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from icpsim.base.intervals import t90
from icpsim.base.kinds import Floats
from icpsim.questions.errors import SensitivityError
from icpsim.questions.sensitivity.evaluations import Model, evaluate_checked
from icpsim.questions.sensitivity.inputs import Uncertain
from icpsim.questions.sensitivity.outcomes import check_outcomes
from icpsim.questions.sensitivity.sources import latin_points
from icpsim.report.measures import About

Bools = NDArray[np.bool_]
FEWEST = 10
"""Failures, and points that do not fail, that a half needs before boxes are looked for."""
LEAST_POINTS = 40
DEPTH = 3
"""Limits that a box may have at most: more are not read by people."""
SMALLEST = 0.05
"""Share of the points that a box holds at least."""
DENSER = 1.5
"""A box is told of when it fails this often as often as all points do, on the half that found it."""
_FAILS = re.compile(r"\s*([a-z_]+)\s*([<>])\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*")


@dataclass(frozen=True, slots=True)
class Fails:
    """A policy fails where ``outcome`` lies above (or below) ``limit``."""

    outcome: str
    above: bool
    limit: float

    def of(self, values: Floats) -> Bools:
        """Return where values fail."""
        failing: Bools = values > self.limit if self.above else values < self.limit
        return failing


@dataclass(frozen=True, slots=True)
class Limit:
    """An input lies above ``low`` and at or below ``high``; infinite where the box does not end."""

    key: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Box:
    """Limits that hold together; measures are of points that the box was not found on.

    ``mass``: share of the points that lie in it; ``density_low`` and ``density_high``: 90% interval of the density
    (Clopper and Pearson's).
    """

    limits: tuple[Limit, ...]
    density: float
    density_low: float
    density_high: float
    coverage: float
    mass: float
    points: int


@dataclass(frozen=True)
class Discovery:
    """Where a policy fails: share of points that fail, boxes (largest coverage first), and what is not certain.

    ``near`` is the share of points whose failing or not is within chance (90%; NaN with one replicate).
    """

    about: About
    fails: Fails
    unit: str
    source: str
    inputs: tuple[Uncertain, ...]
    points: Floats
    values: Floats
    mean: float
    share: float
    near: float
    boxes: tuple[Box, ...]

    @property
    def failing(self) -> Bools:
        """Return which points fail; bool[n]."""
        return self.fails.of(self.values.mean(axis=1))

    @property
    def good_on_average(self) -> bool:
        """Whether the mean over points does not fail."""
        return not bool(self.fails.of(np.array([self.mean]))[0])


def read_fails(text: str) -> Fails:
    """Read ``outcome>limit`` or ``outcome<limit``; raises SensitivityError for anything else."""
    match = _FAILS.fullmatch(text)
    if match is None:
        raise SensitivityError(f"--fails {text}: write it as outcome>limit or outcome<limit, such as 'net_cost>0'")
    check_outcomes([match[1]])
    return Fails(match[1], match[2] == ">", float(match[3]))


def discover(model: Model, about: About, fails: Fails, samples: int, source: str, unit: str = "") -> Discovery:
    """Sample a model's inputs and find boxes in which it fails.

    Raises SensitivityError for fewer than LEAST_POINTS points, and where the outcome is no number.
    """
    if samples < LEAST_POINTS:
        raise SensitivityError(f"--samples {samples}: scenario discovery needs {LEAST_POINTS} or more")
    points = latin_points(source, model.space, samples, about.seed)
    values = evaluate_checked(model, points, about.replicates, "simulating")[fails.outcome]
    mean = values.mean(axis=1)
    failing = fails.of(mean)
    return Discovery(
        about=about,
        fails=fails,
        unit=unit,
        source=source,
        inputs=model.space.inputs,
        points=points,
        values=values,
        mean=float(mean.mean()),
        share=float(failing.mean()),
        near=_near(values, fails.limit),
        boxes=find_boxes(points, failing, model.space.names),
    )


def find_boxes(points: Floats, failing: Bools, names: tuple[str, ...]) -> tuple[Box, ...]:
    """Return boxes found on even points and measured on odd ones; () with too few of either kind."""
    half = len(points) // 2
    if min(failing[::2].sum(), (~failing[::2]).sum(), failing[1::2].sum()) < FEWEST:
        return ()
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=max(FEWEST, int(SMALLEST * half)), random_state=0
    )
    tree.fit(points[::2], failing[::2])
    base = float(failing[::2].mean())
    boxes = []
    for leaf, limits in _leaves(tree.tree_, names):
        inside = failing[::2][tree.apply(points[::2]) == leaf]
        if inside.mean() >= min(DENSER * base, (1 + base) / 2):
            boxes.append(_measured(limits, failing[1::2], tree.apply(points[1::2]) == leaf))
    return tuple(sorted((box for box in boxes if box.points), key=lambda box: -box.coverage))


def _measured(limits: tuple[Limit, ...], failing: Bools, inside: Bools) -> Box:
    points, fails = int(inside.sum()), int((failing & inside).sum())
    low = float(stats.beta.ppf(0.05, fails, points - fails + 1)) if fails else 0.0
    high = float(stats.beta.ppf(0.95, fails + 1, points - fails)) if fails < points else 1.0
    density = fails / points if points else float("nan")
    return Box(limits, density, low, high, fails / int(failing.sum()), points / len(inside), points)


def _leaves(tree: object, names: tuple[str, ...]) -> list[tuple[int, tuple[Limit, ...]]]:
    """Return every leaf of scikit-learn's tree with the limits on the way to it, the last of each side."""
    left, right = tree.children_left, tree.children_right  # type: ignore[attr-defined]
    feature, threshold = tree.feature, tree.threshold  # type: ignore[attr-defined]
    found = []
    waiting: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while waiting:
        node, limits = waiting.pop()
        if left[node] == right[node]:
            told = tuple(Limit(names[k], low, high) for k, (low, high) in sorted(limits.items()))
            found.append((node, told))
            continue
        k, at = int(feature[node]), float(threshold[node])
        low, high = limits.get(k, (-inf, inf))
        waiting.append((int(right[node]), limits | {k: (max(low, at), high)}))
        waiting.append((int(left[node]), limits | {k: (low, min(high, at))}))
    return found


def _near(values: Floats, limit: float) -> float:
    replicates = values.shape[1]
    if replicates < 2:
        return float("nan")
    reach = t90(replicates - 1) * values.std(axis=1, ddof=1) / np.sqrt(replicates)
    return float((np.abs(values.mean(axis=1) - limit) < reach).mean())

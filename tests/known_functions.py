"""Test functions with known indices, as models that go the same way as the simulation."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from icpsim.base.randomness import REGISTRY, draws, normal_quantiles, replicate_key
from icpsim.questions.sensitivity.inputs import Uncertain
from icpsim.questions.sensitivity.problem import Space
from icpsim.report.measures import About

Floats = NDArray[np.float64]
NOISE = REGISTRY.decision("noise of a test function")
ABOUT = About("a test function", "nobody", "no time", 1, 1, "0")


def about(replicates: int = 1, seed: int = 1) -> About:
    return replace(ABOUT, replicates=replicates, seed=seed)


def cube(names: str, low: float, high: float) -> Space:
    keys = tuple(names.split())
    return Space(tuple(Uncertain(key, low, high) for key in keys), keys)


@dataclass(frozen=True)
class Function:
    """A function of points, with noise of ``noise`` a point and replicate and ``shared`` a replicate."""

    space: Space
    of: object
    noise: float = 0.0
    shared: float = 0.0
    held: tuple[tuple[int, float], ...] = ()

    def evaluate(self, points: Floats, replicates: int, what: str) -> dict[str, Floats]:
        """Return the function with its noise; float64[points, replicates]."""
        whole = points
        if self.held:
            places = [k for k in range(points.shape[1] + len(self.held)) if k not in dict(self.held)]
            whole = np.empty((len(points), points.shape[1] + len(self.held)))
            whole[:, places] = points
            for k, value in self.held:
                whole[:, k] = value
        exact = self.of(whole)[:, None]  # type: ignore[operator]
        return {"y": exact + self._noise(len(points), replicates)}

    def only(self, space: Space) -> Function:
        """Return the function with inputs outside ``space`` held at one half."""
        held = tuple((k, 0.5) for k, one in enumerate(self.space.inputs) if one.key not in space.names)
        return replace(self, space=space, held=held)

    def _noise(self, points: int, replicates: int) -> Floats:
        columns = []
        for r in range(replicates):
            keys = np.array([replicate_key(r + 1, k) for k in range(points + 1)], np.uint64)
            z = normal_quantiles(draws(keys, NOISE, 0))
            columns.append(self.noise * z[:-1] + self.shared * z[-1])
        return np.column_stack(columns)


def ishigami(noise: float = 0.0, shared: float = 0.0) -> Function:
    """Ishigami and Homma (1990) with a = 7, b = 0.1."""

    def of(x: Floats) -> Floats:
        return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    return Function(cube("x1 x2 x3", -np.pi, np.pi), of, noise, shared)


ISHIGAMI_VARIANCE = 7.0**2 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 0.5
ISHIGAMI_FIRST = np.array([0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 7.0**2 / 8, 0.0]) / ISHIGAMI_VARIANCE
_THIRD = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50) / ISHIGAMI_VARIANCE
ISHIGAMI_TOTAL = ISHIGAMI_FIRST + np.array([_THIRD, 0.0, _THIRD])

SOBOL_G = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def sobol_g(noise: float = 0.0) -> Function:
    """Sobol's G (Saltelli and Sobol 1995) with the usual eight coefficients."""

    def of(x: Floats) -> Floats:
        return np.prod((np.abs(4 * x - 2) + SOBOL_G) / (1 + SOBOL_G), axis=1)

    return Function(cube(" ".join(f"x{k + 1}" for k in range(8)), 0.0, 1.0), of, noise)


_PART = 1 / (3 * (1 + SOBOL_G) ** 2)
G_VARIANCE = float(np.prod(1 + _PART) - 1)
G_FIRST = _PART / G_VARIANCE
G_TOTAL = _PART * np.array([np.prod(np.delete(1 + _PART, k)) for k in range(8)]) / G_VARIANCE

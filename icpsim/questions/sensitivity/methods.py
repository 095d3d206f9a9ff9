"""SALib's samplers and analysers: what each method asks of a sample, and its indices with intervals."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from icpsim.base.intervals import LEVEL, Z90
from icpsim.base.kinds import Floats
from icpsim.base.randomness import REGISTRY, draws, replicate_key
from icpsim.data.tables import nearest
from icpsim.questions.errors import SensitivityError
from icpsim.questions.sensitivity.problem import Space

RESAMPLED = REGISTRY.decision("point of a resampled sensitivity analysis")
LEVELS = 4
"""Levels of a Morris grid."""
SLICES = 10
"""Slices of an input over which PAWN compares distributions."""


@dataclass(frozen=True, slots=True)
class Indices:
    """Values of one measure for every factor, and the half-width of its interval from resampling points."""

    value: Floats
    half: Floats


@dataclass(frozen=True, slots=True)
class Method:
    """One method: ``main`` is the measure by which factors are ranked; ``per_sample`` points of one sample.

    ``given``: it takes any sample, so also one whose inputs hang together. ``sample`` gives the points,
    ``analyse`` the measures of the values there.
    """

    name: str
    main: str
    measures: tuple[str, ...]
    given: bool
    least: int
    resamples: int
    per_sample: Callable[[int], int]
    sample: Callable[[Space, int, int], Floats]
    analyse: Callable[[Space, Floats, Floats, int, int], Mapping[str, Indices]]

    def measure(
        self, space: Space, points: Floats, values: Floats, seed: int, resamples: int | None = None
    ) -> dict[str, Indices]:
        """Return every measure of float64[n] values at these points; the same seed gives the same intervals.

        Where nothing varies every index is 0: there is no variance to be shared out.
        """
        if np.ptp(values) == 0.0:
            zero = np.zeros(len(space.factors))
            return {name: Indices(zero, zero) for name in self.measures}
        with quiet():
            return dict(self.analyse(space, points, values, seed + 1, resamples or self.resamples))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep SALib's warnings off the terminal, undo its change of how they are written, and hold BLAS to a thread.

    Borgonovo's delta makes many small densities, for which several threads are many times as slow.
    """
    from threadpoolctl import threadpool_limits

    kept = warnings.formatwarning
    try:
        with warnings.catch_warnings(record=True), threadpool_limits(1):  # kept in a list that nobody reads
            yield
    finally:
        warnings.formatwarning = kept


def _sobol_sample(space: Space, samples: int, seed: int) -> Floats:
    points: Floats = space.spec().sample_sobol(samples, calc_second_order=False, seed=seed).samples
    return points


def _sobol(space: Space, points: Floats, values: Floats, seed: int, resamples: int) -> dict[str, Indices]:
    found = _analysed(space, points, values, "sobol", seed, resamples, calc_second_order=False)
    return {"first": _read(found, "S1"), "total": _read(found, "ST")}


def _morris_sample(space: Space, samples: int, seed: int) -> Floats:
    points: Floats = space.spec().sample_morris(samples, num_levels=LEVELS, seed=seed).samples
    return points


def _morris(space: Space, points: Floats, values: Floats, seed: int, resamples: int) -> dict[str, Indices]:
    found = _analysed(space, points, values, "morris", seed, resamples, num_levels=LEVELS)
    nothing = np.full(len(space.factors), np.nan)
    return {
        "mu_star": _read(found, "mu_star"),
        "mu": Indices(_floats(found["mu"]), nothing),
        "sigma": Indices(_floats(found["sigma"]), nothing),
    }


def _latin_sample(space: Space, samples: int, seed: int) -> Floats:
    points: Floats = space.spec().sample_latin(samples, seed=seed).samples
    return points


def _delta(space: Space, points: Floats, values: Floats, seed: int, resamples: int) -> dict[str, Indices]:
    """Return Borgonovo's delta (of the points as they are) and first-order indices, given data."""
    found = _analysed(space, points, values, "delta", seed, resamples)
    return {"delta": _read(found, "delta_raw"), "first": _read(found, "S1")}


def _pawn(space: Space, points: Floats, values: Floats, seed: int, resamples: int) -> dict[str, Indices]:
    """Return PAWN's median Kolmogorov-Smirnov distance; SALib gives no interval, so points are resampled here."""
    from SALib.analyze import pawn

    problem = dict(space.spec())
    keys = np.array([replicate_key(seed, k) for k in range(len(values))], np.uint64)
    chosen = [(draws(keys, RESAMPLED, k) * len(values)).astype(np.int64) for k in range(resamples)]
    again = [_floats(pawn.analyze(problem, points[r], values[r], S=SLICES)["median"]) for r in chosen]
    value = _floats(pawn.analyze(problem, points, values, S=SLICES)["median"])
    return {"pawn": Indices(value, Z90 * np.std(again, axis=0, ddof=1))}


def _method(name: str, measures: str, given: bool, least: int, resamples: int, extra: int) -> Method:
    """Return a method, its main measure first; a sample has ``extra`` points more than factors (-1: is one)."""
    functions = {
        "morris": (_morris_sample, _morris),
        "sobol": (_sobol_sample, _sobol),
        "pawn": (_latin_sample, _pawn),
        "delta": (_latin_sample, _delta),
    }
    names = tuple(measures.split())
    return Method(
        name, names[0], names, given, least, resamples, lambda d: 1 if extra < 0 else d + extra, *functions[name]
    )


METHODS: Mapping[str, Method] = {
    "morris": _method("morris", "mu_star mu sigma", False, 4, 1000, 1),
    "sobol": _method("sobol", "first total", False, 8, 1000, 2),
    "pawn": _method("pawn", "pawn", True, 100, 50, -1),
    "delta": _method("delta", "delta first", True, 100, 30, -1),
}
GIVEN = tuple(name for name, method in METHODS.items() if method.given)


def method_of(name: str, samples: int, space: Space) -> Method:
    """Return a method that can be had with so many samples.

    Raises SensitivityError for a name that is none, too few samples, for Sobol a number that is no power of two,
    and for groups with a method that reads inputs singly.
    """
    if name not in METHODS:
        names = [*METHODS, "morris+sobol"]
        raise SensitivityError(f"--method {name}: there are {', '.join(names)}{nearest(name, names)}")
    method = METHODS[name]
    if samples < method.least:
        raise SensitivityError(f"--samples {samples}: {name} needs {method.least} or more")
    if name == "sobol" and samples & (samples - 1):
        near = 2 ** int(np.floor(np.log2(samples)))
        raise SensitivityError(f"--samples {samples}: Sobol needs a power of two, such as {near} or {2 * near}")
    if method.given and space.grouped:
        raise SensitivityError(f"--group: {name} reads inputs singly; take morris or sobol")
    if len(space.factors) < 2:
        raise SensitivityError("one input alone explains everything: vary two or more")
    return method


def _analysed(
    space: Space, points: Floats, values: Floats, name: str, seed: int, resamples: int, **options: Any
) -> Any:
    spec = space.spec().set_samples(points).set_results(values)
    analyse = getattr(spec, f"analyze_{name}")
    analyse(num_resamples=resamples, conf_level=LEVEL, seed=seed, **options)
    return spec.analysis


def _read(found: Any, name: str) -> Indices:
    return Indices(_floats(found[name]), _floats(found[f"{name}_conf"]))


def _floats(values: Any) -> Floats:
    return np.ma.filled(np.ma.asarray(values, np.float64), np.nan)

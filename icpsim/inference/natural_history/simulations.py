"""Simulations of the natural history, each kept in a file of its own as soon as it is done.

A simulation is named by a hash of what defines it: every parameter in force, seed, size, and the source of the
simulation. Asked for again it is read, not run; so a run that was stopped at any moment goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import icpsim
from icpsim.parameters import load_tables

Progress = Callable[[int, int, str], None]
_NOT_SIMULATION = ("cli", "inference", "report", "england", "trace")


@dataclass(frozen=True, slots=True)
class Simulation:
    """One simulation to be done: parameter values by qualified name, seed, and size in practices."""

    overrides: dict[str, float]
    seed: int
    practices: int

    def name(self) -> str:
        """Return 24 hex digits that change with anything that may change the figures."""
        tables = load_tables(self.overrides)
        values = {key: tables.value(key) for key in sorted(tables.parameters)}
        told = json.dumps([values, self.seed, self.practices, simulation_source()])
        return hashlib.sha256(told.encode()).hexdigest()[:24]


def simulation_source() -> str:
    """Return a hash of the source of everything that a simulation runs."""
    package = Path(icpsim.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if inside.parts[0] not in _NOT_SIMULATION:
            digest.update(inside.as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def simulate(simulation: Simulation) -> dict[str, float]:
    """Run one simulation and return its figures by target name."""
    from icpsim.baseline.measure import measure
    from icpsim.model_parameters import load_parameters

    parameters = load_parameters(simulation.overrides)
    found, _ = measure(parameters, simulation.seed, simulation.practices, overrides=simulation.overrides)
    return {name: float(value) for name, value in found.items()}


class Store:
    """A folder of finished simulations; ``workers`` processes do those that are missing."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        self.workers = workers
        folder.mkdir(parents=True, exist_ok=True)

    def figures(self, wanted: Sequence[Simulation], progress: Progress, what: str) -> list[dict[str, float]]:
        """Return the figures of these simulations, in order; runs and keeps those that are missing."""
        names = [simulation.name() for simulation in wanted]
        missing = {name: s for name, s in zip(names, wanted, strict=True) if self._read(name) is None}
        done = len(set(names)) - len(missing)
        total = len(set(names))
        progress(done, total, what)
        for _ in self._run(missing):
            done += 1
            progress(done, total, what)
        found = [self._read(name) for name in names]
        return [one for one in found if one is not None]

    def _run(self, missing: dict[str, Simulation]) -> Iterator[str]:
        if self.workers <= 1 or len(missing) <= 1:
            for name, simulation in missing.items():
                yield run_and_keep(self.folder, name, simulation)
            return
        from joblib import Parallel, delayed, parallel_config

        with parallel_config("loky", n_jobs=min(self.workers, len(missing)), inner_max_num_threads=1):
            yield from Parallel(return_as="generator_unordered", pre_dispatch="2*n_jobs")(
                delayed(run_and_keep)(self.folder, name, simulation) for name, simulation in missing.items()
            )

    def _read(self, name: str) -> dict[str, float] | None:
        path = self.folder / f"{name}.json"
        try:
            found: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["figures"]
        except (FileNotFoundError, json.JSONDecodeError, KeyError):
            return None
        return found


def run_and_keep(folder: Path, name: str, simulation: Simulation) -> str:
    """Run one simulation and write its file, whole or not at all; returns its name."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        figures = simulate(simulation)
    told = {"seed": simulation.seed, "practices": simulation.practices, "overrides": simulation.overrides}
    part = folder / f".{name}.{os.getpid()}"
    part.write_text(json.dumps(told | {"figures": _plain(figures)}), encoding="utf-8")
    part.replace(folder / f"{name}.json")
    return name


def _plain(figures: dict[str, float]) -> dict[str, float]:
    return {key: value if np.isfinite(value) else float("nan") for key, value in figures.items()}

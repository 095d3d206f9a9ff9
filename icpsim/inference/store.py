"""Runs of the model, each kept in a file of its own as soon as it is done.

A unit of work is named by a hash of what defines it. Asked for again it is read, not run; so a command that was
stopped at any moment goes on where it was when it is given again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import icpsim

Progress = Callable[[int, int, str], None]
_NOT_SIMULATION = (
    "cli",
    "comparison",
    "confounding",
    "decision",
    "economics",
    "england",
    "inference",
    "laboratory",
    "report",
    "telling",
    "trace",
    "validation",
    "plan.py",
    "results.py",
    "shipped_posterior.py",
    "study.py",
    "summary.py",
    "targets.py",
)


class Unit(Protocol):
    """A piece of work: what it is, as plain values that JSON holds, and how it is done."""

    def told(self) -> dict[str, Any]:
        """Return everything that the figures depend on, besides the source of the simulation."""
        ...

    def run(self) -> dict[str, float]:
        """Do it and return its figures by name."""
        ...


def simulation_source() -> str:
    """Return a hash of the source of everything that a simulation runs."""
    package = Path(icpsim.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if inside.parts[0] not in _NOT_SIMULATION:
            digest.update(inside.as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def name_of(unit: Unit, source: str) -> str:
    """Return 24 hex digits that change with anything that may change the unit's figures."""
    return hashlib.sha256(json.dumps([unit.told(), source]).encode()).hexdigest()[:24]


class Store:
    """A folder of finished units; ``workers`` processes do those that are missing.

    The source of the simulation is read once: what is under way is not mixed with what is edited meanwhile.
    """

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        self.workers = workers
        self.source = simulation_source()
        folder.mkdir(parents=True, exist_ok=True)

    def figures(self, wanted: Sequence[Unit], progress: Progress, what: str) -> list[dict[str, float]]:
        """Return the figures of these units, in order; runs and keeps those that are missing."""
        names = [name_of(unit, self.source) for unit in wanted]
        missing = {name: unit for name, unit in zip(names, wanted, strict=True) if self.read(name) is None}
        total = len(set(names))
        done = total - len(missing)
        progress(done, total, what)
        for _ in self._run(missing):
            done += 1
            progress(done, total, what)
        found = [self.read(name) for name in names]
        return [one for one in found if one is not None]

    def read(self, name: str) -> dict[str, float] | None:
        """Return a finished unit's figures; None when there is no whole file of that name."""
        path = self.folder / f"{name}.json"
        try:
            found: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["figures"]
        except (FileNotFoundError, json.JSONDecodeError, KeyError):
            return None
        return found

    def _run(self, missing: dict[str, Unit]) -> Iterator[str]:
        together: dict[Any, list[tuple[str, Unit]]] = {}
        for name, unit in missing.items():
            together.setdefault(getattr(unit, "together", name), []).append((name, unit))
        if self.workers <= 1 or len(together) <= 1:
            for name, unit in missing.items():
                yield run_and_keep(self.folder, name, unit)
            return
        from joblib import Parallel, delayed, parallel_config

        with parallel_config("loky", n_jobs=min(self.workers, len(together)), inner_max_num_threads=1):
            for names in Parallel(return_as="generator_unordered", pre_dispatch="2*n_jobs")(
                delayed(run_and_keep_all)(self.folder, units) for units in together.values()
            ):
                yield from names


def run_and_keep_all(folder: Path, units: Sequence[tuple[str, Unit]]) -> list[str]:
    """Run units one after the other, each written as soon as it is done; returns their names."""
    return [run_and_keep(folder, name, unit) for name, unit in units]


def run_and_keep(folder: Path, name: str, unit: Unit) -> str:
    """Run one unit and write its file, whole or not at all; returns its name."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        figures = {key: float(value) for key, value in unit.run().items()}
    part = folder / f".{name}.{os.getpid()}"
    part.write_text(json.dumps({"unit": unit.told(), "figures": figures}), encoding="utf-8")
    part.replace(folder / f"{name}.json")
    return name

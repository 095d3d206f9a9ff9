"""The engine of everything that simulates many times: runs the units that are missing, and reads the others.

A unit of work is named by a hash of what defines it. Asked for again it is read, not run; so a command that was
stopped at any moment goes on where it was when it is given again, and loses at most what each worker had in hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from icpsim.base.kinds import Progress
from icpsim.runs.errors import EnsembleError, FailedUnitsError, Failure, Stopped
from icpsim.runs.local import not_written, run_here, run_on_processes
from icpsim.runs.result_folder import ROLLED_AT, Kept
from icpsim.runs.unit import Unit, told_of

Job = list[tuple[str, Unit]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask cluster that is there already: the address of its scheduler."""

    scheduler: str


Workers = int | Cluster
"""So many processes of this machine, or a cluster."""


def processes(workers: Workers) -> int:
    """Return how many processes of this machine a command may use; one beside a cluster."""
    return workers if isinstance(workers, int) else 1


class Store:
    """A folder of finished units; ``workers`` processes, or a cluster, do those that are missing.

    The source that a kind of unit depends on is read once: what is under way is not mixed with what is edited
    meanwhile. ``lasting``: whether the folder stays when the command is over.
    """

    def __init__(self, folder: Path, workers: Workers, lasting: bool = True) -> None:
        self.folder = folder
        self.workers = workers
        self.lasting = lasting
        self.kept = Kept(folder)

    @property
    def processes(self) -> int:
        """Processes of this machine that the command may use besides."""
        return processes(self.workers)

    def figures(self, wanted: Sequence[Unit], progress: Progress, what: str) -> list[dict[str, float]]:
        """Return the figures of these units, in order; runs and keeps those that are missing.

        Raises FailedUnitsError, when all others are done, if any failed; Stopped on Ctrl-C; EnsembleError when the
        folder cannot be written or is in use, or the cluster cannot be reached.
        """
        found = self.results(wanted, progress, what)
        failed = [one for one in found if isinstance(one, Failure)]
        if failed:
            raise FailedUnitsError(failed, len(found), f" in {self.folder}" if self.lasting else "")
        return [one for one in found if not isinstance(one, Failure)]

    def results(self, wanted: Sequence[Unit], progress: Progress, what: str) -> list[dict[str, float] | Failure]:
        """Return the figures of these units, in order, with a Failure in the place of one that failed.

        Figures may hold texts where the unit makes them. Raises as ``figures``, except for failures.
        """
        names = self.run(wanted, progress, what)
        failures = self.kept.failures()
        found: dict[str, Any] = {**self.kept.figures(names)}
        return [failures[name] if name in failures else found[name] for name in names]

    def run(self, wanted: Sequence[Unit], progress: Progress, what: str) -> list[str]:
        """Run the units that are missing and return the names of all, in order; holds no figures in memory.

        Raises as ``results``.
        """
        names = [told_of(unit).name for unit in wanted]
        with self.kept.alone():
            over = self.kept.begin() | set(self.kept.failures())
            missing = {n: unit for n, unit in zip(names, wanted, strict=True) if n not in over}
            total = len(set(names))
            done = total - len(missing)
            progress(done, total, what)
            try:
                for since, _ in enumerate(self._run(missing), 1):
                    done += 1
                    progress(done, total, what)
                    if since % ROLLED_AT == 0:
                        self._roll()
                if self.lasting:
                    self._roll()
            except KeyboardInterrupt:
                raise Stopped(self._so_far(set(names), what)) from None
        return names

    def _roll(self) -> None:
        try:
            self.kept.roll()
        except OSError as error:
            raise EnsembleError(not_written(self.kept, error)) from None

    def _run(self, missing: dict[str, Unit]) -> Iterator[str]:
        together: dict[Any, Job] = {}
        for name, unit in missing.items():
            together.setdefault(getattr(unit, "together", name), []).append((name, unit))
        self.kept.forget_in_hand(self.kept.in_hand())
        if isinstance(self.workers, Cluster):
            from icpsim.runs.cluster import run_on_cluster

            return run_on_cluster(self.kept, list(missing.items()), self.workers.scheduler)
        if self.workers <= 1 or len(together) <= 1:
            return run_here(self.kept, list(together.values()))
        return run_on_processes(self.kept, list(together.values()), self.workers)

    def _so_far(self, names: set[str], what: str) -> str:
        done = len(names & (self.kept.done() | set(self.kept.failures())))
        so_far = f"stopped: {what}: {done} of {len(names)} are done"
        if not self.lasting:
            return f"{so_far}; with --work FOLDER they would be kept"
        return f"{so_far} and kept in {self.folder}; the same command goes on from there"


def run_units(
    units: Sequence[Unit], workers: Workers, progress: Progress, what: str, work: Path | None = None
) -> list[dict[str, float]]:
    """Return the figures of units in order. Raises FailedUnitsError, when all others are done, if one failed."""
    with _store(work, workers) as store:
        return store.figures(units, progress, what)


def run_what_can(
    units: Sequence[Unit], workers: Workers, progress: Progress, what: str, work: Path | None = None
) -> list[dict[str, Any] | Failure]:
    """Return the figures of units in order, and a Failure in the place of each that failed."""
    with _store(work, workers) as store:
        return store.results(units, progress, what)


@contextmanager
def _store(work: Path | None, workers: Workers) -> Iterator[Store]:
    if work is not None:
        yield Store(work, workers)
        return
    with TemporaryDirectory(prefix="icpsim-") as folder:
        yield Store(Path(folder), workers, lasting=False)

"""Run units of work and return what they found, kept in a folder or only while this runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from icpsim.base.kinds import Progress
from icpsim.runs.engine import Store, Workers
from icpsim.runs.errors import Failure
from icpsim.runs.unit import Unit


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

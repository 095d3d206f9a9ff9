"""Units on this machine: in this process, or in several that may die without taking anything with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from icpsim.runs.errors import EnsembleError
from icpsim.runs.result_folder import Kept
from icpsim.runs.unit import Unit, told_as
from icpsim.runs.unit_file import plain

Job = tuple[str, Unit]
"""A unit and its name."""
DEATHS = 2
"""Times that a unit may take its worker with it, alone in a process, before it counts as failed."""


def run_here(kept: Kept, jobs: Sequence[Sequence[Job]]) -> Iterator[str]:
    """Run units one after the other in this process; yields each name when the unit is done or has failed."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        for job in jobs:
            for name, unit in job:
                attempt(kept, name, unit)
                yield name


def run_on_processes(kept: Kept, jobs: Sequence[Sequence[Job]], workers: int) -> Iterator[str]:
    """Run units on processes; yields names as groups end. A worker that dies is replaced, its unit tried again.

    The units that were in hand when a worker died are tried one by one, each alone in a process; one that kills
    its worker ``DEATHS`` times more is kept as failed.
    """
    left = [list(job) for job in jobs]
    told: set[str] = set()
    while left:
        try:
            for names in _pool(kept, left, workers):
                told.update(names)
                yield from names
            return
        except _worker_died():
            suspects = set(kept.in_hand())
            kept.forget_in_hand(sorted(suspects))
            over = told | kept.done() | set(kept.failures())
            yield from (name for job in left for name, _ in job if name in over - told)
            told |= over | suspects
            open_jobs = [[(name, unit) for name, unit in job if name not in over] for job in left]
            alone = [(name, unit) for job in open_jobs for name, unit in job if name in suspects]
            for name, unit in alone:
                _run_alone(kept, name, unit)
                yield name
            left = [rest for job in open_jobs if (rest := [one for one in job if one[0] not in suspects])]


def attempt(kept: Kept, name: str, unit: Unit) -> None:
    """Run one unit and keep its figures, or why it failed. Raises EnsembleError when the disk takes neither."""
    told = told_as(name, unit)
    try:
        with kept.holding(name):
            try:
                figures = plain(unit.run())
            except Exception as error:
                kept.fail(told, reason_of(error))
            else:
                kept.keep(told, figures)
    except OSError as error:
        raise EnsembleError(not_written(kept, error)) from None


def not_written(kept: Kept, error: OSError) -> str:
    """Return what to say when the disk does not take a result."""
    why = error.strerror or str(error)
    return f"{kept.folder}: {why}; what was done is kept: make room, then give the same command again"


def reason_of(error: BaseException) -> str:
    """Return why a unit failed: the error and the line that raised it."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno}, in {frames[-1].name})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"


def _pool(kept: Kept, jobs: Sequence[Sequence[Job]], workers: int) -> Iterator[list[str]]:
    import warnings

    from joblib import Parallel, delayed, parallel_config

    warnings.filterwarnings("ignore", "A worker stopped while some jobs were given to the executor", UserWarning)
    processes = max(2, min(workers, len(jobs)))  # with one, joblib would run them in this process
    with parallel_config("loky", n_jobs=processes, inner_max_num_threads=1):
        yield from Parallel(return_as="generator_unordered", pre_dispatch="2*n_jobs")(
            delayed(_attempt_all)(kept.folder.absolute(), job) for job in jobs
        )


def _attempt_all(folder: Path, job: Sequence[Job]) -> list[str]:
    return list(run_here(Kept(folder), [job]))


def _run_alone(kept: Kept, name: str, unit: Unit) -> None:
    for _ in range(DEATHS):
        try:
            list(_pool(kept, [[(name, unit)]], 1))
            return
        except _worker_died():
            kept.forget_in_hand([name])
    kept.fail(told_as(name, unit), f"its worker died each of {DEATHS + 1} times (out of memory, or killed?)")


def _worker_died() -> type[Exception]:
    from concurrent.futures.process import BrokenProcessPool

    return BrokenProcessPool

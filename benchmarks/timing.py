"""Clocks: CPU seconds of this process, of a fresh process, and its peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, TypeVar

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[1]


class BenchmarkError(RuntimeError):
    """A benchmark could not be run, or two forms that must agree do not."""


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what the work gives and the CPU seconds of this process that it took."""
    before = process_time()
    result = work()
    return result, process_time() - before


def median_cpu(work: Callable[[T], object], prepare: Callable[[], T], times: int = 3) -> float:
    """Return the median CPU seconds of the work, each time on something freshly prepared (not counted)."""
    return median(timed(lambda made=made: work(made))[1] for made in (prepare() for _ in range(times)))


def in_fresh_process(
    module: str, *arguments: object, settings: Mapping[str, str] | None = None, recompile: bool = False
) -> Any:
    """Run ``python -m module arguments`` and return the JSON that it prints.

    ``settings`` are environment variables; with ``recompile`` no compiled rule of another process is used or
    left behind. Raises BenchmarkError with the last line of a failure.
    """
    with tempfile.TemporaryDirectory() as folder:
        cache = {"NUMBA_CACHE_DIR": folder} if recompile else {}
        ran = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", module, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, **cache, **(settings or {})},
            check=False,
        )
    if ran.returncode:
        last = (ran.stderr.strip() or "no message").splitlines()[-1]
        raise BenchmarkError(f"python -m {module} ended with {ran.returncode}: {last}")
    return json.loads(ran.stdout)


def children_cpu() -> float:
    """Return the CPU seconds so far of this process's running children, such as worker processes (Linux)."""
    ticks = 0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:  # ended meanwhile
            continue
        if int(fields[1]) == os.getpid():
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class PeakMemory:
    """Watches how much more memory this process holds at most than when watching began (bytes; Linux)."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forgets the peak so far
        self._begun = _status("VmRSS")

    def above_begin(self) -> int:
        """Return the peak since watching began, above what was held then."""
        return _status("VmHWM") - self._begun


def peak_bytes() -> int:
    """Return the most memory that this process has held (Linux): ``ru_maxrss`` begins with its parent's peak."""
    return _status("VmHWM")


def _status(field: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise BenchmarkError(f"/proc/self/status has no {field}; memory can be measured on Linux only")

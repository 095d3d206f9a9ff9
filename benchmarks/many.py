"""Many runs: what the engine costs beside the units that it runs, and whether its memory stays flat."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.rows import Row, at_most, plain
from benchmarks.timing import children_cpu, in_fresh_process, peak_bytes
from icpsim.runs.engine import Store

UNIT_SECONDS = 0.1
OVERHEAD_GOAL = 0.05
MEMORY_GOAL = 1.2


@dataclass(frozen=True, slots=True)
class Busy:
    """A unit that keeps a processor busy for so many CPU seconds and tells what it really took."""

    number: int
    seconds: float

    def told(self) -> dict[str, Any]:
        """Return what it is."""
        return {"seed": 0, "replicate": self.number, "seconds": self.seconds}

    def run(self) -> dict[str, float]:
        """Count until the time is over."""
        begun, n = process_time(), 0
        while process_time() - begun < self.seconds:
            n += 1
        return {"cpu": process_time() - begun}


def overhead(units: int, workers: int) -> tuple[float, float]:
    """Return all CPU seconds over those of the units, less 1, with warm workers; and those of starting them."""
    with tempfile.TemporaryDirectory() as folder:
        first = process_time() + children_cpu()
        Store(Path(folder) / "warm", workers).run([Busy(k, 0.0) for k in range(workers)], _silent, "")
        begun = process_time() + children_cpu()
        found = Store(Path(folder) / "w", workers).figures(
            [Busy(k, UNIT_SECONDS) for k in range(units)], _silent, ""
        )
        spent = process_time() + children_cpu() - begun
    return spent / sum(one["cpu"] for one in found) - 1.0, begun - first


def peak_kilobytes(units: int) -> int:
    """Run so many empty units in this process and return the most memory that it ever held."""
    with tempfile.TemporaryDirectory() as folder:
        Store(Path(folder), 1).run([Busy(k, 0.0) for k in range(units)], _silent, "")
    return peak_bytes() // 1024


def figures(quick: bool) -> list[Row]:
    """Return this family's rows; quick ones are smaller."""
    n = 50 if quick else 400
    few, many = (100, 1000) if quick else (500, 10_000)
    rows = []
    for workers in (1, 2):
        share, started = overhead(n, workers)
        what = (
            f"{n} units of {UNIT_SECONDS:g} CPU s, all CPU of the command and its workers over that of the units"
        )
        name = f"many runs: overhead, {workers} worker(s) (share)"
        rows.append(at_most(name, share, OVERHEAD_GOAL, what))
    rows.append(plain("many runs: starting two workers (CPU s)", started))
    peaks = [in_fresh_process("benchmarks.many", units) for units in (few, many)]
    told = f"{peaks[1] / 1024:.0f} MB against {peaks[0] / 1024:.0f} MB"
    name = f"many runs: peak memory, {many:,} units over {few:,} (times)"
    return [*rows, at_most(name, peaks[1] / peaks[0], MEMORY_GOAL, told)]


def _silent(*_: object) -> None:
    pass


if __name__ == "__main__":
    print(peak_kilobytes(int(sys.argv[1])))

"""All England for a year: the command ``icpsim england``, its wall time and its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from time import perf_counter

from benchmarks.rows import Row, at_most, plain
from benchmarks.timing import ROOT, BenchmarkError

WALL_GOAL = 300.0
MEMORY_GOAL = 4000.0
WEEKS = 52
WORKERS = 2
QUICK_SHARE = 0.02


def compare(share: float = 1.0) -> list[Row]:
    """Run the command with two workers; a share below 1 is shown without goals."""
    arguments = ["england", "--weeks", WEEKS, "--share", share, "--workers", WORKERS, "--json"]
    begun = perf_counter()
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "icpsim.cli.main", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    wall = perf_counter() - begun
    if ran.returncode:
        raise BenchmarkError(f"icpsim england: {(ran.stderr.strip() or 'no message').splitlines()[-1]}")
    used = json.loads(ran.stdout)["machine"]
    peaks = f"peaks of {used['processes']} processes added up, whenever they were"
    load = f"two workers; other work on the machine lengthens it; load average {os.getloadavg()[0]:.1f}"
    if share < 1.0:
        part = f"{share:.0%} of England (quick): not the goal's size"
        return [
            plain(f"{share:.0%} of England, one year (wall s)", wall, f"{part}; {load}"),
            plain(f"{share:.0%} of England, one year (CPU s)", used["cpu_seconds"], part),
            plain(f"{share:.0%} of England, peak memory (MB)", used["peak_megabytes"], peaks),
        ]
    return [
        at_most("all England, one year (wall s)", wall, WALL_GOAL, load),
        plain("all England, one year (CPU s)", used["cpu_seconds"]),
        at_most("all England, peak memory (MB)", used["peak_megabytes"], MEMORY_GOAL, peaks),
    ]


def figures(quick: bool) -> list[Row]:
    """Return this family's rows; quick ones are smaller."""
    return compare(QUICK_SHARE if quick else 1.0)

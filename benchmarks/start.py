"""Warm start of the command line: seconds from the start of Python to the first simulated week.

A second start is timed: compiled rules and Python's own bytecode are there. Bytecode goes to a temporary folder,
which is what a first start leaves beside the sources on a machine that was not told otherwise. Wall time,
median of several.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.installed import installed_read_only
from benchmarks.rows import Row, at_most, plain
from benchmarks.timing import ROOT, BenchmarkError

GOAL = 3.0
TIMES = 3
ONE = ("run", "small", "--replicates", "1", "--workers", "1", "--json")
TWO = ("run", "small", "--replicates", "2", "--workers", "2", "--json")


def start(arguments: tuple[str, ...], settings: Mapping[str, str | None], folder: Path = ROOT) -> dict[str, float]:
    """Return wall seconds from the start of Python, in this folder, to each moment, and the CPU seconds.

    ``settings`` are environment variables; None unsets one.
    """
    wanted = {**os.environ, **settings}
    environment = {name: value for name, value in wanted.items() if value is not None}
    with tempfile.TemporaryDirectory() as notes:
        place = Path(notes) / "moments"
        begun = perf_counter()
        ran = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "benchmarks.first_replicate", str(place), *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise BenchmarkError(f"icpsim {' '.join(arguments)}: {(ran.stderr or 'no message').splitlines()[-1]}")
        moments: dict[str, float] = {}
        for line in place.read_text(encoding="utf-8").splitlines():
            name, at, spent = line.split()
            moments.setdefault(name, float(at) - begun)
            moments.setdefault(f"{name}_cpu", float(spent))
        return moments


def second_start(
    arguments: tuple[str, ...], settings: Mapping[str, str | None], times: int, folder: Path = ROOT
) -> dict[str, float]:
    """Start once, then several times; return the median of each moment of the later starts."""
    start(arguments, settings, folder)
    found = [start(arguments, settings, folder) for _ in range(times)]
    return {name: median(each[name] for each in found) for name in found[0]}


def compare(quick: bool = False, times: int = TIMES) -> list[Row]:
    """Time warm starts; unless ``quick`` also of workers, without bytecode, and of a read-only copy."""
    with tempfile.TemporaryDirectory() as folder:
        kept: dict[str, str | None] = {"PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": None}
        one = second_start(ONE, kept, times)
        rows = [
            at_most(
                "warm start to the first replicate's first week (wall s)",
                one["people_live"],
                GOAL,
                "icpsim run small, second start; packages imported, people built, compiled code loaded",
            ),
            plain("the same (CPU s)", one["people_live_cpu"], "other work on the machine lengthens wall time"),
            plain("of which: until the study is imported (wall s)", one["imported"]),
            plain("of which: until the replicate is called (wall s)", one["replicate"]),
        ]
        if quick:
            return rows
        two = second_start(TWO, kept, times)
        rows.append(plain("the same in the first of two worker processes (wall s)", two["people_live"]))
        with installed_read_only() as (install, cache):
            there = kept | {"XDG_CACHE_HOME": str(cache), "NUMBA_CACHE_DIR": None}
            found = second_start(ONE, there, 1, install)
        note = "compiled code in the cache folder, nothing written into the install folder"
        rows.append(at_most("warm start of a read-only install (wall s)", found["people_live"], GOAL, note))
    anew = second_start(ONE, {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": None}, 1)
    figure, note = "warm start with Python told to keep no bytecode", "sources of libraries compiled anew"
    rows.append(plain(f"{figure} (wall s)", anew["people_live"], note))
    rows.append(plain(f"{figure} (CPU s)", anew["people_live_cpu"], note))
    return rows


def figures(quick: bool) -> list[Row]:
    """Return this family's rows; quick ones are smaller."""
    return compare(quick, times=1 if quick else TIMES)

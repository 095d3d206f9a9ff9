"""Keep the results of a full run, with notes on the machine, between two marks of benchmarks/README.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from benchmarks.rows import Row, answer, number
from benchmarks.timing import ROOT

PAGE = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- results -->", "<!-- end -->"
LIBRARIES = ("numba", "numpy", "scipy", "mesa")


def machine() -> str:
    """Say in a line what the figures were measured on."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    cores = len(os.sched_getaffinity(0))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{_processor()}, {cores} cores, {_memory()}; {platform.system()}, Python {platform.python_version()},"
        f" {versions}. Load average at the end (1, 5, 15 minutes): {load}."
    )


def _processor() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory() -> str:
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemTotal"):
            return f"{int(line.split()[1]) / 1e6:.0f} GB"
    return "memory unknown"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def as_markdown(rows: Sequence[Row]) -> str:
    """Return the machine's line and the rows as a Markdown table."""
    lines = ["| figure | value | goal | met | note |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.figure} | {number(row.value)} | {number(row.goal)} | {answer(row.met)} | {row.note} |"
        for row in rows
    ]
    return "\n".join([machine(), "", *lines])


def write_readme(rows: Sequence[Row]) -> None:
    """Replace what stands between the marks of the page."""
    text = PAGE.read_text(encoding="utf-8")
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    PAGE.write_text(f"{text[:begin]}\n{as_markdown(rows)}\n{text[end:]}", encoding="utf-8")

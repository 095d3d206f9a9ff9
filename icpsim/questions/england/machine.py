"""What the computer used, for the command line to print: never part of a result."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """What one process has used since it began: its number, peak resident memory and processor time."""

    process: int
    peak_bytes: int
    cpu_seconds: float


def process_use() -> ProcessUse:
    """Return what this process has used; memory is 0 where the system does not tell (Windows)."""
    times = os.times()
    return ProcessUse(os.getpid(), _peak_bytes(), times.user + times.system)


def _peak_bytes() -> int:
    own = _peak_of_own_memory()
    if own:
        return own
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _peak_of_own_memory() -> int:
    """Return Linux's own mark (0 elsewhere); ``ru_maxrss`` begins with the peak of whoever started the process."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)

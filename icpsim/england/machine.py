"""What the computer used, for the command line to print: never part of a result."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass


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
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

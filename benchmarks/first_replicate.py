"""Run the command line and note when its first replicate begins. ``-m benchmarks.first_replicate FILE ARGUMENTS``.

Moments are seconds of the system-wide monotonic clock, one a line in FILE as ``name seconds`` with the process's
CPU seconds behind; the command runs as it always does, in this process, with two functions of the package
wrapped. With several workers the wrapped function goes to them with the task.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any


def note(place: str, name: str) -> None:
    """Add a moment to the file."""
    with Path(place).open("a", encoding="utf-8") as file:
        file.write(f"{name} {perf_counter()} {process_time()}\n")


def noted(place: str, run_replicate: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap the function that runs a replicate: note its call, and when its people begin to live."""

    def noting(*arguments: Any) -> Any:
        from icpsim.region import Region

        live = Region.live

        def first_live(self: Region, *rest: Any, **named: Any) -> None:
            note(place, "people_live")
            Region.live = live  # type: ignore[method-assign]
            live(self, *rest, **named)

        note(place, "replicate")
        Region.live = first_live  # type: ignore[method-assign]
        return run_replicate(*arguments)

    return noting


def main() -> None:
    """Run the command line with the wrapped function in place."""
    place, *arguments = sys.argv[1:]
    import icpsim.cli.main

    note(place, "command_line")
    from icpsim import study

    note(place, "imported")
    study.one_replicate = noted(place, study.one_replicate)
    sys.argv = ["icpsim", *arguments]
    icpsim.cli.main.run()


if __name__ == "__main__":
    main()

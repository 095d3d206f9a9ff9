"""Run the command line and note when its first replicate begins. ``-m benchmarks.first_replicate FILE ARGUMENTS``.

Moments are seconds of the system-wide monotonic clock, one a line in FILE as ``name seconds`` with the process's
CPU seconds behind; the command runs as it always does, in this process, with the study's unit of work put into one
that notes. With several workers it goes to them with the task.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icpsim.questions.run.unit import ReplicateOnce


def note(place: str, name: str) -> None:
    """Add a moment to the file."""
    with Path(place).open("a", encoding="utf-8") as file:
        file.write(f"{name} {perf_counter()} {process_time()}\n")


def noted(place: str) -> type[ReplicateOnce]:
    """Return the study's unit of work, made to note when it is run and when its people begin to live."""
    from icpsim.questions.run.unit import ReplicateOnce

    class NotedReplicate(ReplicateOnce):
        def run(self) -> Mapping[str, Any]:
            from icpsim.model.region import Region

            live = Region.live

            def first_live(region: Region, *rest: Any, **named: Any) -> None:
                note(place, "people_live")
                Region.live = live  # type: ignore[method-assign]
                live(region, *rest, **named)

            note(place, "replicate")
            Region.live = first_live  # type: ignore[method-assign]
            return ReplicateOnce.run(self)

    return NotedReplicate


def main() -> None:
    """Run the command line with the wrapped function in place."""
    place, *arguments = sys.argv[1:]
    import icpsim.cli.main

    note(place, "command_line")
    from icpsim.questions.run import study

    note(place, "imported")
    study.ReplicateOnce = noted(place)  # type: ignore[misc]
    sys.argv = ["icpsim", *arguments]
    icpsim.cli.main.run()


if __name__ == "__main__":
    main()

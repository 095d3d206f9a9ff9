"""Options that several commands share, each written once, and where their units of work run."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from icpsim.runs.engine import Workers as Where

ADDRESS = re.compile(r"[a-z]+://[^\s/]+:\d{1,5}")


class Backend(StrEnum):
    """What runs units of work."""

    LOCAL = "local"
    DASK = "dask"


ScenarioName = Annotated[str, typer.Argument(help="Name of a scenario (see `icpsim scenarios`) or a file.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", help="key=value on top of the file; may be repeated.")
]
ArmSettings = Annotated[
    list[str] | None, typer.Option("--set", help="key=value on top of every arm; may be repeated.")
]
Replicates = Annotated[int | None, typer.Option(min=1, help="Repetitions, instead of the file's.")]
EachReplicates = Annotated[int | None, typer.Option(min=1, help="Repetitions of every arm or point.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of all randomness.")]
EvaluationsSeed = Annotated[int, typer.Option(min=2, help="Seed of all simulated evaluations.")]
FileSeed = Annotated[int | None, typer.Option(min=0, help="Seed of all randomness, instead of the file's.")]
Draws = Annotated[
    bool, typer.Option(help="Give each replicate a draw of the posterior, or hold the parameter tables' values.")
]
Evaluate = Annotated[bool, typer.Option(help="Match controls and estimate effects in every arm.")]
Waterfall = Annotated[
    int, typer.Option(min=0, help="Replicates in which each arm's change is parted by mechanism; 0 = none.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes; results do not depend on it. Default: all cores.")
]
On = Annotated[Backend, typer.Option("--backend", help="Processes of this machine, or a Dask cluster.")]
Scheduler = Annotated[
    str | None, typer.Option(help="Address of the Dask cluster's scheduler, such as tcp://host:8786.")
]
_WORK = typer.Option(help="Folder that keeps what is finished: the same command goes on from there.")
Work = Annotated[Path | None, _WORK]
KeptWork = Annotated[Path, _WORK]
Out = Annotated[Path | None, typer.Option(help="Folder for tables, pictures, and what they were made from.")]
PictureFile = Annotated[Path | None, typer.Option(help="File for the picture (PNG).")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def where(workers: int | None, backend: Backend = Backend.LOCAL, scheduler: str | None = None) -> Where:
    """Return processes or a cluster. Raises PlaceError when the options do not fit together."""
    from icpsim.runs.engine import Cluster
    from icpsim.runs.errors import PlaceError

    if backend is Backend.LOCAL:
        if scheduler is not None:
            raise PlaceError("--scheduler: only with --backend dask")
        return workers or cores()
    if not scheduler:
        raise PlaceError("--backend dask: name the scheduler too, such as --scheduler tcp://host:8786")
    if not ADDRESS.fullmatch(scheduler):
        raise PlaceError(f"--scheduler {scheduler}: write it as protocol://host:port, such as tcp://host:8786")
    if workers is not None:
        raise PlaceError("--workers: the cluster says how many there are; leave it out with --backend dask")
    return Cluster(scheduler)


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

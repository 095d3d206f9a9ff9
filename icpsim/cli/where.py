"""Where a command's units of work run: on so many processes here, or on a Dask cluster."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icpsim.cli.machine import cores

if TYPE_CHECKING:
    from icpsim.runs.engine import Workers as Where


ADDRESS = re.compile(r"[a-z]+://[^\s/]+:\d{1,5}")


class Backend(StrEnum):
    """What runs units of work."""

    LOCAL = "local"
    DASK = "dask"


Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes; results do not depend on it. Default: all cores.")
]
On = Annotated[Backend, typer.Option("--backend", help="Processes of this machine, or a Dask cluster.")]
Scheduler = Annotated[
    str | None, typer.Option(help="Address of the Dask cluster's scheduler, such as tcp://host:8786.")
]
Work = Annotated[
    Path | None, typer.Option(help="Folder that keeps what is finished: the same command goes on from there.")
]


def where(workers: int | None, backend: Backend = Backend.LOCAL, scheduler: str | None = None) -> Where:
    """Return processes or a cluster. Raises EnsembleError when the options do not fit together."""
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

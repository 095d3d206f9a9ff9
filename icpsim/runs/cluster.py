"""Units on a Dask cluster that is there already: workers may join and leave; what they find is kept here."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from icpsim.base.source_digest import source_of
from icpsim.runs.errors import EnsembleError
from icpsim.runs.local import Job, not_written, reason_of
from icpsim.runs.result_folder import Kept
from icpsim.runs.unit import Told, Unit, told_as
from icpsim.runs.unit_file import Figures, plain

if TYPE_CHECKING:
    from distributed import Client

AHEAD = 3
"""Units that are sent for each thread of the cluster before one comes back."""
WAIT_SECONDS = 20
_ONE_AT_A_TIME = threading.Lock()


def run_on_cluster(kept: Kept, jobs: Sequence[Job], scheduler: str) -> Iterator[str]:
    """Run units on the cluster of this scheduler (``tcp://host:port``); yields each name when it is over.

    Raises EnsembleError when Dask is not installed, the scheduler does not answer, or a worker has other source.
    """
    client = _client(scheduler)
    try:
        yield from _run(client, kept, jobs)
    finally:
        client.close()


def _client(scheduler: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise EnsembleError("--backend dask: Dask is not installed; install icpsim[dask]") from None
    _reach(scheduler)
    try:
        return Client(scheduler, timeout=WAIT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise EnsembleError(f"--scheduler {scheduler}: no Dask scheduler answers there ({error})") from None


def _reach(scheduler: str) -> None:
    """Knock at the address first: Dask's client waits long for nobody and leaves a traceback behind."""
    try:
        place = urlsplit(scheduler)
        if place.scheme in ("tcp", "tls"):
            socket.create_connection((place.hostname or "", place.port or 0), timeout=WAIT_SECONDS).close()
    except (OSError, ValueError) as error:
        raise EnsembleError(f"--scheduler {scheduler}: no Dask scheduler answers there ({error})") from None


def _run(client: Client, kept: Kept, jobs: Sequence[Job]) -> Iterator[str]:
    from distributed import as_completed

    waiting = iter(jobs)
    suspects: list[Job] = []
    under_way: dict[str, Job] = {}
    finished = as_completed(loop=client.loop)

    def send(name: str, unit: Unit) -> None:
        future = client.submit(figures_or_reason, unit, _source(unit), pure=False)
        under_way[str(future.key)] = (name, unit)
        finished.add(future)

    def send_more() -> None:
        room = AHEAD * max(sum(client.nthreads().values()), 1) - len(under_way)
        for name, unit in waiting:
            send(name, unit)
            room -= 1
            if room <= 0:
                return

    send_more()
    for future in finished:
        name, unit = under_way.pop(str(future.key))
        found = _outcome(future)
        if isinstance(found, _Lost):
            send(name, unit)
            continue
        if isinstance(found, _Suspect):
            suspects.append((name, unit))
        else:
            _keep(kept, told_as(name, unit), found)
            yield name
        send_more()
    for name, unit in suspects:
        yield from _run_alone(client, kept, name, unit)


def _run_alone(client: Client, kept: Kept, name: str, unit: Unit) -> Iterator[str]:
    """Run a unit whose workers died with nothing beside it: Dask suspects all that a dead worker was given."""
    found: Any = _Lost()
    while isinstance(found, _Lost):
        found = _outcome(client.submit(figures_or_reason, unit, _source(unit), pure=False))
    told = told_as(name, unit)
    _keep(kept, told, "its workers died, alone on the cluster, too" if isinstance(found, _Suspect) else found)
    yield name


class _Lost:
    """In the place of a result that went with a worker."""


class _Suspect:
    """In the place of a result: several workers died that had been given the unit."""


def _outcome(future: Any) -> Figures | str | _Lost | _Suspect:
    from distributed import KilledWorker

    try:
        found: Figures | str | None = future.result()
    except KilledWorker:
        return _Suspect()
    except Exception as error:  # never the unit itself, which comes back as text
        return reason_of(error) if future.status == "error" else _Lost()
    if found is None:
        raise EnsembleError("--backend dask: a worker has other source than this machine: install the same icpsim")
    return found


def _keep(kept: Kept, told: Told, outcome: Figures | str) -> None:
    try:
        if isinstance(outcome, str):
            kept.fail(told, outcome)
        else:
            kept.keep(told, outcome)
    except OSError as error:
        raise EnsembleError(not_written(kept, error)) from None


def figures_or_reason(unit: Unit, source: str) -> Figures | str | None:
    """Run a unit on a worker: its figures, or why it failed; None when the worker has other source.

    One at a time in a process, however many threads it has: compiled rules share columns.
    """
    from threadpoolctl import threadpool_limits

    with _ONE_AT_A_TIME, threadpool_limits(1):
        if _source(unit) != source:
            return None
        try:
            return plain(unit.run())
        except Exception as error:
            return reason_of(error)


def _source(unit: Unit) -> str:
    return source_of(type(unit).__module__)

"""A Dask cluster of processes on this machine: the same rows as one core; workers join, leave and die."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from icpsim.questions.run.show_json import as_object
from icpsim.questions.run.study import run_study
from icpsim.runs.engine import Cluster, Store
from icpsim.runs.errors import EnsembleError, Failure
from tests.small_world import small_scenario

from .test_store import rows
from .units import Deadly, Poisoned, Square, diary_of, quiet

pytestmark = pytest.mark.slow
pytest.importorskip("distributed")
ROOT = str(Path(__file__).parents[2])
ALONE = {**os.environ, "PYTHONPATH": ROOT}


def started(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], env=ALONE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def worker(address, nanny="--no-nanny"):
    more = ("--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard")
    return started("distributed.cli.dask_worker", address, nanny, *more)


@pytest.fixture
def scheduler(tmp_path):
    """Start a scheduler on a free port of loopback and return its address."""
    file = tmp_path / "scheduler.json"
    process = started(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
        "--scheduler-file", str(file),
    )  # fmt: skip
    while not file.exists() or not file.read_text():
        assert process.poll() is None
        time.sleep(0.1)
    yield json.loads(file.read_text())["address"]
    process.kill()
    process.wait()


@pytest.fixture
def cluster(scheduler):
    """Add two workers."""
    two = [worker(scheduler) for _ in range(2)]
    yield Cluster(scheduler)
    for one in two:
        one.kill()
        one.wait()


def test_the_same_rows_as_one_core_leaves(tmp_path, cluster):
    units = [Square(k) for k in range(50)]
    Store(tmp_path / "one", 1).run(units, quiet, "")
    Store(tmp_path / "many", cluster).run(units, quiet, "")
    assert rows(tmp_path / "one") == rows(tmp_path / "many")


def test_a_study_on_a_cluster_is_the_study(cluster):
    """The same JSON, byte for byte, as on one core."""
    scenario = small_scenario(pool_ratio=3.0)
    texts = {
        json.dumps(as_object(run_study(scenario, 2, 1, workers), None), sort_keys=True) for workers in (1, cluster)
    }
    assert len(texts) == 1


def test_a_poisoned_unit_is_told(tmp_path, cluster):
    found = Store(tmp_path, cluster).results([Poisoned(k) for k in range(20)], quiet, "")
    failure = found.pop(13)
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("ZeroDivisionError: thirteen (units.py:")
    assert [one["figure"] for one in found] == [k**2 for k in range(20) if k != 13]


def test_workers_join_and_leave(tmp_path, scheduler):
    """One worker begins alone, a second joins, and the first is killed."""
    diary = str(tmp_path / "diary")
    first = worker(scheduler)
    others = []

    def change():
        while len(diary_of(diary)) < 5:
            time.sleep(0.05)
        others.append(worker(scheduler))
        while len(diary_of(diary)) < 30:
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)

    changes = threading.Thread(target=change)
    changes.start()
    units = [Square(k, diary=diary, seconds=0.2) for k in range(60)]
    found = Store(tmp_path / "w", Cluster(scheduler)).figures(units, quiet, "")
    changes.join()
    for process in (first, *others):
        process.kill()
        process.wait()
    assert [one["figure"] for one in found] == [float(k) ** 2 for k in range(60)]
    assert first.returncode == -signal.SIGKILL
    assert len(diary_of(diary)) < 60 + 10  # what the dead worker had done and not sent is done again


def test_a_unit_that_kills_workers_is_told_and_takes_nothing_with_it(tmp_path, scheduler):
    nannies = [worker(scheduler, "--nanny") for _ in range(2)]
    found = Store(tmp_path, Cluster(scheduler)).results([Deadly(k) for k in range(20)], quiet, "")
    for one in nannies:
        one.terminate()
        one.wait()
    failure = found.pop(13)
    assert isinstance(failure, Failure)
    assert "its workers died" in failure.reason
    assert [one["figure"] for one in found] == [k**2 for k in range(20) if k != 13]


def test_a_scheduler_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("icpsim.runs.cluster.WAIT_SECONDS", 1)
    with pytest.raises(EnsembleError, match="no Dask scheduler answers there"):
        Store(tmp_path, Cluster("tcp://127.0.0.1:1")).run([Square(1)], quiet, "")

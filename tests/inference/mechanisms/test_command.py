"""``icpsim calibrate mechanisms``: wrong input is refused, and a killed run goes on where it was."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from icpsim.runs.result_folder import Kept
from tests.cli.test_asking import refused

ROOT = Path(__file__).parents[3]
SMALL = ("--scenario", "small", "--first", "4", "--wave", "8", "--check", "24", "--points", "256", "--draws", "50")


def icpsim(*arguments, **options):
    call = [sys.executable, "-m", "icpsim.cli.main", *arguments]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900, **options)


def finished(work):
    return Kept(work).done() if work.is_dir() else set()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--first", "5"), "--first must be even"),
        (("--first", "2"), "Invalid value for '--first'"),
        (("--points", "300"), "a power of 2"),
        (("--from", "tests"), "there is no priors.csv"),
        (("--scenario", "smal"), "did you mean 'small'"),
        (("--scenario", "null-random"), "has no programme 'case management'"),
    ],
)
def test_wrong_input_is_refused(arguments, says, tmp_path):
    assert says in refused("calibrate", "mechanisms", "--work", tmp_path / "work", *arguments)


@pytest.mark.slow
def test_a_killed_run_goes_on_and_gives_the_same(tmp_path):
    """Killed twice (SIGKILL to all its processes), each time after some more simulations."""
    work = tmp_path / "work"
    call = [sys.executable, "-m", "icpsim.cli.main", "calibrate", "mechanisms", *SMALL, "--json"]
    kept: set[str] = set()
    for more in (2, 20):
        run = subprocess.Popen(
            [*call, "--work", str(work), "--workers", "2"],
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(3000):
            if run.poll() is not None or len(finished(work)) >= more:
                break
            time.sleep(0.1)
        assert run.poll() is None, "it ended before it was killed"
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        assert len(finished(work)) >= more
        assert kept <= finished(work)
        kept = finished(work)
    resumed = icpsim("calibrate", "mechanisms", *SMALL, "--json", "--work", str(work), "--workers", "2")
    assert resumed.returncode == 0, resumed.stderr
    now = finished(work)
    assert kept < now
    told = json.loads(resumed.stdout)
    assert told["simulations"] == {"learnt": 32, "check": 24}
    assert 20 < len(now) <= 56  # a draw of so small a posterior that comes twice to a past is simulated once
    fresh = icpsim("calibrate", "mechanisms", *SMALL, "--json", "--work", str(tmp_path / "b"), "--workers", "1")
    assert fresh.stdout == resumed.stdout

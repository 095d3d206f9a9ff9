"""Killed at random moments, interrupted, on a full disk: nothing is lost but what was in hand."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from icpsim.runs.engine import Store
from icpsim.runs.result_folder import Kept

from .test_store import rows
from .units import Square, diary_of, quiet

MANY = str(Path(__file__).with_name("many.py"))
KILLS = 10


def started(folder, n, workers, seconds, diary="", **environment):
    return subprocess.Popen(
        [sys.executable, MANY, str(folder), str(n), str(workers), str(seconds), str(diary)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, **environment},
    )


@pytest.mark.slow
def test_killed_ten_times_at_random_moments(tmp_path):
    """Each time with all its processes; at most what each worker had in hand is run again."""
    n, workers, folder, diary = 400, 2, tmp_path / "w", tmp_path / "diary"
    moments = np.random.default_rng(8)
    kills = 0
    while kills < KILLS:
        run = started(folder, n, workers, 0.05, diary)
        before = len(diary_of(diary))
        while len(diary_of(diary)) == before and run.poll() is None:
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.6))
        assert run.poll() is None, "it ended before it was killed"
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        kills += 1
    last = started(folder, n, workers, 0, diary)
    _, said = last.communicate()
    assert last.returncode == 0, said
    Store(tmp_path / "whole", 1).run([Square(k) for k in range(n)], quiet, "")
    assert rows(folder) == rows(tmp_path / "whole")
    runs = diary_of(diary)
    assert set(runs) == set(range(n))
    assert len(runs) - n <= KILLS * workers


def test_an_interruption_says_how_far_it_was(tmp_path):
    run = started(tmp_path / "w", 200, 2, 0.05, tmp_path / "diary")
    while len(diary_of(tmp_path / "diary")) < 20:
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate()
    assert run.returncode == 1
    assert "Traceback" not in said
    assert said.startswith("stopped: squaring: ")
    assert said.strip().endswith(f"are done and kept in {tmp_path / 'w'}; the same command goes on from there")
    assert len(Kept(tmp_path / "w").done()) >= 18


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_is_told_and_what_was_done_is_kept(tmp_path, workers):
    """No file may grow beyond 3,000 bytes: units fit, the batch of all does not."""
    run = started(tmp_path / "w", 60, workers, 0, tmp_path / "diary", LARGEST_FILE="3000")
    _, said = run.communicate()
    assert run.returncode == 1
    assert "File too large; what was done is kept: make room, then give the same command again" in said
    assert "Traceback" not in said
    assert len(Kept(tmp_path / "w").done()) == 60
    Store(tmp_path / "w", 1).run([Square(k) for k in range(60)], quiet, "")
    assert sorted(diary_of(tmp_path / "diary")) == list(range(60))
    assert len(rows(tmp_path / "w")) == 180


def test_a_disk_that_takes_no_unit_is_told(tmp_path):
    run = started(tmp_path / "w", 4, 1, 0, LARGEST_FILE="100")
    _, said = run.communicate()
    assert "File too large; what was done is kept" in said
    assert [path.name for path in (tmp_path / "w" / "units").iterdir()] == []
    assert list((tmp_path / "w" / "failed").iterdir()) == []


@pytest.mark.slow
def test_ten_thousand_units_take_no_more_memory_than_five_hundred(tmp_path):
    """Peak of the process that gives them out; the most that is allowed is 1.2 times as much (issue 8)."""
    peaks = []
    for n in (500, 10_000):
        run = started(tmp_path / str(n), n, 1, 0)
        said, wrong = run.communicate()
        assert run.returncode == 0, wrong
        peaks.append(int(said))
    assert peaks[1] <= 1.2 * peaks[0], peaks

"""``icpsim calibrate natural-history`` goes on where it was killed, the same on any number of workers."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from icpsim.runs.result_folder import Kept

HERE = Path(__file__).parents[3] / "calibration" / "natural_history"
FEW = ("emergency.base_rate_75_84", "outpatient.workup_ratio")
SMALL = ("--practices", "2", "--steps", "1", "--draws", "2", "--json")


def call(folder, work, workers, *more):
    command = [sys.executable, "-m", "icpsim.cli.main", "calibrate", "natural-history", "--from", str(folder)]
    return [*command, "--work", str(work), "--workers", str(workers), *more]


@pytest.fixture
def folder(tmp_path):
    """Make a calibration of all targets with two free parameters."""
    made = tmp_path / "calibration"
    made.mkdir()
    (made / "targets.csv").write_bytes((HERE / "targets.csv").read_bytes())
    with (HERE / "free.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["parameter"] in FEW]
    with (made / "free.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return made


def finished(work):
    return Kept(work).done() if work.is_dir() else set()


@pytest.mark.slow
def test_killed_and_given_again_it_goes_on_and_gives_the_same(folder, tmp_path):
    """Killed without warning after two simulations; the files it left are read, not made again."""
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    running = subprocess.Popen(call(folder, killed, 2, *SMALL), stdout=subprocess.DEVNULL, start_new_session=True)
    while len(finished(killed)) < 2 and running.poll() is None:
        time.sleep(0.2)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    before = finished(killed)
    assert len(before) >= 2
    again = subprocess.run(call(folder, killed, 2, *SMALL), capture_output=True, text=True, check=True)
    assert before < finished(killed)
    plain = subprocess.run(call(folder, whole, 1, *SMALL), capture_output=True, text=True, check=True)
    assert json.loads(again.stdout) == json.loads(plain.stdout)
    assert finished(whole) == finished(killed)
    found = json.loads(plain.stdout)
    assert found["targets"] == len(found["target_rows"])
    assert {row["parameter"] for row in found["parameters"]} == set(FEW)


def test_wrong_input_is_one_message_and_exit_code_2(folder, tmp_path):
    (folder / "free.csv").write_text("parameter,also,kind,start,low,high\nemergency.flare_ratoi,,shape,5,4,10\n")
    for arguments in ((folder, tmp_path / "w", 1), (tmp_path / "nowhere", tmp_path / "w", 1)):
        done = subprocess.run(call(*arguments), capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert "there is no targets.csv" in done.stderr

"""A run that is asked to end leaves no worker behind."""

import os
import signal
import subprocess
import sys
import time

import pytest


def children(group: int) -> list[int]:
    """Return the processes of a process group, by /proc."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                told = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(told[2]) == group and told[0] != "Z":
            found.append(int(name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not os.path.isdir("/proc"), reason="needs /proc")
def test_terminated_run_leaves_no_worker(tmp_path):
    call = [sys.executable, "-m", "icpsim.cli.main", "run", "small", "--replicates", "200", "--workers", "2"]
    run = subprocess.Popen(
        call, cwd=tmp_path, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    for _ in range(600):
        time.sleep(0.1)
        if len(children(run.pid)) >= 3:
            break
    time.sleep(3.0)
    run.send_signal(signal.SIGTERM)
    _, told = run.communicate(timeout=60)
    assert run.returncode == 130
    assert b"Traceback" not in told
    for _ in range(100):
        if not children(run.pid):
            break
        time.sleep(0.1)
    assert children(run.pid) == []

"""What the command line says that a process used is its own, not that of the process that started it."""

import subprocess
import sys

import numpy as np

CODE = "from icpsim.questions.england.machine import process_use; print(process_use().peak_bytes)"


def test_a_large_parent_is_not_counted():
    large = np.ones(60_000_000)  # 480 MB in this process
    ran = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    peak = int(ran.stdout)
    assert large.nbytes > 400e6
    assert 5e6 < peak < 300e6

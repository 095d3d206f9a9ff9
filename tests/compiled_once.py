"""Rules are compiled once, in a process of their own, while workers run what simulates nothing.

Several workers that begin with an empty cache would each compile the same.
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest

import icpsim

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 600.0
"""Seconds after which a worker compiles for itself."""


def compile_rules():
    """Run what most tests run: a study, evaluated, and a comparison with services and without a programme."""
    from icpsim import load, run_study
    from icpsim.questions.compare.arms import Arm
    from icpsim.questions.compare.runs import compare
    from tests.small_world import CASE_MANAGERS, MEETINGS, SERVICES, small_scenario

    run_study(load("small"), 1, 1)
    served = small_scenario(interventions=(CASE_MANAGERS, MEETINGS, *SERVICES))
    compare((Arm("served", served),), 1, 1, drawn=False, evaluated=False)


def compiled_before():
    """Return a file that is there when this package's rules, as they read now, were compiled by this Python."""
    place = f"{sys.implementation.cache_tag} {Path(icpsim.__file__).resolve()}"
    return Path(os.environ["NUMBA_CACHE_DIR"]) / f"whole-{hashlib.sha256(place.encode()).hexdigest()[:16]}"


class Compiling:
    """In the process that hands out tests."""

    def __init__(self):
        self.folder = TemporaryDirectory(prefix="icpsim-tests-", ignore_cleanup_errors=True)
        self.done = Path(self.folder.name) / "compiled"
        self.process = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self):
        """Begin; workers start and collect meanwhile."""
        if compiled_before().exists():
            self.done.touch()
            return
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        Thread(target=self.tell, daemon=True).start()

    def tell(self):
        """Let workers go on, even if it failed: then a test fails too, and says why."""
        if self.process.wait() == 0:
            compiled_before().touch()
        self.done.touch()

    def pytest_configure_node(self, node):
        """Tell a worker where to look."""
        node.workerinput["compiled"] = str(self.done)

    def pytest_sessionfinish(self):
        """Leave nothing behind."""
        if self.process:
            self.process.kill()
        self.folder.cleanup()


class Waiting:
    """In a worker: the first test that simulates waits."""

    def __init__(self, done, simulates):
        self.done, self.simulates, self.waiting = Path(done), simulates, True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        """Wait until rules are compiled."""
        end = time.monotonic() + PATIENCE
        while self.waiting and self.simulates(item.module):
            self.waiting = self.done.parent.exists() and not self.done.exists() and time.monotonic() < end
            time.sleep(0.1 if self.waiting else 0.0)


if __name__ == "__main__":
    compile_rules()

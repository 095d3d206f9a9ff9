"""Remake this experiment: one command on 1, 2 and 4 processes, on a Dask cluster, and killed ten times.

``uv run python experiments/same-bytes/remake.py`` runs everything (some five minutes on two cores), compares what
each way prints and keeps, writes result.json and rewrites the README's table.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
MARK = re.compile(r"<!-- result -->.*<!-- end -->", re.DOTALL)
COMMAND = ("run", "small", "--replicates", "96", "--json")
KILLS = 10
SOONEST, LATEST = 2.0, 9.0
"""Seconds after its start between which a life of the command ends; the moment is drawn."""
ROWS = "SELECT * FROM outcomes ORDER BY ALL"


def icpsim(*arguments: str) -> list[str]:
    """Return how the command is called."""
    return [sys.executable, "-m", "icpsim.cli.main", *arguments]


def digest(text: bytes) -> str:
    """Return the first digits of a SHA-256."""
    return hashlib.sha256(text).hexdigest()[:16]


def told(way: str, work: Path, printed: bytes, begun: float, **more: Any) -> dict[str, Any]:
    """Return what one way printed and kept, as digests."""
    kept = subprocess.run(icpsim("results", str(work), ROWS, "--json"), capture_output=True, check=True)
    return {
        "way": way,
        "printed": digest(printed),
        "kept": digest(kept.stdout),
        "rows": len(json.loads(kept.stdout)["rows"]),
        "wall_seconds": round(time.monotonic() - begun, 1),
    } | more


def whole(way: str, work: Path, *more: str) -> dict[str, Any]:
    """Run the command once, to its end."""
    begun = time.monotonic()
    call = icpsim(*COMMAND, "--work", str(work), *more)
    done = subprocess.run(call, capture_output=True, check=True)
    return told(way, work, done.stdout, begun)


def units(work: Path) -> int:
    """Return how many replicates are finished."""
    from icpsim.runs.result_folder import Kept

    return len(Kept(work).done()) if work.is_dir() else 0


def killed(work: Path) -> dict[str, Any]:
    """Run the command with two processes, kill them all ten times, then let it end."""
    moments = np.random.default_rng(8)
    begun = time.monotonic()
    call = icpsim(*COMMAND, "--work", str(work), "--workers", "2")
    found = []
    for _ in range(KILLS):
        run = quietly(call)
        time.sleep(moments.uniform(SOONEST, LATEST))
        if run.poll() is not None:
            sys.exit(f"it ended before it was killed {KILLS} times: ask for more replicates")
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        found.append(units(work))
    last = subprocess.run(call, capture_output=True, check=True)
    return told(f"2 processes, killed {KILLS} times", work, last.stdout, begun, finished_at_each_kill=found)


def quietly(call: list[str]) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own; what it says is not kept."""
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(call, stdout=nowhere, stderr=nowhere, start_new_session=True)


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start a Dask scheduler and two workers on loopback; yields the address."""
    file = folder / "scheduler.json"
    here = ("--host", "127.0.0.1", "--no-dashboard")
    scheduler = (*here, "--port", "0", "--scheduler-file", str(file))
    call = [sys.executable, "-m", "distributed.cli.dask_scheduler", *scheduler]
    started = [quietly(call)]
    while not file.exists() or not file.read_text():
        time.sleep(0.1)
    address = json.loads(file.read_text())["address"]
    call = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", *here]
    started += [quietly(call) for _ in range(2)]
    try:
        yield address
    finally:
        for one in started[::-1]:
            one.terminate()
            one.wait()


def everything(folder: Path) -> list[dict[str, Any]]:
    """Run the command in every way."""
    found = [whole(f"{n} process{'es' if n > 1 else ''}", folder / str(n), "--workers", str(n)) for n in (1, 2, 4)]
    with cluster(folder) as address:
        dask = ("--backend", "dask", "--scheduler", address)
        found.append(whole("Dask, 2 workers", folder / "dask", *dask))
    return [*found, killed(folder / "killed")]


def describe(found: list[dict[str, Any]]) -> str:
    """Return the result as the README shows it."""
    lines = [
        "| run on | printed (SHA-256) | kept rows | their SHA-256 | wall s |",
        "|---|---|---|---|---|",
        *(
            f"| {one['way']} | `{one['printed']}` | {one['rows']:,} | `{one['kept']}`"
            f" | {one['wall_seconds']:,.0f} |"
            for one in found
        ),
    ]
    ways = {(row["printed"], row["kept"]) for row in found}
    same = "The bytes are the same in every row." if len(ways) == 1 else f"**{len(ways)} different results.**"
    steps = ", ".join(map(str, found[-1]["finished_at_each_kill"]))
    return "\n".join([*lines, "", f"{same} Replicates finished at each of the kills: {steps}."])


def main() -> None:
    """Run everything (or not) and rewrite the README; exits with 1 when results differ."""
    kept = HERE / "result.json"
    if "--only-table" not in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            kept.write_text(json.dumps(everything(Path(folder)), indent=1) + "\n", encoding="utf-8")
    found = json.loads(kept.read_text(encoding="utf-8"))
    text = f"<!-- result -->\n\n{describe(found)}\n\n<!-- end -->"
    page = HERE / "README.md"
    page.write_text(MARK.sub(lambda _: text, page.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(len({(row["printed"], row["kept"]) for row in found}) > 1)


if __name__ == "__main__":
    main()

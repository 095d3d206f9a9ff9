"""Print a digest of every kind of answer, to see whether a change of the house changed a byte.

``uv run python experiments/digests/digests.py`` prints a line for each: records of two scenarios table by table,
and what commands print with ``--json``. ``--against FILE`` compares with such lines kept
before and ends with 1 if any differ. Some four minutes on two cores once rules are compiled.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

RECORDS = (("small", 0), ("case-management-sites", 0), ("case-management-sites", 1))
COMMANDS = (
    ("run", "small", "--replicates", "2"),
    ("run", "small", "--replicates", "2", "--set", "capacity_feedback=true"),
    ("run", "case-management-sites", "--replicates", "2"),
    ("compare", "small", "more=small", "--replicates", "2"),
    ("decide", "small", "--replicates", "8"),
    ("sensitivity", "small", "--vary", "onset_weeks", "--vary", "site_sd", "--samples", "4", "--replicates", "2"),
    ("calibration",),
    ("baseline",),
)


def icpsim(*arguments: str) -> bytes:
    """Return what the command prints."""
    call = [sys.executable, "-m", "icpsim.cli.main", *arguments]
    return subprocess.run(call, capture_output=True, check=True).stdout


def digest(content: bytes) -> str:
    """Return the first digits of a SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def of_records(scenario: str, replicate: int) -> Iterator[tuple[str, str]]:
    """Yield each table of the records of a replicate and a digest of its columns' names, types and values."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "records"
        icpsim("records", scenario, "--replicate", str(replicate), "--out", str(out))
        for path in sorted(out.rglob("*.parquet")):
            table = pq.read_table(path).replace_schema_metadata(None).to_pandas()
            content = table.to_csv(index=False).encode() + str(table.dtypes).encode()
            yield f"records {scenario} {replicate} {path.stem}", digest(content)


def lines() -> Iterator[str]:
    """Yield a line for each answer: its digest and what it is."""
    for scenario, replicate in RECORDS:
        for name, found in of_records(scenario, replicate):
            yield f"{found}  {name}"
    for command in COMMANDS:
        yield f"{digest(icpsim(*command, '--json'))}  {' '.join(command)} --json"


def main() -> int:
    """Print the lines; 1 if any is not in the file that they are compared with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="file of lines kept before")
    against = parser.parse_args().against
    kept = set(against.read_text(encoding="utf-8").splitlines()) if against else set()
    differ = 0
    for line in lines():
        new = bool(kept) and line not in kept
        differ += new
        print(line, "   other bytes" if new else "", sep="", flush=True)
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())

"""Finished units as Parquet tables: ``outcomes``, a row a figure, ``runs``, a row a unit; one file each a batch.

A batch counts when its ``runs`` file is there and says of the ``outcomes`` file what is true of it. That file is
written last, so that a batch which was interrupted is none.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from icpsim.runs.unit_file import Figures, Finished, write_whole

OUTCOMES = "outcomes"
RUNS = "runs"
_DIGEST = b"outcomes"
_WORD = pa.dictionary(pa.int32(), pa.string())
_COLUMNS = [
    ("run", _WORD),
    ("seed", pa.int64()),
    ("replicate", pa.int64()),
    ("scenario", _WORD),
    ("draw", _WORD),
    ("version", _WORD),
]
OUTCOME_SCHEMA = pa.schema([*_COLUMNS, ("figure", _WORD), ("value", pa.float64()), ("text", pa.string())])
RUN_SCHEMA = pa.schema([*_COLUMNS, ("title", _WORD), ("told", pa.string())])


def outcome_rows(units: Sequence[Finished]) -> pa.Table:
    """Return a row for each figure of these units: its run's columns, its name, and a value or a text."""
    lengths = [len(one.figures) for one in units]
    columns = {
        name: [one.columns[name] for one, n in zip(units, lengths, strict=True) for _ in range(n)]
        for name, _ in _COLUMNS
    }
    pairs = [pair for one in units for pair in one.figures.items()]
    columns["figure"] = [name for name, _ in pairs]
    columns["value"] = [None if isinstance(value, str) else value for _, value in pairs]
    columns["text"] = [value if isinstance(value, str) else None for _, value in pairs]
    return pa.table(columns, schema=OUTCOME_SCHEMA)


def run_rows(units: Sequence[Finished]) -> pa.Table:
    """Return a row for each unit: its columns, its title, and all that it was told, as JSON."""
    columns = {name: [one.columns[name] for one in units] for name, _ in _COLUMNS}
    columns["title"] = [one.title for one in units]
    columns["told"] = [json.dumps(one.told) for one in units]
    return pa.table(columns, schema=RUN_SCHEMA)


def write_part(folder: Path, units: Iterable[Finished]) -> list[str]:
    """Write a batch, named by the units that it holds, and return their names. Raises OSError."""
    batch = sorted(units, key=lambda one: str(one.columns["run"]))
    names = [str(one.columns["run"]) for one in batch]
    part = f"part-{hashlib.sha256(' '.join(names).encode()).hexdigest()[:16]}.parquet"
    outcomes = _parquet(outcome_rows(batch))
    write_whole(folder / OUTCOMES / part, outcomes)
    digest = {_DIGEST: hashlib.sha256(outcomes).hexdigest().encode()}
    write_whole(folder / RUNS / part, _parquet(run_rows(batch).replace_schema_metadata(digest)))
    return names


def part_names(folder: Path, part: str) -> list[str] | None:
    """Return the units that a batch holds; None when it is not whole."""
    try:
        table = pq.read_table(folder / RUNS / part, columns=["run"], page_checksum_verification=True)
        written = (folder / OUTCOMES / part).read_bytes()
    except (OSError, pa.ArrowException):
        return None
    if (table.schema.metadata or {}).get(_DIGEST) != hashlib.sha256(written).hexdigest().encode():
        return None
    return [str(name) for name in table["run"].to_pylist()]


def part_figures(folder: Path, part: str, wanted: set[str]) -> dict[str, Figures]:
    """Return the figures of those units of a batch that are wanted, in the order in which they were counted."""
    table = pq.read_table(folder / OUTCOMES / part, columns=["run", "figure", "value", "text"])
    found: dict[str, Figures] = {name: {} for name in wanted}
    columns = (table[name].to_pylist() for name in ("run", "figure", "value", "text"))
    for run, figure, value, text in zip(*columns, strict=True):
        if run in wanted:
            found[run][figure] = value if text is None else text
    return found


def _parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return sink.getvalue()

"""SQL on finished units, where they lie: tables ``outcomes``, ``runs`` and ``failures`` of one or more folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from icpsim.runs.batches import OUTCOME_SCHEMA, OUTCOMES, RUN_SCHEMA, RUNS, outcome_rows, run_rows
from icpsim.runs.errors import QueryError
from icpsim.runs.result_folder import FAILED, UNITS, Kept

if TYPE_CHECKING:
    import duckdb

FAILURE_SCHEMA = pa.schema(
    [
        ("run", pa.string()),
        ("seed", pa.int64()),
        ("replicate", pa.int64()),
        ("scenario", pa.string()),
        ("draw", pa.string()),
        ("version", pa.string()),
        ("what", pa.string()),
        ("reason", pa.string()),
    ]
)


def query(folder: Path, sql: str) -> pa.Table:
    """Return what SQL selects from a folder of finished units; the folder is not changed.

    Only whole, verified batches and units are seen, also while a command is at work there. Raises QueryError when
    there are no results, DuckDB is not installed, or the SQL is wrong.
    """
    try:
        import duckdb
    except ImportError:
        raise QueryError("icpsim results: DuckDB is not installed; install icpsim[sql]") from None
    _check(folder)
    with duckdb.connect() as connection:
        _register(connection, folder)
        try:
            found = connection.sql(sql)
            if found is None:
                raise QueryError(f"{sql!r}: gives no rows; ask with SELECT")
            return found.to_arrow_table()
        except duckdb.Error as error:
            raise QueryError(f"{sql!r}: {str(error).strip()}") from None


def _check(folder: Path) -> None:
    if not folder.is_dir():
        raise QueryError(f"{folder}: no such folder")
    if not (folder / UNITS).is_dir() and not (folder / RUNS).is_dir():
        raise QueryError(f"{folder}: not a folder of finished units (such as --work makes)")


def _register(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    kept = Kept(folder)
    parts = kept.parts()
    rolled = {name for held in parts.values() for name in held}
    loose = [one for name in kept.loose() if name not in rolled and (one := kept.read(name)) is not None]
    for table, rest in ((OUTCOMES, outcome_rows(loose)), (RUNS, run_rows(loose))):
        words = ", ".join(rest.schema.names)
        found = connection.from_arrow(_plain(rest)).project(words)
        files = [str(folder / table / part) for part in parts]
        if files:
            found = connection.read_parquet(files).project(words).union(found)
        found.create_view(table)
    failed = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / FAILED).glob("[!.]*"))]
    connection.register("failures", pa.Table.from_pylist(failed, schema=FAILURE_SCHEMA))


def _plain(table: pa.Table) -> pa.Table:
    """Return a table whose words are plain strings, as they are when read from Parquet."""
    fields = [(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))


def columns(folder: Path) -> dict[str, list[str]]:
    """Return the columns of each table, for whoever asks without SQL. Raises QueryError."""
    _check(folder)
    return {OUTCOMES: OUTCOME_SCHEMA.names, RUNS: RUN_SCHEMA.names, "failures": FAILURE_SCHEMA.names}

"""Write and read a study's records as Parquet, one file a table."""

from __future__ import annotations

import difflib
from dataclasses import fields
from pathlib import Path
from typing import get_args

import numpy as np

from icpsim.base.errors import WrongInputError
from icpsim.records.schema import (
    AE,
    ALLOCATION,
    DEATH,
    ENROLMENT,
    OUTPATIENT,
    PRACTICE,
    REGISTRATION,
    SPELL,
    Extract,
    HospitalRecords,
    Table,
)

TYPES = {
    "registrations": REGISTRATION,
    "practices": PRACTICE,
    "spells": SPELL,
    "outpatient": OUTPATIENT,
    "ae": AE,
    "deaths": DEATH,
    "enrolments": ENROLMENT,
    "allocations": ALLOCATION,
}
OPTIONAL_TABLES = ("allocations",)
"""Tables without a file of their own when they are empty."""
OPTIONAL = ("stands_for",)
"""Columns that an extract need not have; they are read as 0."""
_WEEKS = b"icpsim_weeks"
_EXTRACT = b"icpsim_extract"


class RecordsError(WrongInputError):
    """A file of records is missing or has other columns or types than the schema."""


def write_parquet(records: HospitalRecords, folder: Path | str) -> None:
    """Write one Parquet file (zstd) a table into a folder, made if need be.

    The number of weeks and the kind of extract go into the metadata.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, dtype in TYPES.items():
        table = getattr(records, name)
        if name in OPTIONAL_TABLES and not len(table):
            (folder / f"{name}.parquet").unlink(missing_ok=True)
            continue
        columns = {c: pa.array(np.ascontiguousarray(table[c])) for c in dtype.names or ()}
        written = pa.table(columns).replace_schema_metadata(
            {_WEEKS: str(records.weeks), _EXTRACT: records.extract}
        )
        pq.write_table(written, folder / f"{name}.parquet", compression="zstd")


def read_parquet(folder: Path | str) -> HospitalRecords:
    """Read records written by :func:`write_parquet`, or a user's own extract in the same shape.

    Columns may stand in any order and further columns are left alone. The metadata of ``registrations`` may say
    which kind of extract it is (``icpsim_extract``); otherwise it is taken for a practice extract. Raises
    ``RecordsError`` naming the file, the column and the nearest name there is, if a table, a column or its type is
    not as in the schema, and if the files do not agree on the number of weeks.
    """
    folder = Path(folder)
    tables: dict[str, Table] = {}
    weeks: dict[str, str] = {}
    for field in fields(HospitalRecords):
        if field.name in OPTIONAL_TABLES and not (folder / f"{field.name}.parquet").exists():
            continue
        if field.name in TYPES:
            tables[field.name], weeks[field.name] = _read(folder, field.name)
    if len(set(weeks.values())) != 1:
        raise RecordsError(f"{folder}: the files cover different numbers of weeks: {weeks}")
    kind = _extract(folder / "registrations.parquet")
    return HospitalRecords(weeks=int(weeks["spells"]), extract=kind, **tables)


def _extract(path: Path) -> Extract:
    import pyarrow.parquet as pq

    told = (pq.read_schema(path).metadata or {}).get(_EXTRACT, b"practice").decode()
    if told not in get_args(Extract):
        raise RecordsError(f"{path}: {_EXTRACT.decode()} must be {' or '.join(get_args(Extract))}, not {told!r}")
    found: Extract = told
    return found


def _read(folder: Path, name: str) -> tuple[Table, str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / f"{name}.parquet"
    if not path.exists():
        raise RecordsError(f"{path}: no such file{_nearest(path.name, [p.name for p in folder.glob('*')])}")
    try:
        read = pq.read_table(path)
    except pa.ArrowException as error:
        raise RecordsError(f"{path}: not a Parquet file: {error}") from error
    dtype = TYPES[name]
    table = np.zeros(read.num_rows, dtype)
    for column in dtype.names or ():
        if column in OPTIONAL and column not in read.column_names:
            continue
        if column not in read.column_names:
            raise RecordsError(f"{path}: no column {column!r}{_nearest(column, read.column_names)}")
        wanted = pa.from_numpy_dtype(dtype[column])
        found = read.schema.field(column).type
        if found != wanted:
            raise RecordsError(f"{path}: column {column!r} has type {found}, expected {wanted}")
        if read[column].null_count:
            raise RecordsError(f"{path}: column {column!r} has {read[column].null_count} empty cells")
        table[column] = read[column].to_numpy()
    metadata = read.schema.metadata or {}
    if not metadata.get(_WEEKS, b"").isdigit():
        raise RecordsError(f"{path}: the file's metadata has no number of weeks ({_WEEKS.decode()})")
    return table, metadata[_WEEKS].decode()


def _nearest(name: str, there: list[str]) -> str:
    close = difflib.get_close_matches(name, there, n=1, cutoff=0.4)
    return f"; did you mean {close[0]!r}?" if close else ""

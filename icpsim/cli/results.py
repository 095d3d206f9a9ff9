"""``icpsim results``: ask a folder of finished units with SQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json, print_rows

if TYPE_CHECKING:
    import pyarrow as pa

OVERVIEW = (
    "SELECT any_value(title) AS title, scenario, version, seed, count(*) AS units,"
    " count(DISTINCT replicate) AS replicates, count(DISTINCT draw) AS draws"
    " FROM runs GROUP BY scenario, version, seed ORDER BY ALL"
)
FAILURES = "SELECT what, reason FROM failures ORDER BY replicate, run"
MOST = 1000


@answered
def query_results(
    folder: Annotated[Path, typer.Argument(help="Folder that --work of another command names.")],
    sql: Annotated[
        str | None,
        typer.Argument(help="SQL (DuckDB) on the tables outcomes, runs, failures. Default: an overview."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File for all rows: .parquet or .csv.")] = None,
    as_json: options.Json = False,
) -> None:
    """Ask the results of many runs with SQL, in place, also while they are under way."""
    from icpsim.runs.query import columns, query

    if out is not None:
        _check_out(out)
    found = query(folder, OVERVIEW if sql is None else sql)
    failures = [] if sql is not None else query(folder, FAILURES).to_pylist()
    if out is not None:
        _write(out, found)
    rows = [{name: _plain(value) for name, value in row.items()} for row in found.to_pylist()]
    if as_json:
        print_json(
            {"rows": rows} if sql is not None else {"rows": rows, "failures": failures, "tables": columns(folder)}
        )
        return
    _print("" if sql is not None else str(folder), rows, found.column_names)
    if sql is None:
        for failure in failures:
            typer.echo(f"failed: {failure['what']}: {failure['reason']}")
        for table, names in columns(folder).items():
            typer.echo(f"{table}: {', '.join(names)}")
    if out is not None:
        typer.echo(f"Written: {out}")


def _print(title: str, rows: list[dict[str, Any]], names: list[str]) -> None:
    print_rows(title, rows[:MOST], {name: name for name in names})
    if len(rows) > MOST:
        typer.echo(f"{MOST:,} of {len(rows):,} rows; --out FILE and --json give all")


def _check_out(out: Path) -> None:
    from icpsim.runs.errors import QueryError

    if out.suffix not in (".parquet", ".csv"):
        raise QueryError(f"--out {out}: the name must end in .parquet or .csv")
    if not out.parent.is_dir():
        raise QueryError(f"--out {out}: no folder {out.parent}")


def _write(out: Path, found: pa.Table) -> None:
    import io

    from pyarrow import csv, parquet

    from icpsim.runs.unit_file import write_whole

    sink = io.BytesIO()
    if out.suffix == ".csv":
        csv.write_csv(found, sink)
    else:
        parquet.write_table(found, sink)
    write_whole(out, sink.getvalue())


def _plain(value: Any) -> Any:
    from math import isfinite

    if isinstance(value, float) and not isfinite(value):
        return None
    return value if isinstance(value, int | float | str | bool | None) else str(value)

"""Write an output folder: complete or not at all."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from importlib import metadata
from pathlib import Path
from typing import Any

from icpsim.base.errors import WrongInputError
from icpsim.report.as_json import write_json

MARKER = "versions.json"
LIBRARIES = ("numpy", "numba", "pandas", "pyarrow", "scipy", "scikit-learn", "mesa", "pydantic", "matplotlib")


class FolderError(WrongInputError):
    """The output folder cannot be used; the message names it and says why."""


def check_folder(folder: Path) -> None:
    """Refuse a file, or a folder with contents that icpsim did not write; raises FolderError."""
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"--out {folder}: is a file, not a folder")
    if folder.is_dir() and any(folder.iterdir()) and not _ours(folder):
        raise FolderError(f"--out {folder}: holds files that icpsim did not write; name a new or empty folder")


def check_picture(path: Path | None) -> None:
    """Refuse a name that is no PNG's, or a folder; raises FolderError."""
    if path is not None and (path.suffix.lower() != ".png" or path.is_dir()):
        raise FolderError(f"--out {path}: a picture's name should end in .png")


@contextmanager
def put_in_place(folder: Path) -> Iterator[Path]:
    """Give a fresh folder that takes the place of ``folder`` when all is written, and vanishes otherwise.

    Raises FolderError as :func:`check_folder`.
    """
    check_folder(folder)
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    fresh.mkdir()
    try:
        yield fresh
        _put_in_place(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put_in_place(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.rename(folder)
        return
    old = folder.with_name(f".{folder.name}.old-{os.getpid()}")
    folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old)


def _ours(folder: Path) -> bool:
    try:
        return "icpsim" in json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


@contextmanager
def answer_folder(
    folder: Path, version: str, about: Mapping[str, object], libraries: Sequence[str] = LIBRARIES
) -> Iterator[Path]:
    """Give a fresh folder as :func:`put_in_place`, and mark it as ours when all is written.

    The mark names the versions of icpsim (``version``), Python and ``libraries``, and what the answer is about.
    """
    with put_in_place(folder) as fresh:
        yield fresh
        told = {
            "icpsim": version,
            "python": sys.version.split()[0],
            **about,
            "libraries": {library: metadata.version(library) for library in libraries},
        }
        (fresh / MARKER).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def write_table(path: Path, rows: Iterable[Any]) -> None:
    """Write rows, mappings or data classes, as Parquet; a column that a row does not have is null there."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    listed = [row if isinstance(row, Mapping) else asdict(row) for row in rows]
    columns = dict.fromkeys(key for row in listed for key in row)
    table = pa.table({column: [row.get(column) for row in listed] for column in columns})
    pq.write_table(table, path, compression="zstd")


def write_csv(path: Path, kind: type, rows: Iterable[Any]) -> None:
    """Write rows of a data class as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, [field.name for field in fields(kind)], lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(row) for row in rows)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines of text."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_told(folder: Path, told: Mapping[str, Any], lines: Iterable[str]) -> None:
    """Write an answer as ``answer.json`` and in words as ``answer.txt``."""
    write_json(folder / "answer.json", told)
    write_lines(folder / "answer.txt", lines)


def write_figures(folder: Path, figures: Iterable[Mapping[str, float]]) -> None:
    """Write every replicate's figures as ``figures.parquet``: a row a figure."""
    rows = [
        {"replicate": number, "figure": name, "value": value}
        for number, replicate in enumerate(figures)
        for name, value in replicate.items()
    ]
    write_table(folder / "figures.parquet", rows)

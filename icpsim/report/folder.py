"""Write an output folder: complete or not at all."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

MARKER = "versions.json"
LIBRARIES = ("numpy", "numba", "pandas", "pyarrow", "scipy", "scikit-learn", "mesa", "pydantic", "matplotlib")


class FolderError(ValueError):
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


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as a Parquet file; a column that a row does not have is null there."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = dict.fromkeys(key for row in rows for key in row)
    table = pa.table({column: [row.get(column) for row in rows] for column in columns})
    pq.write_table(table, path, compression="zstd")


def write_told(
    folder: Path, told: Mapping[str, Any], lines: Iterable[str], figures: Iterable[Mapping[str, float]]
) -> None:
    """Write an answer as ``answer.json``, in words as ``answer.txt``, and ``figures.parquet``: a row a figure."""
    text = json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / "answer.json").write_text(text + "\n", encoding="utf-8")
    (folder / "answer.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = [
        {"replicate": number, "figure": name, "value": value}
        for number, replicate in enumerate(figures)
        for name, value in replicate.items()
    ]
    write_table(folder / "figures.parquet", rows)


def write_versions(folder: Path, version: str, about: Mapping[str, object]) -> None:
    """Mark a folder as ours: versions of icpsim, Python and libraries, and what it is about."""
    told = {
        "icpsim": version,
        "python": sys.version.split()[0],
        **about,
        "libraries": {library: metadata.version(library) for library in LIBRARIES},
    }
    (folder / MARKER).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")

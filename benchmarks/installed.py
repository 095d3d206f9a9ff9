"""A copy of the package as a wheel would install it, which nothing may be written into."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.timing import ROOT, BenchmarkError


@contextmanager
def installed_read_only() -> Iterator[tuple[Path, Path]]:
    """Give (folder to import from, empty cache folder); raises BenchmarkError if the former was written to.

    Permission bits do not hold an administrator back, so what lies there is compared before and after as well.
    """
    with tempfile.TemporaryDirectory() as folder:
        install, cache = Path(folder) / "install", Path(folder) / "cache"
        cache.mkdir()
        shutil.copytree(ROOT / "icpsim", install / "icpsim", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "benchmarks", install / "benchmarks", ignore=shutil.ignore_patterns("__pycache__"))
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
        for source, target in wheel.get("force-include", {}).items():
            place = install / target
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, dirs_exist_ok=True)
            else:
                shutil.copy(ROOT / source, place)
        before = _listing(install)
        _allow_writing(install, False)
        try:
            yield install, cache
        finally:
            _allow_writing(install, True)
        if _listing(install) != before:
            raise BenchmarkError("the command line wrote into its install folder")


def _listing(folder: Path) -> list[tuple[str, int, int]]:
    paths = sorted(folder.rglob("*"))
    return [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths if path.is_file()]


def _allow_writing(folder: Path, allowed: bool) -> None:
    for path in (folder, *folder.rglob("*")):
        bits = 0o755 if path.is_dir() else 0o644
        path.chmod(bits if allowed else bits & 0o555)

"""Where compiled rules are kept, and the one decorator that compiles them.

numba's own disk cache looks only at the file of the outermost function, so a change in ``care/emergency.py``
would leave a stale ``model/week.py`` in place. The cache folder is therefore named by a hash of the whole
package's source and of the names of its parameters, which are the fields of the rows that rules read. It lies
outside the package so that a read-only install works.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def source_hash() -> str:
    """Return 16 hex digits that change whenever any module of the package, or the name of a parameter, changes."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    for path in sorted((package / "data" / "parameters").glob("*.csv")):
        names = [line.partition(b",")[0] for line in path.read_bytes().splitlines()]
        digest.update(b",".join([path.name.encode(), *names]))
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return the folder in which anything compiled is kept for the next start."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "icpsim"


def set_cache_folder() -> None:
    """Point numba's cache at a folder of this source version, unless the user has chosen one."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder() / source_hash()))


def rule(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a scalar rule or a loop over patients; results never depend on threads or order."""
    from numba import njit

    return njit(cache=True, error_model="numpy", forceinline=True)(function)

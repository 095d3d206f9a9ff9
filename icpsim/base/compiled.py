"""Where compiled rules are kept, and the one decorator that compiles them.

numba's own disk cache looks only at the file of the outermost function, so a change in ``care/emergency.py``
would leave a stale ``model/week.py`` in place. The cache folder is therefore named by a hash of the source of
every module that compiles and all that these import, and of the names of parameters, which are the fields of the
rows that rules read. It lies outside the package so that a read-only install works.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_COMPILES = re.compile(rb"\b(?:numba|icpsim\.base\.compiled)\b")
_IMPORT = re.compile(rb"^[ \t]*(?:from (icpsim[\w.]*) import (\([^)]*\)|.*)|import (icpsim[\w.]*))", re.MULTILINE)


def source_hash(package: Path = Path(__file__).parents[1]) -> str:
    """Return 16 hex digits that change whenever anything changes that a compiled rule may have read."""
    source = {_name(path.relative_to(package)): path.read_bytes() for path in package.rglob("*.py")}
    digest = hashlib.sha256()
    for name in what_rules_read(source):
        digest.update(f"{name} {hashlib.sha256(source[name]).hexdigest()}\n".encode())
    for path in sorted((package / "data" / "parameters").glob("*.csv")):
        names = [line.partition(b",")[0] for line in path.read_bytes().splitlines()]
        digest.update(b",".join([path.name.encode(), *names]))
    return digest.hexdigest()[:16]


def what_rules_read(source: dict[str, bytes]) -> list[str]:
    """Return the modules that name numba or ``rule``, and those that they import, directly or not; by name.

    Import lines are looked for, not parsed, so that ``import icpsim`` stays quick; the closure of syntax trees is
    :func:`icpsim.base.source_digest.closure`. What types alone need counts too: too much costs a compilation, too
    little a wrong figure.
    """
    found: set[str] = set()
    waiting = [name for name, text in source.items() if _COMPILES.search(text)]
    while waiting:
        name = waiting.pop()
        if name in source and name not in found:
            found.add(name)
            waiting += [name.rpartition(".")[0], *_imports(source[name])]
    return sorted(found)


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(("icpsim", *(parts[:-1] if parts[-1] == "__init__" else parts)))


def _imports(text: bytes) -> Iterator[str]:
    """Yield the modules of icpsim that import lines name; a name from one may be a module, too."""
    for match in _IMPORT.finditer(text):
        module, names, alone = (part.decode() for part in match.groups(b""))
        yield module or alone
        yield from (f"{module}.{name}" for name in re.findall(r"\w+", names))


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

"""What a kept result depends on: every module that its unit imports, and the data files that those modules read.

A digest of both is part of a unit's name. Neither is listed by hand: modules are followed from import to import,
and files are those that :func:`icpsim.base.files.packaged` is asked for. Docstrings, comments, layout and the
columns of tables that only people read are left out, so that a mended sentence throws nothing away.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import icpsim
from icpsim.base import files as data

FINDER = "packaged"
"""The function that finds data files; a call names them as texts."""
TOLD = "told"
"""Its keyword that says that a unit tells what it was read from those files, whole."""
FOR_READERS = frozenset({"source", "note", "notes", "description", "definition"})
"""Columns of tables that no figure depends on."""
_NO_MEANING = frozenset({"kind", "type_comment", "type_params", "lineno", "ctx"})
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """What matters of a module: a digest of its syntax tree, what it imports and which data files it asks for."""

    digest: str
    imports: tuple[str, ...]
    files: tuple[tuple[str, ...], ...]


@cache
def source_of(module: str) -> str:
    """Return a digest (64 hex digits) of a module, all that it imports of icpsim, and the data files they read."""
    found = hashlib.sha256()
    files: set[tuple[str, ...]] = set()
    for name in closure(module):
        one = _read(_path(name))  # type: ignore[arg-type]
        found.update(f"{name} {one.digest}\n".encode())
        files.update(one.files)
    for parts in sorted(files):
        found.update(f"{'/'.join(parts)} {file_digest(data.packaged(*parts))}\n".encode())
    return found.hexdigest()


def closure(module: str) -> list[str]:
    """Return a module and every module of icpsim that it imports, directly or not, wherever in it; by name."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if name in found or path is None:
            continue
        found.add(name)
        waiting += _read(path).imports
        waiting += [name.rpartition(".")[0]] if name.startswith(f"{icpsim.__name__}.") else []
    return sorted(found)


def file_digest(path: Path) -> str:
    """Return a digest of a data file, or of all files of a folder; of a table without what only people read."""
    if path.is_dir():
        inside = sorted(one for one in path.rglob("*") if one.is_file())
        text = "\n".join(f"{one.relative_to(path).as_posix()} {file_digest(one)}" for one in inside)
        return hashlib.sha256(text.encode()).hexdigest()
    content = path.read_bytes()
    if path.suffix == ".csv":
        rows = csv.DictReader(io.StringIO(content.decode("utf-8")))
        told = [[(k, v) for k, v in row.items() if k not in FOR_READERS] for row in rows]
        content = repr(told).encode()
    return hashlib.sha256(content).hexdigest()


def _path(module: str) -> Path | None:
    """Return the file of a module of icpsim, or of the module that a unit was made in; None of any other."""
    if module != icpsim.__name__ and not module.startswith(f"{icpsim.__name__}."):
        file = getattr(sys.modules.get(module), "__file__", None)
        return Path(file) if file else None
    base = Path(icpsim.__file__).parent.joinpath(*module.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


@cache
def _read(path: Path) -> Module:
    tree = ast.parse(path.read_bytes())
    imports = tuple(dict.fromkeys(_imports(tree)))
    files = tuple(dict.fromkeys(_files(tree)))
    return Module(hashlib.sha256(repr(_meaning(tree)).encode()).hexdigest(), imports, files)


def _imports(node: ast.AST) -> Iterator[str]:
    """Yield the modules of icpsim that a tree may import when it runs; a name of one may be a module, too."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from _imports(other)
        elif isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names if alias.name.split(".")[0] == icpsim.__name__)
        elif isinstance(child, ast.ImportFrom):
            if child.level == 0 and str(child.module).split(".")[0] == icpsim.__name__:
                yield str(child.module)
                yield from (f"{child.module}.{alias.name}" for alias in child.names)
        else:
            yield from _imports(child)


def _files(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """Yield what a tree asks the finder for, unless a unit tells it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == FINDER:
            told = [word for word in node.keywords if word.arg == TOLD]
            if not told:
                yield tuple(ast.literal_eval(part) for part in node.args)


def _meaning(node: Any) -> Any:
    """Return a tree as nested tuples without docstrings, places and what is empty: the same on every Python."""
    if isinstance(node, list):
        return [_meaning(one) for one in node]
    if not isinstance(node, ast.AST):
        return node
    told: list[Any] = [type(node).__name__]
    for name, value in ast.iter_fields(node):
        if name in _NO_MEANING or value is None or value == []:
            continue
        documented = name == "body" and isinstance(node, _DOCUMENTED)
        told.append((name, _meaning(_undocumented(value) if documented else value)))
    return tuple(told)


def _undocumented(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return statements without texts that stand by themselves: docstrings, of attributes too."""
    return [one for one in body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]

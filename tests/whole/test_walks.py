"""From the command to the printed table a reader opens at most eight files, in order, and none twice."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "icpsim"
DOCS = ROOT / "docs" / "how-it-works.md"
MOST = 8


def walk():
    """Return the files that the docs name for ``icpsim run``, in order."""
    _, _, step = DOCS.read_text(encoding="utf-8").partition("**9. ")
    return re.findall(r"^\d+\. `([\w/]+\.py)`", step, re.MULTILINE)


def imported(path):
    """Return the names that a file imports of each module of icpsim, wherever in it, not for types alone."""
    found = {}
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("icpsim"):
            file = f"{node.module.removeprefix('icpsim.').replace('.', '/')}.py"
            found.setdefault(file, set()).update(name.asname or name.name for name in node.names)
    return found, tree


def first_call(path, file):
    """Return the line in which one file first calls what it imports of another; None when it does not."""
    found, tree = imported(path)
    names = found.get(file, set())
    lines = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) in names]
    return min(lines, default=None)


def test_it_is_a_walk_of_eight_files_from_the_command_to_the_table():
    files = walk()
    assert files[0] == "cli/run.py"
    assert files[-1] == "questions/run/show_table.py"
    assert len(set(files)) == len(files) <= MOST
    assert [path for path in files if not (PACKAGE / path).is_file()] == []


def test_files_stand_in_the_order_in_which_they_are_called():
    files, opened = walk(), []

    def follow(path):
        opened.append(path)
        calls = {one: line for one in files if (line := first_call(path, one)) is not None}
        for one in sorted(calls, key=calls.get):
            if one not in opened:
                follow(one)

    follow(files[0])
    assert opened == files


@pytest.mark.parametrize("path", walk())
def test_no_file_sends_the_reader_back(path):
    files = walk()
    assert [one for one in files[: files.index(path)] if one in imported(path)[0]] == []

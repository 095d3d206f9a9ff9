"""The folder of compiled rules is another when anything changes that a rule may read, and only then."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import icpsim
from icpsim.base import source_digest as source
from icpsim.base.compiled import _COMPILES, _name, source_hash, what_rules_read
from icpsim.data import mechanisms

PACKAGE = Path(icpsim.__file__).parent
SOURCE = {_name(path.relative_to(PACKAGE)): path.read_bytes() for path in PACKAGE.rglob("*.py")}
IMPORTED = """
import importlib, json, sys
from pathlib import Path

opened = []
sys.addaudithook(lambda event, rest: opened.append(str(rest[0])) if event == "open" else None)
from numba.core.dispatcher import Dispatcher

import icpsim

for name in sys.argv[1:]:
    importlib.import_module(name)
modules = {name: vars(module) for name, module in sys.modules.items() if name.split(".")[0] == "icpsim"}
rules = {name for name, held in modules.items() if any(isinstance(one, Dispatcher) for one in held.values())}
package = Path(icpsim.__file__).parent
ours = package, package.parent / "calibration"
inside = [Path(path) for path in opened if any(Path(path).is_relative_to(folder) for folder in ours)]
data = sorted({path.name for path in inside if path.suffix not in (".py", ".pyc") and path.is_file()})
print(json.dumps({"modules": sorted(modules), "rules": sorted(rules), "data": data}))
"""
"""Import the modules named; tell which come with them, which of those hold rules, and the data files opened."""


@pytest.fixture(scope="module")
def imported():
    """Return what comes with all modules that compile, in a process of its own."""
    names = [name for name, text in SOURCE.items() if _COMPILES.search(text)]
    done = subprocess.run([sys.executable, "-c", IMPORTED, *names], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_what_is_imported_with_a_rule_is_in_the_hash(imported):
    """So every constant, type and rule that numba finds among a rule's globals is."""
    assert len(imported["rules"]) > 30
    assert "icpsim.records.schema" in imported["modules"]
    assert set(imported["modules"]) <= set(what_rules_read(SOURCE))


def test_no_rule_is_made_where_the_hash_does_not_look():
    """The scan of import lines finds at least what the syntax trees import."""
    found = set(what_rules_read(SOURCE))
    compiling = {name for name, text in SOURCE.items() if b"njit" in text or b"@rule" in text}
    assert compiling <= found
    assert {other for name in compiling for other in source.closure(name)} <= found


def test_rules_take_the_names_of_parameters_from_their_tables_and_nothing_else_from_data(imported):
    """One module reads tables when it is imported, and keeps their rows' names: the fields of what rules read."""
    assert set(imported["data"]) == {path.name for path in (PACKAGE / "data" / "parameters").glob("*.csv")}
    reading = {
        name
        for name in what_rules_read(SOURCE)
        for node in ast.parse(SOURCE[name]).body
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) and "load_tables()" in ast.unparse(node)
    }
    assert reading == {"icpsim.data.mechanisms"}
    constants = {name for name in vars(mechanisms) if name.isupper()}
    assert {type(one) for name in constants for one in vars(mechanisms)[name]} == {str}


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [("avoidable_reduction,", "avoidable_reductions,", False), (",0.4,", ",0.5,", True)],
)
def test_the_folder_changes_with_the_names_of_parameters_and_not_with_their_values(tmp_path, old, new, same):
    copy = shutil.copytree(PACKAGE, tmp_path / "icpsim", ignore=shutil.ignore_patterns("__pycache__"))
    path = copy / "data" / "parameters" / "mechanisms.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert (source_hash(copy) == source_hash()) is same


@pytest.mark.parametrize(
    ("module", "same"),
    [
        ("care/emergency.py", False),
        ("base/randomness.py", False),
        ("records/schema.py", False),
        ("evaluation/matching.py", False),
        ("report/words.py", True),
        ("cli/main.py", True),
    ],
)
def test_the_folder_changes_with_what_rules_read_alone(tmp_path, module, same):
    copy = tmp_path / "icpsim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert source_hash(copy) == source_hash()
    assert (copy / module).exists()
    with (copy / module).open("a", encoding="utf-8") as file:
        file.write("EXTRA = 1\n")
    assert (source_hash(copy) == source_hash()) is same


def test_imports_are_followed_wherever_they_stand():
    text = {
        "icpsim": b"",
        "icpsim.a": b"from icpsim.base.compiled import rule\nfrom icpsim import b\n",
        "icpsim.b": b"def late():\n    from icpsim.c import (\n        d,\n        one,\n    )\n",
        "icpsim.c": b"",
        "icpsim.c.d": b"import icpsim.e\n",
        "icpsim.e": b"",
        "icpsim.f": b"from icpsim import a\n",
    }
    assert what_rules_read(text) == ["icpsim", "icpsim.a", "icpsim.b", "icpsim.c", "icpsim.c.d", "icpsim.e"]

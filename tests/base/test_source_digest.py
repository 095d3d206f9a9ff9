"""What is kept depends on all that its unit imports and on the data read there, and on nothing else."""

import ast
import csv
import shutil
from pathlib import Path

import pytest

import icpsim
from icpsim.base import files
from icpsim.base import source_digest as source
from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.unit import ComparedArms
from icpsim.questions.run.unit import ReplicateOnce
from icpsim.questions.sensitivity.ask import read_space
from icpsim.questions.sensitivity.problem import Problem
from icpsim.questions.sensitivity.unit import EvaluatedPoints
from icpsim.runs.unit import told_of
from icpsim.scenario.schema import load

ROOT = Path(icpsim.__file__).parents[1]
FUTURE = "from __future__ import annotations\n"
READ = source._read.__wrapped__


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Put a copy of package and data in the package's place, as far as digests look."""
    for name in ("icpsim", "scenarios", "calibration"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(icpsim, "__file__", str(tmp_path / "icpsim" / "__init__.py"))
    monkeypatch.setattr(files, "PACKAGE", tmp_path / "icpsim")
    monkeypatch.setattr(source, "_read", read_once)
    source.source_of.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    source.source_of.cache_clear()


KEPT = {}


def read_once(path):
    """Read a module as digests do, anew when its bytes are new: all tests here parse the package once."""
    content = path.read_bytes()
    if content not in KEPT:
        KEPT[content] = READ(path)
    return KEPT[content]


def points():
    """Return points of a sensitivity analysis: their outcomes are counted, priced and accounted for."""
    problem = Problem(load("small"), read_space(load("small"), ("onset_weeks=4:12",), ()))
    return EvaluatedPoints(problem, ((6.0,),), 1, 0)


def units():
    """Return one unit of each kind that commands keep most of."""
    return {
        "points": points(),
        "arms": ComparedArms((Arm("a", load("small")),), 1, 0, drawn=False),
        "replicate": ReplicateOnce(load("small"), 1, 0, drawn=False),
    }


def names():
    """Return the names under which results are kept now."""
    source.source_of.cache_clear()
    return {kind: told_of(unit).name for kind, unit in units().items()}


def edit(path, old, new):
    """Change a text that is there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("module", "old", "new", "changed"),
    [
        (
            "questions/compare/rows.py",
            "    return (study.programme_weeks",
            "    return 2 * (study.programme_weeks",
            {"points"},
        ),
        ("economics/views.py", "class View", "EXTRA = 1\n\n\nclass View", {"points"}),
        ("care/emergency.py", FUTURE, f"{FUTURE}EXTRA = 1\n", {"points", "arms", "replicate"}),
        ("evaluation/did.py", FUTURE, f"{FUTURE}EXTRA = 1\n", {"points", "arms", "replicate"}),
        ("questions/run/show_table.py", FUTURE, f"{FUTURE}EXTRA = 1\n", set()),
    ],
)
def test_what_a_unit_imports_is_in_its_name(copy, module, old, new, changed):
    """``rows.years`` doubled gave the old figures: the list of what figures depend on had been kept by hand."""
    before = names()
    edit(copy / "icpsim" / module, old, new)
    after = names()
    assert {kind for kind in before if before[kind] != after[kind]} == changed


def test_a_mended_comment_sentence_or_layout_throws_nothing_away(copy):
    before = names()
    path = copy / "icpsim" / "care" / "emergency.py"
    edit(path, '"""', '"""Mended. ')
    edit(path, "\ndef ", "\n# A comment.\n\n\n\ndef ")
    assert names() == before


@pytest.mark.parametrize(("column", "same"), [("source", True), ("high", False)])
def test_a_tables_numbers_are_in_the_name_and_their_sources_are_not(copy, column, same):
    before = names()
    path = copy / "icpsim/data/parameters/emergency.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0][column] += "0"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    assert (names() == before) is same


@pytest.mark.parametrize(("column", "same"), [("source", True), ("value", False), ("high", False)])
def test_columns_that_people_read_do_not_count(tmp_path, column, same):
    tables = []
    for number, value in enumerate(("1", "2")):
        row = {"name": "x", "value": "0", "high": "9", "source": "s"} | {column: value}
        path = tmp_path / f"{number}.csv"
        path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
        tables.append(source.file_digest(path))
    assert (tables[0] == tables[1]) is same


def test_a_scenario_in_the_same_folder_changes_nothing(copy):
    before = names()
    edit(copy / "scenarios" / "all-sites.yaml", "seed: 1", "seed: 2")
    assert names() == before


def test_a_digest_reads_on_from_import_to_import_and_not_what_types_alone_need():
    found = source.closure("icpsim.questions.sensitivity.unit")
    assert {"icpsim.questions.compare.rows", "icpsim.questions.compare.money", "icpsim.economics.views"} <= set(
        found
    )
    assert not [name for name in found if name.startswith(("icpsim.cli", "icpsim.report.words"))]
    assert ("parameters",) in source._read(source._path("icpsim.data.tables")).files


def test_every_data_file_is_asked_for_by_name():
    """Only the finder builds paths from where the package lies, so no file is read behind the digest's back."""
    allowed = {"base/files.py", "base/source_digest.py", "cli/bytecode.py", "base/compiled.py"}
    package = Path(icpsim.__file__).parent
    using = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Name | ast.Attribute) and "__file__" in ast.unparse(node)
    }
    assert using <= allowed
    for path in package.rglob("*.py"):
        source._read(path)


def test_nothing_imports_behind_the_digests_back():
    """A name that icpsim imports on first use, or a module imported by a text, would not be seen."""
    package = Path(icpsim.__file__).parent
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module == "icpsim":
                lazy = [alias.name for alias in node.names if alias.name in icpsim._PUBLIC]
                assert lazy == [], path
            if isinstance(node, ast.Name) and node.id in ("import_module", "__import__"):
                assert path == package / "__init__.py"

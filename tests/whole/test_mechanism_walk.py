"""From a mechanism's row to the weekly rule: its name is typed in tables and in rules alone, on a short walk."""

import ast
import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from numba import njit

import icpsim
from icpsim.care import effects
from icpsim.care.providers import PROGRAMME_STATE, programme_state
from icpsim.care.rule_inputs_table import make_world
from icpsim.data.mechanisms import NAMES, TABLE
from icpsim.data.tables import ParameterError
from icpsim.model.parameters import load_parameters
from icpsim.questions.compare.mechanisms import GROUPS
from icpsim.questions.trace import rates_of_week

PACKAGE = Path(icpsim.__file__).parent
WALK_TOLD_IN = PACKAGE.parent / "docs" / "how-it-works.md"
ROOMS_OF_RULES = ("care", "programme")
MOST_FILES = 5
NEW = "home_oxygen"
ASK = f"""
from icpsim.base.compiled import source_hash
from icpsim.care.providers import PROGRAMME_STATE
from icpsim.model.setup import programme_states
from icpsim.scenario.schema import load

print("{NEW}" in PROGRAMME_STATE.names and programme_states(load("small"), effects=True)["{NEW}"].tolist())
print(source_hash())
"""


def typed_in(folder, name):
    """Return the Python files of a folder, relative to it, in which a name stands as a word."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    files = sorted(folder.rglob("*.py"))
    return [path.relative_to(folder) for path in files if word.search(path.read_text(encoding="utf-8"))]


def walk():
    """Return (mechanism, files of its walk in order), as the documentation tells them."""
    text = WALK_TOLD_IN.read_text(encoding="utf-8")
    told = re.search(r"`(\w+)`, [^`]*five files:\n\n((?:\d\. `.*\n(?:   .*\n)*)+)", text)
    return told[1], re.findall(r"^\d\. `([^`]+)`", told[2], flags=re.MULTILINE)


def imported(path):
    """Return the modules of icpsim that a file imports, as paths in the package."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {"/".join(str(node.module).split(".")[1:]) + ".py" for node in nodes}


@pytest.mark.parametrize("name", NAMES)
def test_a_mechanism_is_named_in_files_of_rules_alone(name):
    found = typed_in(PACKAGE, name)
    assert found
    assert [str(path) for path in found if path.parts[0] not in ROOMS_OF_RULES] == []


def test_a_name_typed_elsewhere_would_be_seen(tmp_path):
    (tmp_path / "show.py").write_text("label = {'mdt_share': 'MDT'}\n", encoding="utf-8")
    (tmp_path / "other.py").write_text("mdt_shares = my_mdt_share = 1\n", encoding="utf-8")
    assert typed_in(tmp_path, "mdt_share") == [Path("show.py")]


def test_the_walk_told_is_short_and_is_the_walk():
    """It begins at the row, ends at the rule, and between them no file names the mechanism."""
    name, files = walk()
    assert len(files) <= MOST_FILES
    table, fields, state, filled, rule = files
    assert (PACKAGE / table).name == f"{TABLE}.csv"
    assert name in {row["name"] for row in csv.DictReader((PACKAGE / table).open(encoding="utf-8"))}
    assert [str(path) for path in typed_in(PACKAGE, name)] == [rule]
    assert fields in imported(PACKAGE / state)
    assert state in imported(PACKAGE / filled) & imported(PACKAGE / rule)


def in_a_copy(package):
    """Return what a process that finds the copied package prints for ASK."""
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, cwd=package.parent, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.slow
def test_a_new_row_reaches_what_rules_read_with_no_other_edit(tmp_path):
    """And what was compiled without it is not used with it, while another value of a row compiles nothing anew."""
    package = shutil.copytree(PACKAGE, tmp_path / "icpsim", ignore=shutil.ignore_patterns("__pycache__"))
    for beside in ("scenarios", "calibration"):
        (tmp_path / beside).symlink_to(PACKAGE.parent / beside)
    before = in_a_copy(package)
    assert before[0] == "False"
    path = package / "data" / "parameters" / f"{TABLE}.csv"
    row = f"{NEW},{{}},0,0.5,share,mechanism,a test,JUDGEMENT,Made up"
    table = path.read_text(encoding="utf-8")
    answers = []
    for value in ("0.25", "0.5"):
        path.write_text(table + row.format(value) + "\n", encoding="utf-8")
        answers.append(in_a_copy(package))
    assert [answer[0] for answer in answers] == ["[0.25]", "[0.5]"]
    assert answers[0][1] == answers[1][1] != before[1]


@njit
def misspelt(world):
    return programme_state(world, 0).outpatient_substitutio


def test_a_rule_that_reads_what_no_row_has_is_refused():
    message = rf"{TABLE}\.csv has no row 'outpatient_substitutio'; did you mean 'outpatient_substitution'\?"
    with pytest.raises(ParameterError, match=message):
        misspelt(make_world(load_parameters().rooms())[0])
    with pytest.raises(ParameterError, match=message):
        _ = load_parameters().mechanisms.outpatient_substitutio
    assert "outpatient_substitution" in PROGRAMME_STATE.names


def test_mechanisms_are_grouped_under_their_own_names():
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(set(grouped)) == sorted(grouped)
    assert set(grouped) <= set(NAMES)


@pytest.mark.parametrize("rule", ["visits_removed", "listings_removed", "sessions_removed", "emergencies_removed"])
def test_the_trace_asks_the_rules_that_the_engine_runs(rule):
    assert getattr(rates_of_week, rule) is getattr(effects, rule)
    assert "programme_state" not in (PACKAGE / "questions" / "trace" / "rates_of_week.py").read_text("utf-8")

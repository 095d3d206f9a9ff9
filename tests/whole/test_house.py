"""The layout: nothing loose, no circle, rooms in one order, and the arrows that a reader relies on."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def house():
    """Return the module of ``.ci/`` that looks at the layout; it is no part of the package."""
    spec = importlib.util.spec_from_file_location("ci_house", ROOT / ".ci" / "house.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def imports(house):
    return house.imports()


def below(house, room):
    """Return the rooms that the contract puts below one."""
    (contract,) = house.contracts()
    assert contract["exhaustive"] and contract["type"] == "layers"
    return set(contract["layers"][contract["layers"].index(room) + 1 :])


def test_nothing_is_loose_at_the_root(house):
    assert house.at_the_root() == []


def test_nothing_imports_in_a_circle_not_even_for_types(house, imports):
    assert house.circles(imports) == []
    assert house.circles(house.rooms(imports)) == []


def test_no_module_is_longer_than_it_may_be(house):
    assert {name: n for name, n in house.lines().items() if n > 400} == {}


def test_the_evaluation_reads_records_and_nothing_else_of_the_simulation(house, imports):
    assert below(house, "evaluation") == {"records", "runs", "base"}
    used = set(house.rooms(imports).successors("evaluation"))
    assert "records" in used
    assert used <= {"records", "base"}


@pytest.mark.parametrize(
    ("room", "unknown"),
    [
        ("runs", {"model", "scenario", "care", "population", "programme", "evaluation", "records", "questions"}),
        ("care", {"programme", "model", "population", "questions", "report", "cli"}),
        ("inference", {"questions", "report", "cli"}),
        ("economics", {"questions", "report", "inference", "runs", "cli"}),
    ],
)
def test_what_a_room_must_not_know(house, imports, room, unknown):
    assert set(house.rooms(imports).successors(room)) & unknown == set()


def test_further_evidence_cannot_read_what_is_kept_for_validation(imports):
    reading = {
        module
        for module, other in imports.edges
        if other.startswith("icpsim.questions.validation") and not module.startswith("icpsim.questions.validation")
    }
    assert {name for name in reading if not name.startswith("icpsim.cli.")} == set()


def test_tests_mirror_the_rooms(house):
    rooms = {path.parent.name for path in (ROOT / "icpsim").glob("*/__init__.py")}
    assert rooms - {path.name for path in (ROOT / "tests").iterdir()} == set()

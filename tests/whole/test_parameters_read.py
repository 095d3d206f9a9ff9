"""Every number of the parameter tables is read by the package, so none can be set and do nothing."""

import ast
import dataclasses
from functools import cache
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

import icpsim
from icpsim.care.providers import PROGRAMME_STATE
from icpsim.data.tables import load_tables
from icpsim.economics.parameters import EconomicsParameters, PriceYearParameters, ProgrammeCostParameters
from icpsim.evaluation.costs import Prices
from icpsim.model.parameters import ModelParameters, load_parameters
from icpsim.population.draw_people import makings
from icpsim.programme.services import SERVICES
from icpsim.questions.england.parameters import england_parameters
from icpsim.records.schema import CONDITIONS
from tests import small_world

PACKAGE = Path(icpsim.__file__).parent
TABLES = load_tables()
OWN = {
    "england": england_parameters(TABLES),
    "economics": TABLES.room(EconomicsParameters, "economics"),
    "programme_costs": TABLES.room(ProgrammeCostParameters, "programme_costs"),
    "price_years": TABLES.room(PriceYearParameters, "price_years"),
}
"""Rooms that are none of the model's: the country and the economics read their own."""
ROOMS = load_parameters().rooms() | OWN
BY_NAME = ("prevalence", "interventions")
"""Rooms of which fields are read all at once, by the names of the conditions or of services."""
FIELDS = [
    f"{room}.{field}"
    for room, values in ROOMS.items()
    for field in values._fields
    if room not in BY_NAME or field in ("virtual_ward_round", "telephone_call")
]
PRICES = [field.name for field in dataclasses.fields(Prices) if field.name != "price_year"]


def reads(source: str) -> set[str]:
    """Return names read as ``x.name`` or ``x["name"]``; other words, comments and assignments do not count."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Attribute | ast.Subscript) or not isinstance(node.ctx, ast.Load):
            continue
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            found.add(node.slice.value)
    return found


@cache
def read_anywhere() -> frozenset[str]:
    return frozenset().union(*(reads(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")))


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_a_room_is_read(field):
    assert field.partition(".")[2] in read_anywhere()


def test_every_prevalence_reaches_those_who_make_people():
    reached = makings(ROOMS)["tables"]["prevalence"][0]
    assert sorted(ROOMS["prevalence"]._fields) == sorted(CONDITIONS)
    for number, condition in enumerate(CONDITIONS):
        assert np.array_equal(reached[number], getattr(ROOMS["prevalence"], condition)), condition


def test_every_service_has_its_numbers():
    """That they reach the rules' table is tested with the services (tests/programme/test_services.py)."""
    assert {part.kind for part in small_world.SERVICES} == set(SERVICES)
    for kind in SERVICES.values():
        numbers = ROOMS["interventions"].service(kind.name)
        assert list(numbers) == list(kind.rows)
        for number, row in kind.rows.items():
            assert numbers[number] == load_tables().value(f"interventions.{row}")


@pytest.mark.parametrize("price", PRICES)
def test_a_price_is_read(price):
    assert price in reads((PACKAGE / "evaluation" / "costs.py").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PROGRAMME_STATE.names)
def test_a_mechanism_handed_to_the_rules_is_read_by_one(name):
    rules = [*(PACKAGE / "care").rglob("*.py"), *(PACKAGE / "programme").rglob("*.py")]
    assert name in set().union(*(reads(path.read_text(encoding="utf-8")) for path in rules))


def test_every_row_belongs_to_a_room_or_is_a_price():
    tables = {parameter.table for parameter in load_tables().parameters.values()}
    assert tables == {*ROOMS, "prices"}
    assert set(ROOMS) - set(OWN) == set(get_type_hints(ModelParameters)) - {"tables", "prices"}


def test_a_parameter_that_nobody_reads_would_be_seen():
    source = 'class Room(NamedTuple):\n    """Has .unread."""\n    unread: float\n\nx.unread = 1\n'
    assert reads(source) == set()
    assert reads('y = room.is_read + table["is_too"][0]') == {"is_read", "is_too"}

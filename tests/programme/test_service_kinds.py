"""A kind of service is whole, or an error: no service without a price, a label, an effect or a rule."""

import shutil

import pytest

from icpsim.data.tables import FOLDER, ParameterError, load_room
from icpsim.economics.parameters import ProgrammeCostParameters
from icpsim.programme.services import SERVICES, ServiceKind
from icpsim.scenario.schema import json_schema

WHOLE = {"name": "home_visits", "label": "home visits", "cost": "home_visits_hour", "numbers": ("flares",)}


def test_every_kind_has_a_name_of_its_own_and_a_label_in_words():
    assert [kind.name for kind in SERVICES.values()] == list(SERVICES)
    labels = [kind.label for kind in SERVICES.values()]
    assert len(set(labels)) == len(labels)
    assert not [label for label in labels if "_" in label]


@pytest.mark.parametrize("missing", WHOLE)
def test_a_kind_without_a_part_cannot_be_made(missing):
    ServiceKind(**WHOLE)
    with pytest.raises(TypeError, match=missing):
        ServiceKind(**{name: value for name, value in WHOLE.items() if name != missing})


@pytest.mark.parametrize("numbers", [("flare",), ("youngest_age",), ()])
def test_a_kind_that_changes_nothing_cannot_be_made(numbers):
    with pytest.raises(ValueError, match=r"home_visits: numbers .* act on nothing"):
        ServiceKind(**WHOLE | {"numbers": numbers})


def test_a_kind_whose_hour_has_no_price_stops_everything(tmp_path):
    """The row is read with the table, before anybody is simulated."""
    folder = shutil.copytree(FOLDER, tmp_path / "parameters")
    path = folder / "programme_costs.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith("falls_prevention_hour")), encoding="utf-8")
    with pytest.raises(ParameterError, match=r"programme_costs\.csv has no row 'falls_prevention_hour'"):
        load_room(ProgrammeCostParameters, "programme_costs", folder=folder)


def test_scenarios_take_every_kind():
    names = {name for part in ("Service", "DiseaseCare") for name in kinds(json_schema()["$defs"][part])}
    assert names == set(SERVICES)


def kinds(part):
    """Return the kinds that a part of the schema takes."""
    kind = part["properties"]["kind"]
    return kind.get("enum", [kind.get("const")])

"""What a unit of work is told follows from its fields, so that none can be forgotten."""

import json
from dataclasses import dataclass, replace

import pytest

from icpsim.data.tables import load_tables
from icpsim.inference.posterior import drawn_scenario
from icpsim.inference.scenario_unit import ScenarioUnit
from icpsim.questions.assumptions.answer import StudyRun
from icpsim.questions.run.unit import ReplicateOnce
from icpsim.scenario.schema import Scenario, load

SMALL = load("small")


@dataclass(frozen=True, slots=True)
class Counted(ScenarioUnit):
    """A unit with a field of its own."""

    scenario: Scenario
    seed: int
    replicate: int
    drawn: bool = False
    weeks: tuple[int, ...] = (13,)

    def run(self):
        """Return nothing."""
        return {}


@pytest.mark.parametrize("change", [{"seed": 2}, {"replicate": 1}, {"weeks": (26,)}, {"drawn": True}])
def test_each_field_changes_what_is_told(change):
    unit = Counted(SMALL, 1, 0)
    assert json.dumps(replace(unit, **change).told()) != json.dumps(unit.told())


def test_what_only_a_reader_looks_at_changes_nothing():
    renamed = SMALL.model_copy(update={"title": "Another", "description": "Words", "observed": None})
    assert Counted(renamed, 1, 0).told() == Counted(SMALL, 1, 0).told()


def test_parameters_in_force_are_told_whole():
    told = ReplicateOnce(SMALL, 3, 4).told()["parameters"]
    assert told == load_tables(drawn_scenario(SMALL, 3, 4).parameters).values()
    assert set(told) == set(load_tables().parameters)
    name, value = "deaths.base_rate_85p", 0.123
    moved = StudyRun(SMALL, ((name, value),), 1, 0).told()["parameters"]
    assert moved == load_tables().values() | {name: value}

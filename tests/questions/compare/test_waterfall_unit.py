"""A programme's change parted by mechanism in simulated worlds: exact in every cell."""

import pytest

from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.mechanisms import MECHANISMS, SERVICES, at_work, only
from icpsim.questions.compare.waterfall_unit import MONEY, DrivenArm
from tests.questions.compare.conftest import MORE, SCENARIO
from tests.small_world import small_scenario

FEW = small_scenario(
    mechanisms={
        "avoidable_reduction": 0.5,
        "unmet_need_detection": 0.6,
        "elective_deferral": 0.5,
        "outpatient_spillover": 0.0,
        "outpatient_substitution": 0.0,
        "treatment_deescalation": 0.0,
        "continuity_loss": 0.0,
    },
    quota=150,
    interventions=MORE,
)


@pytest.fixture(scope="module")
def driven():
    return DrivenArm(Arm("few", FEW), 1, 0, drawn=False).run()


def test_parts_sum_to_the_total_in_every_cell(driven):
    names = at_work(FEW)
    assert names == ("unmet need found", "sensitive emergencies avoided", "electives deferred")
    cells = [name.removeprefix("total/") for name in driven if name.startswith("total/")]
    assert len(cells) > 500
    assert driven["scale"] == 6
    for cell in cells:
        assert sum(driven[f"{name}/{cell}"] for name in names) == driven["scale"] * driven[f"total/{cell}"]


def test_the_total_is_the_arm_less_no_programme(driven):
    from icpsim.questions.compare.runs import compare

    row = compare([Arm("few", FEW)], 1, 1, drawn=False, evaluated=False).figures[0]
    for name, value in driven.items():
        if name.startswith("total/"):
            cell = name.removeprefix("total/")
            scale = 100.0 if cell.startswith(MONEY) else 1.0
            change = scale * (row[f"0/{cell}"] - row[f"without0/{cell}"])
            assert value == pytest.approx(change, abs=1.0 if scale > 1 else 0.0)


def test_each_mechanism_drives_what_it_acts_on(driven):
    part = {name: driven[f"{name}/emergency_admissions|total|all"] for name in at_work(FEW)}
    assert part["unmet need found"] > 0 > part["sensitive emergencies avoided"]
    assert driven["electives deferred/elective_admissions|total|all"] < 0


def test_an_arm_without_any_of_its_mechanisms_does_nothing():
    none = only(SCENARIO, ())
    assert at_work(none) == ()
    assert at_work(only(SCENARIO, ["electives deferred"])) == ("electives deferred",)
    assert set(at_work(SCENARIO)) == set(MECHANISMS) - {SERVICES}

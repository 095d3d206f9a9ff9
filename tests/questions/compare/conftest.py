"""Two arms of a small world, and the world without a programme, counted once for all tests of the comparison."""

import pytest

from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.runs import compare
from tests.small_world import CASE_MANAGERS, MEETINGS, small_scenario

STRONG = {
    "outpatient_spillover": 0.08,
    "avoidable_reduction": 0.5,
    "unmet_need_detection": 0.6,
    "outpatient_substitution": 0.4,
    "elective_deferral": 0.4,
    "treatment_deescalation": 0.5,
    "continuity_loss": 0.1,
}
MORE = (CASE_MANAGERS.model_copy(update={"case_managers": 4, "planned_weeks": 60}), MEETINGS)
SCENARIO = small_scenario(mechanisms=STRONG, quota=150, interventions=MORE)


@pytest.fixture(scope="session")
def arms():
    off = small_scenario(mechanisms=STRONG, quota=150, interventions=MORE, effects=False)
    nobody = small_scenario(mechanisms=STRONG, quota=0, interventions=MORE)
    random = small_scenario(mechanisms=STRONG, quota=150, interventions=MORE, policy="random")
    return tuple(Arm(*pair) for pair in (("on", SCENARIO), ("off", off), ("nobody", nobody), ("random", random)))


@pytest.fixture(scope="session")
def compared(arms):
    return compare(arms, 2, 1, drawn=False, evaluated=False)

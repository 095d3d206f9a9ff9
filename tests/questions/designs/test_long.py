"""Five years of follow-up with two years of history: every design that needs no trial gives a number."""

import numpy as np
import pytest

from icpsim.programme.schema import Site
from icpsim.questions.designs.answer import try_designs
from icpsim.scenario.schema import Study
from tests.small_world import CASE_MANAGERS, MEETINGS, small_scenario

pytestmark = pytest.mark.slow

DESIGNS = ("matched_did", "matched_did_same_area", "post_only_cohort", "practice_panel", "synthetic_control")
NAIVE = ("before_after", "unmatched_did")


def test_five_years_can_be_followed():
    scenario = small_scenario(
        sites=(Site(name="A", practices=3),),
        quota=90,
        interventions=(CASE_MANAGERS.model_copy(update={"case_managers": 3, "ramp_weeks": 0}), MEETINGS),
        pool_ratio=3.0,
    ).model_copy(update={"study": Study(history_weeks=104, programme_weeks=16, follow_up_weeks=260)})
    study = try_designs(scenario, 1, 1, designs=(*DESIGNS, *NAIVE), windows=(26, 260), drawn=False)
    assert study.problems == ()
    for name in (*DESIGNS, *NAIVE):
        for window in (26, 260):
            (row,) = (
                row
                for row in study.rows
                if (row.design, row.window, row.outcome) == (name, window, "emergency_admissions")
                and row.variant in ("", "raw", "gap afterwards")
            )
            assert np.isfinite([row.truth, row.bias, row.mean_se]).all()
    emergency = {
        row.window: row
        for row in study.rows
        if (row.design, row.variant, row.outcome) == ("matched_did", "raw", "emergency_admissions")
    }
    assert emergency[260].mean_se < emergency[26].mean_se  # ten times as long is more to go by

"""Points of a unit against the command that counts everything, and against points run alone."""

from __future__ import annotations

import numpy as np
import pytest

from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.unit import ComparedArms
from icpsim.questions.sensitivity.evaluations import Simulation, together
from icpsim.questions.sensitivity.inputs import read_inputs
from icpsim.questions.sensitivity.outcomes import UNITS, outcomes_of
from icpsim.questions.sensitivity.problem import Problem, space_of
from icpsim.questions.sensitivity.unit import EvaluatedPoints
from icpsim.scenario.schema import load


def problem(*varied: str) -> Problem:
    scenario = load("small")
    return Problem(scenario, space_of(read_inputs(varied, scenario), {}))


def test_a_point_is_what_compare_counts() -> None:
    asked = problem("onset_weeks", "unmet_need_detection", "economics.discount_rate=0:0.1")
    point = (5.0, 0.3, 0.08)
    found = EvaluatedPoints(asked, (point,), 3, 1, alone=True).run()
    arm = ComparedArms((Arm("x", asked.at(point)),), 3, 1, drawn=False, evaluated=False)
    expected = outcomes_of(arm.run(), asked.at(point), 3)
    for name in UNITS:
        if name.startswith("estimated"):
            assert np.isnan(found[f"0/{name}"])
        else:
            assert found[f"0/{name}"] == pytest.approx(expected[name], rel=1e-12), name


def test_money_without_the_list_wide_fall_is_the_second_life_s_or_is_not_told() -> None:
    asked = problem("outpatient_spillover=0:0.08")
    found = EvaluatedPoints(asked, ((0.08,), (0.0,)), 3, 1, alone=True).run()
    assert found["0/net_cost"] < found["0/net_cost_without_list_wide_fall"]
    assert found["0/net_cost_without_list_wide_fall"] == found["1/net_cost_without_list_wide_fall"]
    assert found["1/net_cost_without_list_wide_fall"] == found["1/net_cost"]
    untold = EvaluatedPoints(asked, ((0.08,), (0.0,)), 3, 1).run()
    assert np.isnan(untold["0/net_cost_without_list_wide_fall"])
    assert untold["1/net_cost_without_list_wide_fall"] == untold["1/net_cost"] == found["1/net_cost"]


def test_points_do_not_depend_on_their_neighbours_or_their_past() -> None:
    asked = problem("onset_weeks", "emergency.base_rate_85p", "programme_costs.case_management_post=30000:60000")
    assert asked.past_inputs == (1,)
    points = ((5.0, 0.16, 4e4), (5.0, 0.16, 5e4), (9.0, 0.19, 4e4), (9.0, 0.16, 4e4))
    whole = EvaluatedPoints(asked, points, 1, 0).run()
    for place in (1, 2):
        alone = EvaluatedPoints(asked, (points[place],), 1, 0).run()
        for name in ("net_cost", "emergency_admissions_avoided", "true_hospital_cost"):
            assert alone[f"0/{name}"] == whole[f"{place}/{name}"]
    assert whole["0/net_cost"] < whole["1/net_cost"]
    assert whole["0/emergency_admissions_avoided"] == whole["1/emergency_admissions_avoided"]


def test_what_only_the_reckoning_parts_is_simulated_together() -> None:
    asked = problem("onset_weeks", "economics.discount_rate=0:0.1")
    points = [(float(4 + k % 70 / 10), 0.01 * (k % 7)) for k in range(210)]
    chunks = together(asked, points)
    assert sorted(place for chunk in chunks for place in chunk) == list(range(210))
    lived = [{points[place][0] for place in chunk} for chunk in chunks]
    assert sum(map(len, lived)) == 70


@pytest.mark.slow
def test_workers_and_an_earlier_stop_change_nothing(tmp_path: object) -> None:
    asked = problem("onset_weeks", "avoidable_reduction")
    points = np.array([[4.0 + k / 20, 0.002 * k] for k in range(80)])
    one = Simulation(asked, ("net_cost",), 1).evaluate(points, 2, "x")
    two = Simulation(asked, ("net_cost",), 1, workers=2).evaluate(points, 2, "x")
    np.testing.assert_array_equal(one["net_cost"], two["net_cost"])

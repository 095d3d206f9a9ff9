"""The model as a plain function, and the tools that call it unchanged."""

from __future__ import annotations

import pytest
from mesa.batchrunner import batch_run
from SALib import ProblemSpec

from icpsim import simulate
from icpsim.data.tables import ParameterError
from icpsim.questions.compare.arms import Arm
from icpsim.questions.compare.unit import ComparedArms
from icpsim.questions.errors import SensitivityError
from icpsim.questions.sensitivity.outcomes import outcomes_of
from icpsim.questions.simulate import forget, of_points
from icpsim.scenario.errors import ScenarioError
from icpsim.scenario.schema import load


def test_it_is_what_compare_counts_with_the_same_parameters() -> None:
    found = simulate("small", mechanisms__onset_weeks=6, seed=2)
    scenario = load("small", ("mechanisms.onset_weeks=6",))
    row = ComparedArms((Arm("x", scenario),), 2, 0, drawn=False, evaluated=False).run()
    expected = outcomes_of(row, scenario, 2)
    assert found == pytest.approx({name: expected[name] for name in found}, rel=1e-12)


def test_names_may_be_short_whole_or_settings() -> None:
    assert simulate("small", onset_weeks=6) == simulate("small", **{"mechanisms.onset_weeks": 6})
    managers = "programmes__0__interventions__0__case_managers"
    assert simulate("small", **{managers: 1})["net_cost"] != simulate("small", **{managers: 3})["net_cost"]


def test_a_kept_past_changes_nothing() -> None:
    first = simulate("small", onset_weeks=6)
    simulate("small", onset_weeks=11)
    forget()
    assert simulate("small", onset_weeks=6) == first


def test_replicates_are_averaged() -> None:
    both = simulate("small", replicates=2)["net_cost"]
    assert both != simulate("small")["net_cost"]


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"onset_week": 6}, (ParameterError, ScenarioError), "did you mean"),
        ({"programmes__0__interventions__0__case_managerss": 2}, ScenarioError, "case_managers"),
        ({"onset_weeks": "long"}, (ScenarioError, ParameterError, ValueError), "long"),
    ],
)
def test_wrong_names_and_values_are_told(given: dict[str, object], error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        simulate("small", **given)


def test_mesa_takes_it_for_a_model() -> None:
    rows = batch_run(simulate, {"scenario": "small", "onset_weeks": [4, 12]}, display_progress=False)
    assert [row["onset_weeks"] for row in rows] == [4, 12]
    assert rows[1]["net_cost"] == simulate("small", onset_weeks=12, seed=1)["net_cost"]


def test_salib_evaluates_it() -> None:
    problem = ProblemSpec({"num_vars": 2, "names": ["onset_weeks", "site_sd"], "bounds": [[4, 12], [0, 0.3]]})
    problem.sample_latin(3, seed=1).evaluate(of_points("small", problem["names"], "net_cost"))
    first = dict(zip(problem["names"], problem.samples[0].tolist(), strict=True))
    assert problem.results[0] == simulate("small", **first)["net_cost"]
    with pytest.raises(SensitivityError, match="did you mean 'net_cost'"):
        of_points("small", ["onset_weeks"], "net_costs")


def test_the_public_name_stays_the_function() -> None:
    """A module of the same name would take its place on the second import."""
    import icpsim

    assert callable(icpsim.simulate)
    assert icpsim.simulate is simulate

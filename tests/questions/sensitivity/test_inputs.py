"""What may vary: how it is written, what it stands for, and what is refused with which words."""

from __future__ import annotations

import pytest

from icpsim.inference.posterior import shipped_draws
from icpsim.questions.errors import SensitivityError
from icpsim.questions.sensitivity.ask import check_asked, read_space
from icpsim.questions.sensitivity.inputs import read_inputs
from icpsim.questions.sensitivity.methods import METHODS
from icpsim.questions.sensitivity.problem import Problem
from icpsim.questions.sensitivity.sources import sample_points
from icpsim.scenario.errors import ScenarioError
from icpsim.scenario.schema import load

SMALL = load("small")
MANAGERS = "programmes.0.interventions.0.case_managers"


def test_a_table_and_a_role_stand_for_their_parameters() -> None:
    prices = read_inputs(["price"], SMALL)
    assert {one.key.partition(".")[0] for one in prices} >= {"programme_costs", "prices"}
    assert all(one.low < one.high for one in prices)
    (one,) = read_inputs(["onset_weeks"], SMALL)
    assert (one.key, one.low, one.high) == ("mechanisms.onset_weeks", 4.0, 12.0)


def test_values_become_what_the_scenario_reads() -> None:
    asked = (f"{MANAGERS}=1:3", "programmes.0.targeting.policy=gp_nomination,risk_score", "onset_weeks=4:8")
    space = read_space(SMALL, asked, ())
    problem = Problem(SMALL, space)
    low, high = ([one.bounds[end] for one in space.inputs] for end in (0, 1))
    assert problem.at(low).programmes[0].interventions[0].model_dump()["case_managers"] == 1
    assert problem.at(high).programmes[0].interventions[0].model_dump()["case_managers"] == 3
    assert problem.at(high).programmes[0].targeting.policy == "risk_score"
    assert problem.at(high).parameters["mechanisms.onset_weeks"] == 8.0
    assert problem.past_inputs == ()


def test_without_anything_said_the_calibrated_mechanisms_vary() -> None:
    space = read_space(SMALL, (), ())
    assert len(space.inputs) == 12
    assert set(space.names) < set(shipped_draws().names)


@pytest.mark.parametrize(
    ("varied", "words"),
    [
        ("onset_week", "did you mean 'onset_weeks'?"),
        (MANAGERS, f"write {MANAGERS}=lo:hi"),
        ("onset_weeks=8:4", "a range goes from a number to a larger one"),
        ("onset_weeks=5", "one value does not vary"),
        ("mechanisms=0:1", "stands for"),
    ],
)
def test_what_cannot_vary_is_refused(varied: str, words: str) -> None:
    with pytest.raises(SensitivityError, match=words.replace("?", r"\?")):
        read_inputs([varied], SMALL)


def test_an_end_that_the_scenario_cannot_have_is_refused() -> None:
    with pytest.raises(ScenarioError, match="case_managers"):
        read_inputs([f"{MANAGERS}=-2:3"], SMALL)


@pytest.mark.parametrize(
    ("method", "source", "samples", "words"),
    [
        ("sobol", "posterior", None, "delta or pawn"),
        ("morris+sobol", "posterior", None, "delta or pawn"),
        ("sobol", "prior", 100, "64 or 128"),
        ("sobbol", "prior", None, "did you mean 'sobol'"),
        ("delta", "prior", 50, "100 or more"),
        ("morris", "posteriors", None, "did you mean 'posterior'"),
    ],
)
def test_methods_that_cannot_be_had_are_refused(method: str, source: str, samples: int | None, words: str) -> None:
    with pytest.raises(SensitivityError, match=words):
        check_asked(method, source, samples, read_space(SMALL, (), ()))


def test_groups_move_together() -> None:
    space = read_space(SMALL, ("onset_weeks", "avoidable_reduction", "site_sd"), ("strength=onset_weeks,site_sd",))
    assert space.factors == ("strength", "mechanisms.avoidable_reduction")
    points = METHODS["sobol"].sample(space, 8, 1)
    assert len(points) == 8 * (2 + 2)
    with pytest.raises(SensitivityError, match="does not vary"):
        read_space(SMALL, ("onset_weeks", "site_sd"), ("a=avoidable_reduction",))
    with pytest.raises(SensitivityError, match="singly"):
        check_asked("delta", "prior", 200, space)


def test_the_first_half_of_a_sample_is_the_smaller_sample() -> None:
    """So that more samples go on from finished units."""
    space = read_space(SMALL, (), ())
    few, many = (METHODS["sobol"].sample(space, n, 7) for n in (16, 32))
    assert (many[: len(few)] == few).all()


def test_a_posterior_sample_has_whole_draws_in_their_weights() -> None:
    space = read_space(SMALL, (), ())
    points = sample_points("posterior", METHODS["delta"], space, 2000, 3)
    draws = shipped_draws()
    columns = [draws.names.index(name) for name in space.names]
    kept = {tuple(row) for row in draws.values[:, columns].tolist()}
    assert all(tuple(row) in kept for row in points.tolist())
    means = draws.weight @ draws.values[:, columns]
    sds = (draws.weight @ (draws.values[:, columns] - means) ** 2) ** 0.5
    assert (abs(points.mean(axis=0) - means) < 4 * sds / 2000**0.5).all()
    half = points[:1000].mean(axis=0)
    assert (abs(half - means) < 5 * sds / 1000**0.5).all()

"""Draws of the posterior: keyed, by weight, in force where the scenario says nothing itself."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from icpsim.inference.posterior import PosteriorError, drawn_scenario, shipped_draws, shipped_report
from icpsim.scenario.overrides import with_values
from icpsim.scenario.schema import load

VALUES = {
    "mechanisms.elective_deferral": 0.11,
    "mechanisms.gp_information": 0.9,
    "other pilots: mechanisms.elective_deferral": 0.22,
}


def write(folder, weight=(0.7, 0.2, 0.1)):
    table = {
        "weight": list(weight),
        "explanation": ["both", "detection", "neither"],
        "mechanisms.gp_information": [0.1, 0.2, 0.3],
        "true_cm_emergency": [-0.1, 0.0, 0.1],
    }
    pq.write_table(pa.table(table), folder / "draws.parquet")


def test_values_hold_where_the_scenario_says_nothing():
    scenario = with_values(load("null-risk-list"), VALUES)
    assert scenario.parameters["mechanisms.elective_deferral"] == 0.11
    assert scenario.parameters["mechanisms.gp_information"] == 0


def test_a_value_named_for_a_programme_holds_there_alone():
    scenario = with_values(load("all-sites"), VALUES)
    ours, others = scenario.programmes
    assert "mechanisms.elective_deferral" not in ours.parameters
    assert others.parameters["mechanisms.elective_deferral"] == 0.22
    assert others.parameters["mechanisms.gp_information"] == 0
    assert load("all-sites").programmes[1].parameters["mechanisms.elective_deferral"] == 0


def test_what_is_set_on_the_command_line_stays():
    scenario = drawn_scenario(load("small", ["mechanisms.elective_deferral=0.4"]), 1, 0)
    assert scenario.parameters["mechanisms.elective_deferral"] == 0.4


def test_draws_come_by_weight_and_by_key(tmp_path):
    """Of 2,000 replicates; binomial, 4.5 standard deviations: false alarm below 1 in 50,000."""
    write(tmp_path)
    draws = shipped_draws(tmp_path)
    assert draws.names == ("mechanisms.gp_information",)
    found = np.array([draws.of(1, k)["mechanisms.gp_information"] for k in range(2000)])
    for value, share in ((0.1, 0.7), (0.2, 0.2), (0.3, 0.1)):
        assert abs((found == value).mean() - share) < 4.5 * np.sqrt(share * (1 - share) / 2000)
    assert [draws.of(1, k) for k in range(9)] == [draws.of(1, k) for k in range(9)]
    assert [draws.of(1, k) for k in range(40)] != [draws.of(2, k) for k in range(40)]


def test_a_replicate_has_the_explanation_of_its_draw(tmp_path):
    write(tmp_path)
    draws = shipped_draws(tmp_path)
    of_value = {0.1: "both", 0.2: "detection", 0.3: "neither"}
    for k in range(50):
        assert draws.explanation_of(1, k) == of_value[draws.of(1, k)["mechanisms.gp_information"]]
    assert len({draws.explanation_of(1, k) for k in range(50)}) > 1


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(PosteriorError, match="no draws of a posterior"):
        shipped_draws(tmp_path)
    with pytest.raises(PosteriorError, match="no report"):
        shipped_report(tmp_path)


def test_what_is_shipped_is_whole():
    draws, report = shipped_draws(), shipped_report()
    assert draws.weight.sum() == pytest.approx(1.0)
    assert (draws.weight > 0).all()
    assert set(draws.names) == {row["name"] for row in report["parameters"]}
    for row in report["parameters"]:
        values = draws.values[:, draws.names.index(row["name"])]
        acting = values[values != 0]
        assert ((acting >= row["prior_low"]) & (acting <= row["prior_high"])).all()
        assert draws.weight @ values == pytest.approx(row["posterior_mean"], abs=0.1 * row["posterior_sd"] + 1e-9)
    json.dumps(report, allow_nan=False)


def test_the_reports_probabilities_are_those_of_the_draws():
    draws, report = shipped_draws(), shipped_report()
    for row in report["explanations"]:
        mine = np.array([name == row["name"] for name in draws.explanation])
        assert draws.weight[mine].sum() == pytest.approx(row["probability"], abs=0.01)
    effect = draws.effects["true_cm_emergency"]
    answer = report["answers"][0]
    assert draws.weight[effect > 0.01].sum() == pytest.approx(answer["rose"], abs=0.06)
    assert draws.weight[effect < -0.01].sum() == pytest.approx(answer["fell"], abs=0.06)

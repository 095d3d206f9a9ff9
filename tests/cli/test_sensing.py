"""``icpsim sensitivity`` and ``icpsim discover``: what they print, write and refuse, on a small world."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from icpsim.cli.main import app
from icpsim.inference.posterior import shipped_draws
from icpsim.questions.sensitivity.answer import NOTHING
from tests.small_world import CASE_MANAGERS, MEETINGS, small_scenario

from .test_asking import refused

POST = "programme_costs.case_management_post=30000:50000"
TARIFF = "prices.outpatient_follow_up"
AVOIDED = "mechanisms.avoidable_reduction"
MEETING = "programme_costs.mdt_meeting_hour=300:3000"
ONCE = ("--replicates", "1", "--workers", "1")
TWICE = ("--replicates", "2", "--workers", "1")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Write a small scenario in which enough is done for effects to be seen."""
    file = tmp_path_factory.mktemp("sensing") / "trial.yaml"
    more = (CASE_MANAGERS.model_copy(update={"case_managers": 3, "planned_weeks": 40}), MEETINGS)
    file.write_text(small_scenario(quota=120, interventions=more).to_yaml(), encoding="utf-8")
    return file


def told(*arguments):
    done = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def rows(answer, measure):
    return {row["factor"]: row for row in answer["outcomes"][0]["indices"] if row["measure"] == measure}


def test_two_prices_explain_all_of_net_cost_and_leave_nothing_to_chance(world):
    """Net cost is a sum of the two: shares alone add up to 1 and are those with the other, but for sampling.

    How many meetings have somebody to discuss differs a little between replicates: under a thousandth.
    """
    answer = told("sensitivity", world, "--method", "sobol", "--samples", 64, "--vary", POST, "--vary", MEETING,
                  "--outcome", "net_cost", *TWICE)  # fmt: skip
    first, total = rows(answer, "first"), rows(answer, "total")
    assert sum(row["value"] for row in first.values()) == pytest.approx(1.0, abs=0.1)
    for name, row in first.items():
        assert row["value"] == pytest.approx(total[name]["value"], abs=0.1)
        assert row["value"] > 0.05
    assert answer["outcomes"][0]["chance_share"] == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize("method", ["pawn", "delta"])
def test_methods_of_given_data_take_whole_draws_of_the_posterior(world, method, tmp_path):
    out = tmp_path / "out"
    answer = told("sensitivity", world, "--method", method, "--from", "posterior", "--samples", 100, "--outcome",
                  "net_cost", "--out", out, *ONCE)  # fmt: skip
    assert (answer["from"], answer["points"]) == ("posterior", 100)
    found = rows(answer, method)
    assert NOTHING in found
    assert len(found) == 13
    assert all(0.0 <= row["value"] <= 1.0 for row in found.values())
    names = [one["key"] for one in answer["inputs"]]
    table = pq.read_table(out / "evaluations.parquet")
    points = np.column_stack([table[name].to_numpy() for name in names])
    draws = shipped_draws()
    places = [list(draws.names).index(name) for name in names]
    whole = {tuple(row) for row in draws.values[:, places].round(9).tolist()}
    assert {tuple(row) for row in points.round(9).tolist()} <= whole
    assert {path.name for path in out.iterdir()} >= {"answer.json", "answer.txt", "indices.parquet", "indices.png"}


def test_estimated_effects_can_be_explained_too(world):
    """The more is avoided the lower the estimate, on the same people and draws; a price moves no estimate."""
    answer = told("sensitivity", world, "--method", "morris", "--samples", 4, "--vary", POST, "--vary",
                  "avoidable_reduction=0:0.9", "--outcome", "estimated_emergency_admissions", *ONCE)  # fmt: skip
    price, avoided = (rows(answer, "mu")[name]["value"] for name in (POST.partition("=")[0], AVOIDED))
    assert price == 0.0
    assert avoided < 0.0
    assert any("not known from one replicate" in line for line in answer["sentences"])


def test_outcomes_have_the_sign_that_they_are_called_by(world):
    """The more a team avoids the more admissions are avoided; the dearer a post the more it costs."""
    outcomes = [word for name in ("emergency_admissions_avoided", "net_cost") for word in ("--outcome", name)]
    answer = told("sensitivity", world, "--method", "morris", "--samples", 4, "--vary", POST, "--vary",
                  f"{AVOIDED}=0:0.9", *outcomes, *ONCE)  # fmt: skip
    avoided, cost = (
        {row["factor"]: row["value"] for row in outcome["indices"] if row["measure"] == "mu"}
        for outcome in answer["outcomes"]
    )
    assert avoided[AVOIDED] > 0.0
    assert cost[POST.partition("=")[0]] > 0.0


def test_natural_history_and_tariffs_have_a_past_each(world):
    """A tariff moves money and no admission; how fast people flare up moves what care costs."""
    outcomes = ("--outcome", "emergency_admissions_avoided", "--outcome", "net_cost")
    varied = ("--vary", "emergency.flare_ratio", "--vary", f"{TARIFF}=50:200")
    answer = told("sensitivity", world, "--method", "morris", "--samples", 4, *varied, *outcomes, *ONCE)
    avoided, cost = (
        {row["factor"]: row["value"] for row in outcome["indices"] if row["measure"] == "mu_star"}
        for outcome in answer["outcomes"]
    )
    assert avoided[TARIFF] == 0.0
    assert cost[TARIFF] > 0.0
    assert cost["emergency.flare_ratio"] > 0.0


@pytest.mark.parametrize("source", ["prior", "posterior"])
def test_where_a_policy_fails_is_one_object_and_a_folder(world, source, tmp_path):
    answer = told("discover", world, "--fails", "net_cost>0", "--samples", 100, "--from", source, "--out",
                  tmp_path / "out", *ONCE)  # fmt: skip
    assert answer["from"] == source
    assert answer["points"] == 100
    assert answer["failing_share"] == pytest.approx(1.0, abs=0.05)  # so few staff cost more than they save
    assert not answer["good_on_average"]
    assert json.loads((tmp_path / "out" / "answer.json").read_text()) == answer


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--method", "sobbol"), "did you mean 'sobol'"),
        (("--method", "sobol", "--samples", 100), "64 or 128"),
        (("--method", "sobol", "--from", "posterior"), "delta or pawn"),
        (("--vary", "avoidable_reductoin"), "did you mean 'avoidable_reduction'"),
        (("--outcome", "net_costs"), "did you mean 'net_cost'"),
        (("--backend", "dask"), "--scheduler"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments, says, world):
    assert says in refused("sensitivity", world, *arguments)


def test_a_failure_that_cannot_be_read_is_refused(world):
    assert "did you mean 'net_cost'" in refused("discover", world, "--fails", "net_costs>0")
    assert "net_cost" in refused("discover", world, "--fails", "net_cost=0")

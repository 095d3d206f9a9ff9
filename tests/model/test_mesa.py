"""The model among Mesa's own tools: agents by type, data collector, batch runs."""

import inspect
from types import SimpleNamespace

import mesa
import numpy as np
import pandas as pd
import pytest

from icpsim import simulate
from icpsim.model.gp_practice import GPPractice
from icpsim.model.hospital import Hospital
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.programme.community_team import CommunityTeam
from icpsim.scenario.schema import Run
from tests.small_world import simulated, small_scenario

BATCH_SERIES = {
    "emergency_admissions": "emergency",
    "elective_admissions": "elective",
    "bed_nights": "bed_nights",
}
"""Series of the model in a batch, and the hospitals' weekly totals that they add up."""


def test_agents_by_type(tiny):
    kinds = tiny.agents_by_type
    assert {kind: len(agents) for kind, agents in kinds.items()} == {GPPractice: 6, CommunityTeam: 2, Hospital: 3}
    assert [agent.number for agent in kinds[GPPractice]] == list(range(6))
    assert [agent.name for agent in kinds[GPPractice] if agent.register.site >= 0] == ["A/0", "B/0", "B/1"]
    assert kinds[CommunityTeam].get("quota") == [20, 40]


def test_unique_ids_are_unique(tiny):
    ids = [agent.unique_id for agent in tiny.agents]
    assert len(set(ids)) == len(ids) == 11


def test_model_series_are_the_regions_totals(tiny_by_step):
    series = tiny_by_step.datacollector.get_model_vars_dataframe()
    totals = tiny_by_step.region.hospital_weeks
    assert series["week"].tolist() == list(range(1, 159))
    assert series["emergency_admissions"].tolist() == totals["emergency"].sum(axis=0).tolist()
    assert series["elective_admissions"].tolist() == totals["elective"].sum(axis=0).tolist()
    assert series["emergency_admissions"].sum() == (tiny_by_step.records().spells["method"] == 0).sum()


def caseload(people):
    """Count who is on a caseload in each week of the study."""
    return [
        ((people["enrolled"] <= w) & (w < people["discharged"]) & (people["death_week"] > w)).sum()
        for w in range(158)
    ]


def test_caseload_series_is_who_was_on_it(tiny_by_step):
    series = tiny_by_step.datacollector.get_model_vars_dataframe()["caseload"].to_numpy()
    people = tiny_by_step.region.people
    assert series.tolist() == caseload(people)
    assert series[:104].sum() == 0
    assert series.max() > 20


def test_hospital_series_are_each_hospitals_totals(tiny_with_feedback):
    frame = tiny_with_feedback.datacollector.get_agenttype_vars_dataframe(Hospital).reset_index()
    totals = tiny_with_feedback.region.hospital_weeks
    for number in range(3):
        own = frame[frame["number"] == number]
        assert own["hospital_bed_nights"].tolist() == totals["bed_nights"][number].tolist()
        assert own["cancelled"].tolist() == totals["cancelled"][number].tolist()
        beds = tiny_with_feedback.hospitals[number].beds
        assert own["occupancy"].to_numpy()[60:] == pytest.approx(totals["bed_nights"][number][60:] / 7 / beds)
        assert (own["occupancy"].to_numpy()[:50] == 0).all()


def test_team_series_add_up_to_the_models(tiny_by_step):
    collector = tiny_by_step.datacollector
    frame = collector.get_agenttype_vars_dataframe(CommunityTeam).reset_index()
    assert set(frame["site"]) == {0, 1}
    by_week = frame.groupby("Step")["team_caseload"].sum().to_numpy()
    assert by_week.tolist() == collector.get_model_vars_dataframe()["caseload"].tolist()


def test_batch_run_of_two_replicates(tmp_path):
    """Series of the model come out of a batch, whatever else comes with them; Mesa 3.4 drops the last week."""
    path = tmp_path / "tiny.yaml"
    path.write_text(small_scenario().to_yaml(), encoding="utf-8")
    rows = mesa.batch_run(
        IntegratedCareModel,
        parameters={"scenario": str(path), "replicate": [0, 1]},
        max_steps=200,
        data_collection_period=1,
        number_processes=1,
        display_progress=False,
    )
    series = pd.DataFrame(rows)
    totals = {}
    for replicate, own in series[series["week"] > 0].groupby("replicate"):
        by_week = own.drop_duplicates("week").set_index("week").sort_index()
        alone = simulated(small_scenario(), replicate=int(replicate))
        assert by_week.index.tolist() in (list(range(1, 159)), list(range(1, 158)))
        for column, total in BATCH_SERIES.items():
            weekly = alone.region.hospital_weeks[total].sum(axis=0)[: len(by_week)]
            assert by_week[column].tolist() == weekly.tolist(), column
        assert by_week["caseload"].tolist() == caseload(alone.region.people)[: len(by_week)]
        totals[replicate] = by_week[list(BATCH_SERIES)].sum().tolist()
    assert len(totals) == 2
    assert [a == b for a, b in zip(totals[0], totals[1], strict=True)] == [False] * 3


def test_series_of_hospitals_and_teams_add_up_to_the_models():
    model = IntegratedCareModel(small_scenario())
    for _ in range(60):
        model.step()
    collector = model.datacollector
    hospitals = collector.get_agenttype_vars_dataframe(Hospital).reset_index()
    by_week = hospitals.groupby("Step")["hospital_bed_nights"].sum()
    assert len(hospitals) == 60 * 3
    assert by_week.tolist() == collector.get_model_vars_dataframe()["bed_nights"].tolist()
    teams = collector.get_agenttype_vars_dataframe(CommunityTeam).reset_index()
    assert sorted(set(teams["site"])) == [0, 1]


def test_no_series_of_an_agent_hides_one_of_the_model(tiny):
    """From Mesa 3.4 on a row of batch_run holds both, the agent's over the model's."""
    collector = tiny.datacollector
    named = [name for reporters in collector.agenttype_reporters.values() for name in reporters]
    assert len(named) >= 7
    assert set(named) & set(collector.model_reporters) == set()


def people(*given, **options):
    """Return the people that a model begins with."""
    return IntegratedCareModel(*given, **options).region.people


def test_mesas_rng_seeds_the_people():
    assert np.array_equal(people(small_scenario(), rng=7), people(small_scenario(), seed=7))


def test_no_seed_is_the_scenarios_own():
    """Mesa's batch_run gives ``seed=None`` from 3.4 on, whatever stands among its parameters."""
    other = small_scenario(run=Run(seed=3))
    assert np.array_equal(people(other, seed=None), people(other, seed=3))
    assert not np.array_equal(people(other), people(other, seed=1))


def test_a_generator_of_mesas_is_used():
    one, same, other = (people(small_scenario(), rng=np.random.default_rng(key)) for key in (5, 5, 6))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_mesas_own_scenario_is_left_to_mesa():
    """Mesa 3.5 sets ``Model.scenario`` to one of its own, which it writes the model into."""
    model = IntegratedCareModel(small_scenario())
    assert model.icp_scenario == small_scenario()
    assert getattr(model, "scenario", None) is not model.icp_scenario


def mesas_scenario(**parameters):
    """Return a scenario of Mesa's own, where this Mesa has them (from 3.5 on, and another module before)."""
    scenarios = pytest.importorskip("mesa.experimental.scenarios", reason="this Mesa has no scenarios")
    return scenarios.Scenario(**parameters)


def test_a_scenario_of_mesas_carries_the_arguments():
    given = mesas_scenario(icp_scenario=small_scenario(), seed=4, replicate=2)
    model = IntegratedCareModel(given)
    assert (model.scenario, model.icp_scenario, model.seed, model.replicate) == (given, small_scenario(), 4, 2)
    assert np.array_equal(model.region.people, people(small_scenario(), seed=4, replicate=2))


def test_what_no_model_takes_is_told():
    """Held on every Mesa: an object with attributes is all that a scenario of Mesa's is."""
    with pytest.raises(TypeError, match="no argument replicates; it may carry icp_scenario, seed, replicate"):
        IntegratedCareModel(SimpleNamespace(rng=1, replicates=2))


@pytest.mark.parametrize("model", [IntegratedCareModel, simulate])
def test_batch_run_gives_seeds_as_this_mesa_does(model, tmp_path):
    """From 3.4 on ``rng`` holds seeds and takes the place of a ``seed`` among the parameters."""
    path = tmp_path / "tiny.yaml"
    path.write_text(small_scenario().to_yaml(), encoding="utf-8")
    newer = "rng" in inspect.signature(mesa.batch_run).parameters
    seeds = {"rng": [1, 2]} if newer else {}
    parameters = {"scenario": str(path)} | ({} if newer else {"seed": [1, 2]})
    rows = pd.DataFrame(
        mesa.batch_run(model, parameters, max_steps=2, number_processes=1, display_progress=False, **seeds)
    )
    values = rows.drop_duplicates("seed").drop(columns=["RunId", "iteration", "seed", "scenario"])
    assert rows["seed"].unique().tolist() == [1, 2]
    assert not values.iloc[0].equals(values.iloc[1])

"""The model among Mesa's own tools: agents by type, data collector, batch runs."""

import mesa
import numpy as np
import pandas as pd
import pytest
from small_world import simulated, small_scenario

from icpsim.agents.community_team import CommunityTeam
from icpsim.agents.gp_practice import GPPractice
from icpsim.agents.hospital import Hospital
from icpsim.model import IntegratedCareModel

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
    assert [agent.name for agent in kinds[GPPractice] if agent.in_pilot] == ["A/0", "B/0", "B/1"]
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
        assert own["bed_nights"].tolist() == totals["bed_nights"][number].tolist()
        assert own["cancelled"].tolist() == totals["cancelled"][number].tolist()
        beds = tiny_with_feedback.hospitals[number].beds
        assert own["occupancy"].to_numpy()[60:] == pytest.approx(totals["bed_nights"][number][60:] / 7 / beds)
        assert (own["occupancy"].to_numpy()[:50] == 0).all()


def test_team_series_add_up_to_the_models(tiny_by_step):
    collector = tiny_by_step.datacollector
    frame = collector.get_agenttype_vars_dataframe(CommunityTeam).reset_index()
    assert set(frame["site"]) == {0, 1}
    by_week = frame.groupby("Step")["caseload"].sum().to_numpy()
    assert by_week.tolist() == collector.get_model_vars_dataframe()["caseload"].tolist()


def test_batch_run_of_two_replicates(tmp_path):
    """Series of the model come out of a batch; those of hospitals and teams do not (next test)."""
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
        assert by_week.index.tolist() == list(range(1, 159))
        for column, total in BATCH_SERIES.items():
            weekly = alone.region.hospital_weeks[total].sum(axis=0)
            assert by_week[column].tolist() == weekly.tolist(), column
        assert by_week["caseload"].tolist() == caseload(alone.region.people)
        totals[replicate] = by_week[list(BATCH_SERIES)].sum().tolist()
    assert len(totals) == 2
    assert [a == b for a, b in zip(totals[0], totals[1], strict=True)] == [False] * 3


def test_series_of_hospitals_and_teams_come_from_a_models_own_collector(tmp_path):
    """Mesa 3's batch_run reads agent_reporters, not agenttype_reporters, so a batch has only the model's own."""
    path = tmp_path / "tiny.yaml"
    path.write_text(small_scenario().to_yaml(), encoding="utf-8")
    model = IntegratedCareModel(str(path))
    for _ in range(60):
        model.step()
    collector = model.datacollector
    hospitals = collector.get_agenttype_vars_dataframe(Hospital).reset_index()
    by_week = hospitals.groupby("Step")["bed_nights"].sum()
    assert len(hospitals) == 60 * 3
    assert by_week.tolist() == collector.get_model_vars_dataframe()["bed_nights"].tolist()
    teams = collector.get_agenttype_vars_dataframe(CommunityTeam).reset_index()
    assert sorted(set(teams["site"])) == [0, 1]
    rows = mesa.batch_run(
        IntegratedCareModel,
        parameters={"scenario": str(path)},
        max_steps=2,
        number_processes=1,
        display_progress=False,
    )
    assert {"bed_nights", "caseload", "emergency_admissions", "elective_admissions"} <= set(rows[-1])
    assert not {"number", "occupancy", "site", "AgentID"} & set(rows[-1])


def test_mesas_rng_seeds_the_people():
    by_rng = IntegratedCareModel(small_scenario(), rng=7)
    assert np.array_equal(by_rng.region.people, IntegratedCareModel(small_scenario(), seed=7).region.people)

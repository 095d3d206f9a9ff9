"""One replicate: it leaves nothing behind that would grow with their number."""

import gc
import weakref

import numpy as np
import pytest

from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.model.true_effect import without_effects
from icpsim.questions.run import replicate
from icpsim.records.schema import Method
from icpsim.scenario.schema import EvaluationPart
from tests.small_world import simulated, small_scenario


def test_people_are_let_go_when_a_replicate_is_done(monkeypatch):
    """Agents and model refer to each other, so only ``close`` lets go before the next sweep; gc is off here."""
    regions = []

    class Watched(IntegratedCareModel):
        def run(self, *args):
            regions.append(weakref.ref(self.region))
            super().run(*args)

    monkeypatch.setattr(replicate, "IntegratedCareModel", Watched)
    gc.disable()
    try:
        done = replicate.run_replicate(small_scenario(), 1, 0)
        assert done.enrolled == 60
        assert [region() for region in regions] == [None]
    finally:
        gc.enable()


def emergencies_after(records, persons, index_week, window):
    """Count emergency admissions of these people from their index weeks on, one after the other."""
    spells = records.spells[records.spells["method"] == Method.EMERGENCY]
    weeks = (spells["admitted"][spells["person"] == person].astype(int) for person in persons)
    return sum(
        int(((own >= week) & (own < week + window)).sum()) for own, week in zip(weeks, index_week, strict=True)
    )


def test_truth_in_all_cases_counts_those_without_a_control_too():
    """Counted person by person in both worlds; some cases have no control, and were left out of it."""
    scenario = small_scenario(pool_ratio=3.0, evaluation=EvaluationPart(caliper=0.3))
    done = replicate.run_replicate(scenario, 1, 0)
    assert done.evaluation.cases_unmatched > 0
    model = simulated(scenario, seed=1, replicate=0)
    lives = without_effects(model, model.records())
    week, window = lives.factual.enrolments["week"], scenario.evaluation.window_weeks
    with_programme = emergencies_after(lives.factual, lives.person, week, window)
    without = emergencies_after(lives.counterfactual, lives.counterfactual_person, week, window)
    in_all, in_matched = (
        next(row for row in rows if row.outcome == "emergency_admissions")
        for rows in (done.truth_enrolled, done.truth)
    )
    assert in_all.effect == pytest.approx(np.log(with_programme / without))
    assert in_all.effect != pytest.approx(in_matched.effect)

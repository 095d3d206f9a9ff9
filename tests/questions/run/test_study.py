"""A study adds up, says what it left out, and is the same whoever computes it and in whatever order."""

import dataclasses
import json
import math

import numpy as np
import pytest

from icpsim.data.published_effects import load_targets
from icpsim.inference.posterior import drawn_scenario
from icpsim.questions.run import unit
from icpsim.questions.run.replicate import Replicate, run_replicate
from icpsim.questions.run.show_json import as_object
from icpsim.questions.run.study import run_study
from icpsim.questions.run.summary import StudyError, summarise
from icpsim.questions.run.unit import WHOLE, ReplicateOnce, from_text
from icpsim.scenario.schema import EvaluationPart
from tests.small_world import small_scenario

OBSERVED = "case-management-sites"
SCENARIO = small_scenario(pool_ratio=3.0, observed=OBSERVED)
OUTCOMES = 8
"""Outcomes that hospital records show; GP consultations are a ninth, without an estimate."""


def one_replicate(scenario, seed, number, drawn=True):
    """One replicate, through its unit of work."""
    return from_text(ReplicateOnce(scenario, seed, number, drawn).run()[WHOLE])


@pytest.fixture(scope="module")
def replicates():
    return [one_replicate(SCENARIO, 1, number) for number in (0, 1)]


@pytest.fixture(scope="module")
def study():
    return run_study(SCENARIO, replicates=2, seed=1)


def as_text(result) -> str:
    return json.dumps(as_object(result, OBSERVED), sort_keys=True, allow_nan=False)


def column(result, outcome, name):
    return np.array([row[name] for row in result.replicate_rows if row["outcome"] == outcome], np.float64)


def estimated(result):
    return [row for row in result.outcomes if np.isfinite(column(result, row.outcome, "estimate")).any()]


# ---- rows add up ----


def test_one_row_for_each_replicate_and_outcome(study):
    keys = [(row["replicate"], row["outcome"]) for row in study.replicate_rows]
    assert len(set(keys)) == len(keys) == 2 * OUTCOMES
    assert study.replicates == 2
    assert [row.outcome for row in study.outcomes][OUTCOMES:] == ["gp_consultations"]


def test_an_estimate_follows_from_its_own_four_means(study):
    for row in study.replicate_rows:
        b1, a1, b0, a0 = (
            row[name] for name in ("before_cases", "after_cases", "before_controls", "after_controls")
        )
        if row["measure"] == "difference_gbp":
            assert row["estimate"] == pytest.approx((a1 - b1) - (a0 - b0))
        elif math.isfinite(row["estimate"]):
            assert row["estimate"] == pytest.approx(math.log(a1 * b0 / (b1 * a0)))


def test_the_summary_is_the_mean_of_the_replicates(study):
    compared = 0
    for row in study.outcomes[:OUTCOMES]:
        back = np.exp if row.measure == "rate_ratio" else np.asarray
        triple = (row.estimated, "estimate"), (row.true, "true"), (row.true_enrolled, "true_enrolled")
        for shown, name in triple:
            values = column(study, row.outcome, name)
            if np.isfinite(values).all():
                assert shown == pytest.approx(float(back(values.mean())))
                compared += 1
    assert compared >= OUTCOMES


def test_bias_is_estimate_against_truth(study):
    for row in study.bias:
        error = column(study, row.outcome, "estimate") - column(study, row.outcome, "true")
        if np.isfinite(error).all():
            assert row.raw == pytest.approx(
                math.exp(error.mean()) if row.measure == "rate_ratio" else error.mean()
            )


def test_people_are_counted(study, replicates):
    assert study.cases == np.mean([r.enrolled for r in replicates]) == 60
    assert study.cases_matched == np.mean([r.evaluation.cases for r in replicates])
    assert study.controls == np.mean([r.evaluation.controls for r in replicates])
    assert study.support["cases_unmatched"] + study.cases_matched <= study.cases
    limits = SCENARIO.evaluation.controls_per_case
    assert study.cases_matched <= study.controls <= limits * study.cases_matched


def test_published_values_are_those_of_the_targets(study):
    targets = {t.outcome: t for t in load_targets(OBSERVED) if t.measure in ("rate_ratio", "difference_gbp")}
    shown = {row.outcome: row for row in study.outcomes if row.published}
    headlines = {"emergency_admissions", "elective_admissions", "outpatient_attendances", "hospital_cost"}
    assert set(shown) == headlines
    for outcome, row in shown.items():
        assert row.observed == targets[outcome].observed
        assert (row.observed_high - row.observed) / 1.6448536 == pytest.approx(targets[outcome].se, rel=1e-6)


def test_nothing_is_published_for_a_scenario_without_a_row_set(replicates):
    result = summarise(small_scenario(pool_ratio=3.0), 1, replicates)
    assert [row.outcome for row in result.outcomes if row.published or row.inside is not None] == []


# ---- what is missing ----


def without_number(replicate, outcome):
    """Return the replicate in which one outcome has no estimate."""
    effects = tuple(
        dataclasses.replace(e, estimate=math.nan, se=math.nan) if e.outcome == outcome else e
        for e in replicate.evaluation.effects
    )
    return dataclasses.replace(replicate, evaluation=dataclasses.replace(replicate.evaluation, effects=effects))


def test_a_replicate_without_a_number_is_left_out_and_told(replicates):
    outcome = "emergency_admissions"
    result = summarise(SCENARIO, 1, [without_number(replicates[0], outcome), replicates[1]])
    row = next(row for row in result.outcomes if row.outcome == outcome)
    assert row.estimated == pytest.approx(next(e for e in replicates[1].evaluation.effects).ratio)
    assert "emergency admissions: 1 of 2 replicates gave no number" in result.warnings
    sound = summarise(SCENARIO, 1, replicates)
    assert as_object(result, OBSERVED)["outcomes"][1:] == as_object(sound, OBSERVED)["outcomes"][1:]


def test_an_outcome_without_any_number_is_null_and_has_no_bias(replicates):
    outcome = "emergency_admissions"
    result = summarise(SCENARIO, 1, [without_number(r, outcome) for r in replicates])
    shown = json.loads(as_text(result))
    row = next(row for row in shown["outcomes"] if row["outcome"] == outcome)
    assert (row["estimated"], row["estimated_low"], row["inside"]) == (None, None, None)
    assert row["observed"] == 1.09
    assert outcome not in {row["outcome"] for row in shown["bias"]}


def test_a_replicate_that_could_not_be_evaluated_is_named_and_counted_out(replicates):
    failed = Replicate(1, 0, None, (), "nobody was enrolled")
    result = summarise(SCENARIO, 1, [replicates[0], failed])
    assert "replicate 1: nobody was enrolled" in result.warnings
    assert {row["replicate"] for row in result.replicate_rows} == {0}
    assert result.cases == replicates[0].enrolled


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        pytest.param(small_scenario(pool_ratio=0.0), "control", id="no practice outside the pilots"),
        pytest.param(small_scenario(quota=0), "case", id="nobody enrolled"),
        pytest.param(
            small_scenario(evaluation=EvaluationPart(caliper=1e-9)), "caliper", id="a caliper nobody comes within"
        ),
    ],
)
def test_a_study_in_which_nobody_can_be_matched_says_why(scenario, reason):
    with pytest.raises(StudyError, match=f"no replicate could be evaluated: .*{reason}"):
        run_study(scenario, replicates=1, seed=1)


# ---- the same, whoever computes it ----


def test_a_replicate_is_the_same_alone_and_in_another_order(study, replicates):
    swapped = [one_replicate(SCENARIO, 1, number) for number in (1, 0)][::-1]
    texts = {as_text(summarise(SCENARIO, 1, some, drawn=True)) for some in (swapped, replicates)}
    assert texts == {as_text(study)}


def test_a_replicate_has_the_draw_of_its_number(replicates):
    """Its draw in force by hand, it is the same; held at the tables' values it is another."""
    by_hand = run_replicate(drawn_scenario(SCENARIO, 1, 1), 1, 1)
    assert unit.as_text(by_hand) == unit.as_text(replicates[1])
    plain = run_study(SCENARIO, replicates=1, seed=1, drawn=False)
    assert not plain.drawn
    assert repr(one_replicate(SCENARIO, 1, 0, drawn=False)) != repr(replicates[0])


def test_a_replicate_is_kept_whole_but_for_its_pairs(replicates):
    by_hand = run_replicate(drawn_scenario(SCENARIO, 1, 0), 1, 0)
    for ours, theirs in ((by_hand, replicates[0]), (by_hand.evaluation, replicates[0].evaluation)):
        for field in dataclasses.fields(ours):
            if field.name not in ("pairs", "evaluation"):
                assert repr(getattr(theirs, field.name)).replace("np.float64", "") == repr(
                    getattr(ours, field.name)
                ).replace("np.float64", "")
    nothing = Replicate(3, 4, None, (), "no controls")
    assert from_text(unit.as_text(nothing)) == nothing


def test_a_replicate_that_fails_is_left_out_and_told(monkeypatch, replicates):
    def poisoned(scenario, seed, number):
        if number == 1:
            raise ZeroDivisionError("one")
        return replicates[number]

    monkeypatch.setattr("icpsim.questions.run.replicate.run_replicate", poisoned)
    found = run_study(SCENARIO, replicates=2, seed=1)
    assert found.replicates == 1
    assert "left out: replicate 1, seed 1" in found.warnings[0]
    assert "ZeroDivisionError: one" in found.warnings[0]
    monkeypatch.setattr("icpsim.questions.run.replicate.run_replicate", lambda *_: poisoned(None, None, 1))
    with pytest.raises(StudyError, match=r"no replicate could be simulated: replicate 0.*ZeroDivisionError"):
        run_study(SCENARIO, replicates=2, seed=1)


def test_replicates_differ_from_each_other(study):
    for row in estimated(study):
        estimates = column(study, row.outcome, "estimate")
        assert estimates[0] != estimates[1], row.outcome


def test_another_seed_is_another_study(study):
    other = run_study(SCENARIO, replicates=1, seed=2)
    first = [row for row in study.replicate_rows if row["replicate"] == 0]
    same = [
        a["outcome"] for a, b in zip(first, other.replicate_rows, strict=True) if a["estimate"] == b["estimate"]
    ]
    assert same == []


def test_the_scenarios_own_seed_and_number_are_used_unless_told(study):
    scenario = SCENARIO.model_copy(update={"run": SCENARIO.run.model_copy(update={"replicates": 2, "seed": 1})})
    assert as_text(run_study(scenario)) == as_text(study)


def test_progress_is_told_from_nought_to_all():
    told = []
    run_study(SCENARIO, replicates=1, seed=1, progress=lambda done, of, _: told.append((done, of)))
    assert told == [(0, 1), (1, 1)]


@pytest.mark.slow
def test_any_number_of_workers_gives_the_same_bytes():
    one, *others = (as_text(run_study(SCENARIO, replicates=5, seed=1, workers=n)) for n in (1, 2, 4))
    assert [text == one for text in others] == [True, True]

"""Observational and naive designs: what each compares, held to statsmodels and to known effects."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from icpsim.evaluation.designs import DESIGNS, DesignOptions
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.evaluate import evaluate, matched_rows
from icpsim.evaluation.outcomes import OUTCOMES, outcome_windows
from icpsim.evaluation.practice_level_did import practice_effects
from icpsim.evaluation.types import EvaluationDesign
from icpsim.records.schema import NEVER, Method
from icpsim.records.tables import ordered, study_of

from .synthetic import PRICES, make_records

OPTIONS = DesignOptions(programme_start=130, programme_weeks=16, screen_share=1.0)
TOLERANCE = 1e-8
MATCHED = ("matched_did", "matched_did_one_to_one", "matched_did_same_area", "post_only_cohort")
NAIVE = ("before_after", "unmatched_did")


@pytest.fixture(scope="module")
def records():
    return make_records(np.random.default_rng(11), n_outside=8000, n_cases=150)


def estimates(records, name, options=OPTIONS):
    return {(row.outcome, row.variant): row for row in DESIGNS[name].estimate(records, options, PRICES)}


def emergencies(records, person, week, window=26):
    """Return how often this person was admitted in an emergency before and from the week on."""
    own = records.spells[(records.spells["person"] == person) & (records.spells["method"] == Method.EMERGENCY)]
    lag = own["admitted"].astype(int) - week
    return np.count_nonzero((lag >= -window) & (lag < 0)), np.count_nonzero((lag >= 0) & (lag < window))


def test_names_are_apart_and_naive_designs_are_labelled():
    assert len(DESIGNS) == 11
    assert all(isinstance(design.title, str) for design in DESIGNS.values())
    assert {name for name, design in DESIGNS.items() if design.naive} == set(NAIVE)
    assert {DESIGNS[name].estimand for name in (*MATCHED, *NAIVE)} == {"cases"}
    assert {DESIGNS[name].estimand for name in ("practice_panel", "synthetic_control")} == {"everyone eligible"}


def test_matched_did_is_the_evaluation(records):
    found = estimates(records, "matched_did")
    whole = evaluate(records, EvaluationDesign(screen_share=1.0), PRICES)
    assert set(found) == {(outcome, variant) for outcome in OUTCOMES for variant in ("raw", "bias-corrected")}
    for effect in whole.effects:
        raw, corrected = (found[effect.outcome, variant] for variant in ("raw", "bias-corrected"))
        assert (raw.estimate, raw.se) == pytest.approx((effect.estimate, effect.se), abs=0, nan_ok=True)
        assert (corrected.estimate, corrected.se) == pytest.approx(
            (effect.corrected, effect.corrected_se), abs=0, nan_ok=True
        )
        assert (raw.cases, raw.controls, raw.measure) == (whole.cases, whole.controls, effect.measure)


def test_one_to_one_has_one_control_a_case(records):
    row = estimates(records, "matched_did_one_to_one")["emergency_admissions", "raw"]
    assert row.controls == row.cases
    five = estimates(records, "matched_did")["emergency_admissions", "raw"]
    assert five.controls > 4 * five.cases


def test_controls_of_the_same_area_are_the_pilots_own_and_never_enrolled(records):
    design = EvaluationDesign(controls_from="same_area", screen_share=1.0)
    rows, _ = matched_rows(records, design, PRICES)
    controls = rows.person[~rows.treated]
    assert (records.practices["site"][records.registrations["practice"][controls]] != -1).all()
    assert not np.isin(controls, records.enrolments["person"]).any()
    row = estimates(records, "matched_did_same_area")["emergency_admissions", "raw"]
    assert row.estimate == evaluate(records, design, PRICES).effect("emergency_admissions").estimate


def test_nobody_left_in_the_area_says_so(records):
    pilots = np.flatnonzero(records.practices["site"][records.registrations["practice"]] != -1)
    gone = dataclasses.replace(records, registrations=records.registrations.copy())
    unenrolled = np.setdiff1d(pilots, records.enrolments["person"])
    gone.registrations["birth_week"][unenrolled] = 100
    with pytest.raises(EvaluationError, match="at their practices unenrolled"):
        DESIGNS["matched_did_same_area"].estimate(gone, OPTIONS, PRICES)


def test_another_source_of_controls_is_refused():
    with pytest.raises(ValueError, match="elsewhere or same_area"):
        EvaluationDesign(controls_from="next door")


@pytest.mark.filterwarnings("ignore:cov_type not fully supported with var_weights")
def test_post_only_is_a_poisson_model_of_matched_people_afterwards(records):
    rows, _ = matched_rows(records, EvaluationDesign(screen_share=1.0), PRICES)
    after = [emergencies(records, p, int(w))[1] for p, w in zip(rows.person, rows.index_week, strict=True)]
    x = np.column_stack([np.ones(rows.person.size), rows.treated])
    fit = sm.GLM(after, x, family=sm.families.Poisson(), var_weights=rows.weight).fit(
        tol=1e-14, cov_type="cluster", cov_kwds={"groups": pd.factorize(rows.person)[0]}
    )
    found = estimates(records, "post_only_cohort")["emergency_admissions", ""]
    assert found.estimate == pytest.approx(fit.params[1], abs=TOLERANCE)
    assert found.se == pytest.approx(fit.bse[1], abs=TOLERANCE)


def test_before_after_is_a_poisson_model_of_the_cases_alone(records):
    enrolled = records.enrolments
    counts = [emergencies(records, p, int(w)) for p, w in zip(enrolled["person"], enrolled["week"], strict=True)]
    before, after = np.array(counts, float).T
    n = enrolled.size
    x = np.column_stack([np.ones(2 * n), np.repeat([0.0, 1.0], n)])
    fit = sm.GLM(np.concatenate([before, after]), x, family=sm.families.Poisson()).fit(
        tol=1e-14, cov_type="cluster", cov_kwds={"groups": np.tile(np.arange(n), 2)}
    )
    found = estimates(records, "before_after")["emergency_admissions", ""]
    assert (found.cases, found.controls) == (n, 0)
    assert found.estimate == pytest.approx(fit.params[1], abs=TOLERANCE)
    assert found.se == pytest.approx(fit.bse[1], abs=TOLERANCE)


@pytest.mark.filterwarnings("ignore:cov_type not fully supported with var_weights")
def test_unmatched_did_is_a_poisson_model_of_everyone_in_every_wave():
    """One row a person, wave and window in statsmodels; error to 1e-3, as the factors for the number of rows."""
    records = make_records(np.random.default_rng(12), n_pilot=600, n_outside=800, n_cases=60)
    people, practices = records.registrations, records.practices["site"]
    died = np.full(people.size, NEVER)
    died[records.deaths["person"]] = records.deaths["week"]
    outside = practices[people["practice"]] == -1
    rows = [(p, w, 1, 1.0) for p, w in zip(records.enrolments["person"], records.enrolments["week"], strict=True)]
    for week in np.unique(records.enrolments["week"]):
        old = week - people["birth_week"] >= 50 * 52.18
        there = np.flatnonzero(outside & old & (people["to_week"] > week) & (died >= week))
        share = np.count_nonzero(records.enrolments["week"] == week) / there.size
        rows += [(p, week, 0, share) for p in there]
    person, _, treated, weight = np.array(rows, float).T
    counts = np.array([emergencies(records, int(p), int(w)) for p, w, *_ in rows], float)
    late = np.repeat([0.0, 1.0], len(rows))
    twice = np.tile(treated, 2)
    x = np.column_stack([np.ones(twice.size), twice, late, twice * late])
    fit = sm.GLM(counts.T.ravel(), x, family=sm.families.Poisson(), var_weights=np.tile(weight, 2)).fit(
        tol=1e-14, cov_type="cluster", cov_kwds={"groups": pd.factorize(np.tile(person, 2))[0]}
    )
    found = estimates(records, "unmatched_did")["emergency_admissions", ""]
    assert found.estimate == pytest.approx(fit.params[3], abs=TOLERANCE)
    assert found.se == pytest.approx(fit.bse[3], rel=1e-3)
    assert found.controls == np.unique(person[treated == 0]).size


def test_a_share_of_those_without_records_stands_for_all_of_them(records):
    """Half a standard error at most: the share is fixed by a hash, so this either holds or does not."""
    whole = estimates(records, "unmatched_did")
    part = estimates(records, "unmatched_did", dataclasses.replace(OPTIONS, screen_share=0.3))
    for key, row in whole.items():
        if np.isfinite(row.estimate):
            assert abs(part[key].estimate - row.estimate) < 0.5 * row.se, key
            assert part[key].controls < row.controls


def test_the_practice_panel_is_that_of_the_evaluation(records):
    found = estimates(records, "practice_panel")
    own = practice_effects(records, 50, OPTIONS.before, OPTIONS.after, np.array([0, 1]))
    for outcome, effect in own.items():
        row = found[outcome, ""]
        assert (row.estimate, row.se, row.df) == (effect.estimate, effect.se["practice"], 3.0)
        assert row.interval[1] - row.estimate == pytest.approx(3.182446305 * row.se, rel=1e-6)


@pytest.mark.parametrize("name", sorted(name for name, design in DESIGNS.items() if design.trial == "none"))
def test_records_that_end_too_early_say_so(records, name):
    with pytest.raises(EvaluationError):
        DESIGNS[name].estimate(records, DesignOptions(130, 16, window_weeks=100), PRICES)


def test_one_pilot_practice_is_too_few_for_a_panel(records):
    one = dataclasses.replace(records, practices=records.practices.copy())
    one.practices["site"] = np.where(np.arange(30) == 0, 0, -1)
    with pytest.raises(EvaluationError, match="two practices inside"):
        DESIGNS["practice_panel"].estimate(one, OPTIONS, PRICES)


@pytest.mark.parametrize("effect", [1.0, 0.6])
def test_matched_designs_find_a_known_effect(effect):
    """Each of seven estimates within 4.5 errors: false alarm 7e-6 each. Log 0.6 is four errors from 0.

    One in ten of the pilots' people is enrolled, by chance among those with use, so the area has others like them.
    """
    records = make_records(np.random.default_rng(21), n_pilot=12_000, n_cases=1200, emergency_effect=effect)
    for name in MATCHED:
        for (outcome, variant), row in estimates(records, name).items():
            if outcome == "emergency_admissions":
                assert abs(row.estimate - np.log(effect)) < 4.5 * row.se, (name, variant)
                assert row.se < 0.125


@pytest.mark.parametrize("name", sorted(name for name, design in DESIGNS.items() if design.trial == "none"))
def test_a_time_before_that_is_named_and_as_long_changes_nothing(records, name):
    found, named = (
        estimates(records, name, dataclasses.replace(OPTIONS, before_weeks=weeks)) for weeks in (None, 26)
    )
    assert set(found) == set(named)
    for key, row in found.items():
        assert (row.estimate, row.se) == pytest.approx((named[key].estimate, named[key].se), abs=0, nan_ok=True)


def test_a_shorter_time_before_is_put_at_its_rate_over_the_window(records):
    """13 weeks before against 26 after: twice what was used in the 13, and the same afterwards."""
    enrolled = records.enrolments[np.argsort(records.enrolments["person"])]
    people = study_of(ordered(records, np.ones(records.registrations.size, np.bool_)), enrolled["person"])
    index = enrolled["week"].astype(np.int16)
    short, even = outcome_windows(people, index, 26, PRICES, 13), outcome_windows(people, index, 26, PRICES)
    before = outcome_windows(people, index, 13, PRICES)
    for outcome in OUTCOMES:
        assert short[outcome][:, 0] == pytest.approx(2.0 * before[outcome][:, 0])
        assert (short[outcome][:, 1:] == even[outcome][:, 1:]).all()
    assert short["hospital_cost"][:, 0].any()


@pytest.mark.filterwarnings("ignore:cov_type not fully supported with var_weights")
def test_a_shorter_time_before_is_an_offset_in_statsmodels(records):
    """Before and after of the cases alone, 13 weeks against 26: the model with log time as its offset."""
    options = dataclasses.replace(OPTIONS, before_weeks=13)
    found = estimates(records, "before_after", options)["emergency_admissions", ""]
    enrolled = records.enrolments
    before = [
        emergencies(records, p, int(w), 13)[0] for p, w in zip(enrolled["person"], enrolled["week"], strict=True)
    ]
    after = [
        emergencies(records, p, int(w), 26)[1] for p, w in zip(enrolled["person"], enrolled["week"], strict=True)
    ]
    n = enrolled.size
    x = np.column_stack([np.ones(2 * n), np.repeat([0.0, 1.0], n)])
    weeks = np.repeat([13.0, 26.0], n)
    fit = sm.GLM([*before, *after], x, family=sm.families.Poisson(), exposure=weeks).fit(
        tol=1e-14, cov_type="cluster", cov_kwds={"groups": np.tile(np.arange(n), 2)}
    )
    assert found.estimate == pytest.approx(fit.params[1], abs=TOLERANCE)
    assert found.se == pytest.approx(fit.bse[1], abs=TOLERANCE)

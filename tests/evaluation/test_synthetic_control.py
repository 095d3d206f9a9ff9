"""A synthetic control's weights are optimal; a known fall is found, and no other."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize

from icpsim.evaluation.designs import DesignOptions
from icpsim.evaluation.designs.synthetic_control import AS_IT_IS, LESS_GAP, SyntheticControl
from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.practice_rates import emergency_rates
from icpsim.evaluation.synthetic_weights import simplex_weights, synthetic_gap
from icpsim.records.schema import (
    AE,
    DEATH,
    NEVER,
    OUTPATIENT,
    PRACTICE,
    REGISTRATION,
    SPELL,
    HospitalRecords,
)

from .synthetic import PRICES

OPTIONS = DesignOptions(programme_start=104, programme_weeks=26, window_weeks=26)
WEEKS, PRACTICES, PILOTS = 156, 60, 6


def areas(seed, effect, pilots=PILOTS):
    """Make the first practices pilots; emergency admissions at them fall to ``effect`` from week 104 on."""
    rng = np.random.default_rng(seed)
    people = np.zeros(30_000, REGISTRATION)
    people["practice"] = rng.integers(0, PRACTICES, people.size)
    people["birth_week"] = -70 * 52
    people["to_week"] = NEVER
    practices = np.zeros(PRACTICES, PRACTICE)
    practices["site"] = np.where(np.arange(PRACTICES) < pilots, 0, -1)
    rate = 0.02 * np.exp(rng.normal(0.0, 0.1, PRACTICES))[people["practice"]]
    who = np.repeat(np.arange(people.size), rng.poisson(rate * WEEKS))
    spells = np.zeros(who.size, SPELL)
    spells["person"], spells["admitted"] = who, rng.integers(0, WEEKS, who.size)
    fell = (spells["admitted"] >= 104) & (people["practice"][who] < pilots)
    spells = spells[~fell | (rng.random(who.size) < effect)]
    nothing = [np.zeros(0, kind) for kind in (OUTPATIENT, AE, DEATH)]
    return HospitalRecords(WEEKS, people, practices, spells, *nothing)


def by_variant(records):
    return {row.variant: row for row in SyntheticControl().estimate(records, OPTIONS, PRICES)}


series = arrays(np.float64, (8, 6), elements=st.floats(0.5, 2.0))


@given(series)
def test_weights_are_the_best_on_the_simplex(rates):
    """No convex combination does better: at the optimum the slope towards every donor is not downwards."""
    target, donors = rates[:, 0], rates[:, 1:]
    weights = simplex_weights(donors, target)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)
    residual = donors @ weights - target
    slope = donors.T @ residual
    assert (slope - weights @ slope >= -1e-9).all()


def test_weights_are_those_of_a_general_optimiser():
    """Weights to 1e-4 as SLSQP's, whose own tolerance that is; ours fit at least as well."""
    rng = np.random.default_rng(1)
    donors = rng.uniform(0.5, 2.0, (12, 5))
    target = donors @ np.array([0.5, 0.3, 0.2, 0.0, 0.0]) + rng.normal(0, 0.05, 12)
    ours = simplex_weights(donors, target)

    def misfit(w):
        return float(np.sum((donors @ w - target) ** 2))

    theirs = minimize(
        misfit,
        np.full(5, 0.2),
        method="SLSQP",
        bounds=[(0, 1)] * 5,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    assert ours == pytest.approx(theirs.x, abs=1e-4)
    assert misfit(ours) <= misfit(theirs.x) + 1e-12


def test_a_convex_combination_is_found_again_and_its_effect():
    rng = np.random.default_rng(2)
    donors = rng.uniform(0.5, 2.0, (20, 4))
    weights = np.array([0.1, 0.6, 0.0, 0.3])
    target = donors @ weights
    target[12:] *= 0.8
    gap = synthetic_gap(target, donors, 12)
    assert gap.weights == pytest.approx(weights, abs=1e-9)
    assert gap.after == pytest.approx(np.log(0.8), abs=1e-9)
    assert gap.before == pytest.approx(0.0, abs=1e-9)
    assert gap.misfit == pytest.approx(0.0, abs=1e-9)


def test_rates_are_events_over_people_of_the_age():
    records = areas(5, 1.0)
    records.registrations["birth_week"][::3] = -30 * 52
    records.registrations["stands_for"][::5] = 4
    rates = emergency_rates(records, 50, (0, 4, 8, 12))
    own = np.flatnonzero((records.registrations["practice"] == 7) & (records.registrations["birth_week"] < -3000))
    weight = np.maximum(records.registrations["stands_for"], 1)
    assert rates.people[7].tolist() == [weight[own].sum()] * 3
    for period in range(3):
        spells = records.spells[records.spells["admitted"] // 4 == period]
        assert rates.events[7, period] == sum(weight[p] for p in spells["person"] if p in set(own))


def test_a_known_fall_of_the_area_is_found():
    """A fall of 30% against an error of some 4%: within 4.5 errors (t with about 8 degrees: false alarm 0.2%)."""
    for variant, row in by_variant(areas(3, 0.7)).items():
        assert abs(row.estimate - np.log(0.7)) < 4.5 * row.se, variant
        assert row.se < 0.1
        assert row.p_value < 0.01
        assert (row.cases, row.measure) == (
            np.count_nonzero(areas(3, 0.7).registrations["practice"] < PILOTS),
            "rate_ratio",
        )


@pytest.mark.slow
def test_where_nothing_was_done_nothing_is_found():
    """Of 60 worlds at most some 10% have p <= 0.1: 17 or more with probability 1e-4; errors are not too small."""
    rows = [by_variant(areas(100 + seed, 1.0)) for seed in range(60)]
    for variant in (AS_IT_IS, LESS_GAP):
        p = np.array([row[variant].p_value for row in rows])
        assert np.count_nonzero(p <= 0.1) < 17
        assert p.mean() > 0.3
        estimates = np.array([row[variant].estimate for row in rows])
        # The mean of 60 is within 4.5 of its errors: false alarm 3 in 100,000.
        assert abs(estimates.mean()) < 4.5 * estimates.std(ddof=1) / np.sqrt(60)
        within = [row[variant].interval[0] <= 0 <= row[variant].interval[1] for row in rows]
        assert np.mean(within) > 0.8


@pytest.mark.slow
def test_a_large_part_of_the_country_is_no_more_often_called_different():
    """Placebo areas as populous as a quarter of all practices overlap: of 200 worlds at most 22 have p < 0.05.

    A sound test has more with probability 1e-4. Ranks among these areas had 30.
    """
    for variant in (AS_IT_IS, LESS_GAP):
        p = [by_variant(areas(1000 + seed, 1.0, 15))[variant].p_value for seed in range(200)]
        assert np.count_nonzero(np.array(p) < 0.05) <= 22


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dataclasses.replace(OPTIONS, window_weeks=60), "do not cover"),
        (DesignOptions(programme_start=8, programme_weeks=26, window_weeks=4), "3 periods of 4 weeks"),
        (dataclasses.replace(OPTIONS, window_weeks=3), "and one after"),
    ],
)
def test_records_that_cannot_tell_say_so(options, message):
    with pytest.raises(EvaluationError, match=message):
        SyntheticControl().estimate(areas(3, 1.0), options, PRICES)


def test_nobody_admitted_says_so():
    records = areas(3, 1.0)
    at = records.registrations["practice"][records.spells["person"]]
    calm = dataclasses.replace(records, spells=records.spells[at != 7])
    SyntheticControl().estimate(calm, OPTIONS, PRICES)
    quiet = dataclasses.replace(records, spells=records.spells[at >= PILOTS])
    with pytest.raises(EvaluationError, match="emergency admission before and after"):
        SyntheticControl().estimate(quiet, OPTIONS, PRICES)


def test_too_few_practices_say_so():
    records = areas(3, 1.0)
    records.practices["site"] = 0
    with pytest.raises(EvaluationError, match="4 practices outside"):
        SyntheticControl().estimate(records, OPTIONS, PRICES)

from dataclasses import replace

import numpy as np

from icpsim.evaluation.cohort import assemble, pool_at
from icpsim.evaluation.features import features
from icpsim.evaluation.outcomes import MatchedRows, month_edges, outcome_windows, time_at_risk
from icpsim.evaluation.types import EvaluationDesign
from icpsim.records.schema import NEVER
from icpsim.records.tables import ordered, study_of

from .synthetic import PRICES, make_records


def test_time_at_risk_ends_in_the_middle_of_the_week_of_death():
    """Deaths in weeks 110, 126 and never, index week 100, 26 weeks: 10.5, 26 (after the window) and 26."""
    n = 3
    rows = MatchedRows(
        person=np.arange(n, dtype=np.int32),
        index_week=np.full(n, 100, np.int16),
        treated=np.array([True, False, False]),
        set=np.zeros(n, np.int32),
        site=np.zeros(n, np.int16),
        weight=np.ones(n),
    )
    weeks, died = time_at_risk(np.array([110, 126, NEVER], np.int16), rows, 26)
    assert weeks.tolist() == [10.5, 26.0, 26.0]
    assert died.tolist() == [True, False, False]


def test_months_part_any_window():
    assert month_edges(26) == (0, 4, 9, 13, 17, 22, 26)
    assert month_edges(52)[-1] == 52


def test_the_dead_and_the_moved_away_are_not_in_the_pool():
    """Each rule by itself: a death that left the registration open, and a registration that ended."""
    records = make_records(np.random.default_rng(3), n_pilot=300, n_outside=2000, n_cases=20)
    open_ended = records.registrations.copy()
    open_ended["to_week"] = NEVER
    moved = np.arange(300, 2300, 7)
    open_ended["to_week"][moved] = 140
    records = replace(records, registrations=open_ended)
    design = EvaluationDesign(screen_share=1.0)
    pool = pool_at(assemble(records, design), design, 150)
    dead = records.deaths["person"][records.deaths["week"] < 150]
    outside = np.arange(300, 2300)
    expected = np.setdiff1d(outside, np.concatenate([dead, moved]))
    np.testing.assert_array_equal(pool.persons, expected)


def test_sums_of_costs_do_not_depend_on_the_order_of_rows():
    """With prices that are not binary fractions, plain sums would differ in the last bit for some people."""
    records = make_records(np.random.default_rng(31), n_pilot=2000, n_outside=8000, n_cases=50)
    rng = np.random.default_rng(5)
    shuffled = replace(
        records, **{name: rng.permutation(getattr(records, name)) for name in ("spells", "outpatient")}
    )
    prices = replace(PRICES, emergency=1500.37, outpatient_first=150.01, outpatient_follow_up=80.07)
    everyone, week = np.arange(10_000), np.full(10_000, 130, np.int16)
    costs, described = [], []
    for study in (records, shuffled):
        followed = study_of(ordered(study, np.ones(10_000, bool)), everyone)
        costs.append(outcome_windows(followed, week, 52, prices)["hospital_cost"])
        described.append(features(study, everyone, 130, prices).values)
    np.testing.assert_array_equal(*costs)
    np.testing.assert_array_equal(*described)

"""Hidden traits of cases and controls at their index week, against what teams see at that week."""

import numpy as np
import pytest

from icpsim.evaluation.evaluate import matched_rows
from icpsim.evaluation.outcomes import MatchedRows
from icpsim.evaluation.types import design_of
from icpsim.model.shared_past import History
from icpsim.questions.hidden_confounder.hidden import TRAITS, carried, measured, traits_at_index
from tests.small_world import small_scenario


@pytest.fixture(scope="module")
def past():
    return History(small_scenario(pool_ratio=4.0, quota=90), 3, 0)


@pytest.fixture(scope="module")
def model(past):
    model = past.branch(past.scenario)
    model.run()
    return model


def test_cases_are_seen_as_their_teams_saw_them(model, past):
    """Flare and last year of life at the index week are those in sight when the team chose; nobody differs."""
    rows, study = matched_rows(model.records(), design_of(model.icp_scenario), model.parameters.prices, past.pool)
    found = traits_at_index(model, rows, study)
    for name, seen in (("flare", "in_flare"), ("last_year", "last_year")):
        for person, week, has in zip(
            rows.person[rows.treated], rows.index_week[rows.treated], found[name][rows.treated], strict=True
        ):
            assert bool(getattr(model.untouched.sights[int(week)], seen)[person]) == bool(has)
    assert 0 < found["flare"][~rows.treated].mean() < 1


def test_what_is_measured(model, past):
    found = measured(model, past)
    assert 0.05 < found["frail_controls"] < 0.4
    for name in TRAITS:
        assert 0.0 <= found[f"{name}_controls"] <= 1.0
        assert 0.0 <= found[f"{name}_cases"] <= 1.0
    assert found["bias"] == pytest.approx(found["estimate"] - found["true"])


def test_the_rate_ratio_carried_is_beyond_what_records_expect():
    """Twice as many events as others, half of it expected: the trait carries 4 thirds; cases do not count."""
    n = 30
    has = np.arange(n) % 3 == 0
    rows = MatchedRows(
        np.arange(n, dtype=np.int32),
        np.zeros(n, np.int16),
        np.arange(n) >= 24,
        np.zeros(n, np.int32),
        np.zeros(n, np.int16),
        np.ones(n),
    )
    after = np.where(has, 2.0, 1.0)
    after[24:] = 99.0
    assert carried(has, after, np.where(has, 1.5, 1.0), rows) == pytest.approx(2 / 1.5)

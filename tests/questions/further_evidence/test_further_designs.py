"""Designs that could have told: GP records in the match, late enrollees as controls; and worlds they need."""

import numpy as np
import pytest

from icpsim.evaluation.errors import EvaluationError
from icpsim.evaluation.evaluate import matched_rows
from icpsim.evaluation.gp_records import learn_gp_match
from icpsim.evaluation.late_enrolled import CONTROLS, late_enrolled_rows
from icpsim.evaluation.pool_cache import PoolMemory
from icpsim.evaluation.types import design_of
from icpsim.model.shared_past import History
from tests.small_world import column_bytes, differing, small_scenario


@pytest.fixture(scope="module")
def scenario():
    return small_scenario(pool_ratio=4.0, quota=90)


@pytest.fixture(scope="module")
def past(scenario):
    return History(scenario, 3, 0, everyones_gp_records=True)


@pytest.fixture(scope="module")
def model(past, scenario):
    model = past.branch(scenario)
    model.run()
    return model


@pytest.fixture(scope="module")
def published(model, past):
    return matched_rows(model.records(), design_of(model.icp_scenario), model.parameters.prices, past.pool)


def test_reading_everyones_gp_records_changes_no_life_and_no_case(model, scenario):
    alone = History(scenario, 3, 0).branch(scenario)
    alone.run()
    assert differing(alone.records(), model.records()) == []
    assert column_bytes(alone.records().enrolments) == column_bytes(model.records().enrolments)
    ours, theirs = model.gp_records().contacts, alone.gp_records().contacts
    pilots = len(alone.pilot_people)
    assert (theirs["person"] < pilots).all()
    assert np.array_equal(ours[ours["person"] < pilots], theirs)
    assert (ours["person"] >= pilots).mean() > 0.3


def test_gp_records_change_the_match_and_follow_contacts(model, past, published):
    """People with more recent contacts than others of the same hospital score are matched to such people."""
    rows, _ = published
    design, prices = design_of(model.icp_scenario), model.parameters.prices
    gp = model.gp_records()
    ours, _ = matched_rows(model.records(), design, prices, past.pool, gp)
    assert not np.array_equal(ours.person, rows.person)
    gaps = []
    for some in (rows, ours):
        recent = contacts_before(gp, some)
        controls = ~some.treated
        gaps.append(abs(recent[some.treated].mean() - np.average(recent[controls], weights=some.weight[controls])))
    assert gaps[1] < gaps[0] + 0.1


def contacts_before(gp, rows, weeks=12):
    found = np.zeros(len(rows.person))
    by_person = {int(p): k for k, p in enumerate(rows.person)}
    for person, week in zip(gp.contacts["person"].tolist(), gp.contacts["week"].tolist(), strict=True):
        k = by_person.get(person)
        if k is not None and 0 < rows.index_week[k] - week <= weeks:
            found[k] += 1
    return found


def test_without_contacts_the_gp_score_is_the_hospital_score_in_another_unit(model, past):
    """Columns that never vary can carry nothing: the order of people is that of the published score."""
    from dataclasses import replace

    from icpsim.evaluation.cohort import assemble, pool_at
    from icpsim.records.tables import ordered

    records, design, prices = model.records(), design_of(model.icp_scenario), model.parameters.prices
    matched_rows(records, design, prices, past.pool)
    gp = model.gp_records()
    empty = replace(gp, contacts=gp.contacts[:0], registered_conditions=np.zeros_like(gp.registered_conditions))
    cohort = assemble(records, design)
    week = cohort.waves[0] - design.window_weeks
    source = ordered(records, np.ones(records.registrations.size, bool))
    found = learn_gp_match(source, pool_at(cohort, design, week), week, design, prices, past.pool.model, empty)
    assert found.slopes[0] > 0
    assert found.slopes[1:] == pytest.approx(0.0, abs=1e-12)


def test_late_enrollees_are_controls_before_they_are_cases(model, past, published):
    records, design, prices = model.records(), design_of(model.icp_scenario), model.parameters.prices
    short = type(design)(**{name: getattr(design, name) for name in ("min_age", "screen_share")}, window_weeks=8)
    rows, study = late_enrolled_rows(records, short, prices, past.pool.model)
    enrolled = dict(zip(records.enrolments["person"].tolist(), records.enrolments["week"].tolist(), strict=True))
    assert len(study.registrations) == len(rows.person)
    for person, week, treated in zip(
        rows.person.tolist(), rows.index_week.tolist(), rows.treated.tolist(), strict=True
    ):
        assert enrolled[person] == week if treated else enrolled[person] >= week + 8
    for one in np.unique(rows.set):
        mine = rows.set == one
        assert rows.treated[mine].sum() == 1
        assert 1 <= (~rows.treated[mine]).sum() <= CONTROLS
        assert rows.weight[mine & ~rows.treated].sum() == pytest.approx(1.0)


def test_late_enrollees_need_a_programme_longer_than_the_window(model, past, published):
    design, prices = design_of(model.icp_scenario), model.parameters.prices
    with pytest.raises(EvaluationError, match="nobody is enrolled 26 weeks after"):
        late_enrolled_rows(model.records(), design, prices, past.pool.model)


def test_the_published_evaluation_is_as_it_was(model, published):
    rows, _ = matched_rows(model.records(), design_of(model.icp_scenario), model.parameters.prices, PoolMemory())
    assert np.array_equal(rows.person, published[0].person)

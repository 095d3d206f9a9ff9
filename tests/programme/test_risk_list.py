"""A list kept up from look to look shows what features worked out afresh at each look would show, bit for bit."""

import dataclasses

import numpy as np
import pytest

from icpsim.evaluation.features import LOOK_BACK, features
from icpsim.evaluation.linear import weighted_sums
from icpsim.programme.risk_list import RiskList
from icpsim.programme.risk_tool import learn_tool, score, with_gp_records
from icpsim.records.schema import GPRecords

LOOKS = (104, 108, 120, 124, 131)
WHEN = {"spells": "admitted", "outpatient": "week", "ae": "week", "contacts": "week"}


def written_by(table, when, look):
    """Return rows in the order in which they might be written, by this look: odd people's only from the second."""
    stage = np.searchsorted(LOOKS, table[when], side="right")
    stage = np.where(table["person"] % 2 == 1, np.maximum(stage, 1), stage)
    rows = table[np.argsort(stage, kind="stable")]
    return rows[: np.count_nonzero(stage <= look)]


def as_written(records, gp, look):
    own = {name: written_by(getattr(records, name), WHEN[name], look) for name in ("spells", "outpatient", "ae")}
    contacts = written_by(gp.contacts, "week", look)
    return dataclasses.replace(records, **own), GPRecords(contacts, gp.registered_conditions)


@pytest.fixture(scope="module")
def seen(tiny):
    """Return what the list gave at each look, with the records it was given."""
    records, gp, prices = tiny.records(), tiny.region.gp_records(), tiny.parameters.prices
    rows = tiny.pilot_people[3:]
    tool = learn_tool(records, gp, rows, LOOKS[-1], prices)
    people = RiskList(records.registrations[: len(tiny.pilot_people)], prices)
    found = []
    for look, week in enumerate(LOOKS):
        shown = as_written(records, gp, look)
        people.look(*shown, week)
        found.append((week, shown, score(tool, people, rows)))
    return tool, rows, prices, found


@pytest.mark.parametrize("look", range(len(LOOKS)))
def test_scores_are_those_of_features_made_afresh(seen, look):
    tool, rows, prices, found = seen
    week, (records, gp), ours = found[look]
    fresh = features(records, rows, week, prices)
    raw = tool.hospital.raw()
    theirs = weighted_sums(fresh.values, tool.hospital.scaling.logged, raw.slopes) + raw.base
    assert np.array_equal(ours.hospital, theirs[:, 0])
    assert np.array_equal(ours.emergencies, fresh.emergencies(52))
    both = tool.both.linear_predictor(with_gp_records(fresh, rows, gp, week))
    assert np.allclose(ours.both, both, rtol=1e-12, atol=1e-12)


def test_events_move_through_all_windows(tiny):
    """Guards the test above: the looks are apart by more than a window, and events leave the last one."""
    spells = tiny.records().spells["admitted"]
    assert np.any(spells < LOOKS[-1] - LOOK_BACK)
    assert LOOKS[2] - LOOKS[1] > 4

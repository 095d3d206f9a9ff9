"""How strong list-wide effects are follows from how much of a list a programme reaches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpsim.care.list_wide_effects import list_wide_strength
from icpsim.data.tables import load_tables

WHOLE_AT = load_tables().value("mechanisms.spillover_full_share")
SHARES = st.lists(st.floats(0.0, 1.0), max_size=60)


def strength(worked_with, registered=2000, whole_at=WHOLE_AT):
    """Return the strength at one practice with these patients on the caseload."""
    worked_with = np.array(worked_with, np.float64)
    nobody_else = np.zeros(len(worked_with), np.int64)
    return float(list_wide_strength(worked_with, nobody_else, np.array([registered]), whole_at)[0])


@given(SHARES, st.integers(1, 20_000), st.floats(0.0, 1.0))
def test_strength_lies_between_nothing_and_the_whole(worked_with, registered, whole_at):
    assert 0.0 <= strength(worked_with, registered, whole_at) <= 1.0


@given(SHARES, st.floats(0.0, 1.0), st.integers(1, 20_000))
def test_one_more_patient_never_makes_it_weaker(worked_with, one_more, registered):
    assert strength([*worked_with, one_more], registered) >= strength(worked_with, registered)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60), st.floats(0.0, 1.0), st.integers(1, 20_000))
def test_less_work_with_each_patient_never_makes_it_stronger(worked_with, part, registered):
    less = [part * one for one in worked_with]
    assert strength(less, registered) <= strength(worked_with, registered)


@given(SHARES, st.integers(1, 20_000), st.integers(1, 20_000))
def test_the_same_caseload_moves_a_longer_list_less(worked_with, registered, more):
    assert strength(worked_with, registered + more) <= strength(worked_with, registered)


@given(st.integers(0, 60), st.floats(0.0, 1.0))
def test_nobody_worked_with_is_no_effect_at_all(patients, whole_at):
    assert strength([0.0] * patients, whole_at=whole_at) == 0.0


def test_it_is_in_proportion_up_to_the_share_at_which_it_is_whole():
    """Of 2,000 people, 0.4% are 8: two of them are a quarter, and ten are no more than eight."""
    patients = [1.0] * 10
    found = [strength(patients[:n], 2000, 0.004) for n in (0, 2, 4, 8, 10)]
    assert found == pytest.approx([0.0, 0.25, 0.5, 1.0, 1.0])
    assert strength([0.5] * 8, 2000, 0.004) == pytest.approx(0.5)


@given(SHARES, SHARES)
def test_a_practice_is_moved_by_its_own_patients_alone(here, there):
    registered = np.array([1500, 3000])
    practice = np.repeat([0, 1], [len(here), len(there)])
    found = list_wide_strength(np.array([*here, *there], np.float64), practice, registered, WHOLE_AT)
    assert found.tolist() == pytest.approx([strength(here, 1500), strength(there, 3000)])
